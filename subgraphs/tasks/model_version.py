"""What a model version was used for, and what that cost."""

from __future__ import annotations

from typing import Self
from uuid import UUID

import strawberry

from subgraphs.kernel.federation import requires_scopes
from subgraphs.kernel.global_id import decode, encode
from subgraphs.tasks.context import Info
from subgraphs.tasks.store import Usage
from subgraphs.tasks.values import TokenUsage

TOKENS_PER_PRICE = 1_000_000


@strawberry.type
class ModelUsage:
    """What a model version was used for. Units: milliseconds, 0..1."""

    requests: int
    tokens: TokenUsage
    p50_latency_ms: float | None = strawberry.field(name="p50LatencyMs")
    p99_latency_ms: float | None = strawberry.field(name="p99LatencyMs")
    error_rate: float | None


@strawberry.type
class ModelPricing:
    """Unit prices, known in the models subgraph."""

    input_per_m_tok_usd: float = strawberry.federation.field(name="inputPerMTokUsd", external=True)
    output_per_m_tok_usd: float = strawberry.federation.field(name="outputPerMTokUsd", external=True)


@strawberry.federation.type(keys=["id"])
class ModelVersion:
    """A model version, with what it was used for. Only tasks that the caller may see are counted."""

    id: strawberry.ID
    pricing: ModelPricing | None = strawberry.federation.field(external=True, default=None)

    @strawberry.federation.field(name="usageLast24h", directives=[requires_scopes("tasks:read")])
    async def usage_last_24h(self, info: Info, project_id: strawberry.ID) -> ModelUsage | None:
        usage = await self._usage(info, project_id)
        if usage is None:
            return None
        return ModelUsage(
            requests=usage.requests,
            tokens=TokenUsage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens),
            p50_latency_ms=usage.p50_latency_ms,
            p99_latency_ms=usage.p99_latency_ms,
            error_rate=usage.failures / usage.requests if usage.requests else None,
        )

    @strawberry.federation.field(
        name="costLast24hUsd",
        description="Token volumes are known here, unit prices in `models`: the reason this field federates.",
        requires=["pricing { inputPerMTokUsd outputPerMTokUsd }"],
        directives=[requires_scopes("tasks:read", "models:pricing")],
    )
    async def cost_last_24h_usd(self, info: Info, project_id: strawberry.ID) -> float | None:
        usage = await self._usage(info, project_id)
        if usage is None or self.pricing is None:
            return None
        spent = usage.input_tokens * self.pricing.input_per_m_tok_usd
        spent += usage.output_tokens * self.pricing.output_per_m_tok_usd
        return spent / TOKENS_PER_PRICE

    @classmethod
    def by_key(cls, id: UUID) -> Self:
        return cls(id=strawberry.ID(encode("ModelVersion", id)))

    async def _usage(self, info: Info, project_id: str) -> Usage | None:
        """Sum up the last day; None where the caller is no member of the project, or the id is of no model version."""
        model, project = decode("ModelVersion", self.id), decode("Project", project_id)
        if model is None or project is None or project not in info.context.caller.project_ids:
            return None
        return await info.context.loaders.usage.load((model, project))
