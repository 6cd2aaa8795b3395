"""What becomes of an operation that its caller may not have all of: cut, refused whole, or only told."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from router.errors import Unauthorized
from router.operation.model import Operation
from router.policies.authorize import Guards, Refusal, Verdict
from router.policies.grants import Grants
from router.request import GraphQLError, Identity, Json, RequestContext, Response
from router.settings.identity import Directives

MAX_LOGGED = 50
"""Refusals told in one entry of the log."""

log = logging.getLogger(__name__)


class Ruling(NamedTuple):
    """What runs, for whom, and what of it is null: `context` names the caller with the policies granted to him."""

    context: RequestContext
    verdict: Verdict
    refusals: Sequence[Refusal] = ()
    errors: Sequence[GraphQLError] = ()


class Authorization:
    """Rules on operations as the settings say."""

    def __init__(
        self,
        settings: Directives = Directives(),  # noqa: B008 (frozen)
        grants: Grants | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Units: chance gives [0, 1)."""
        self._settings = settings
        self._grants = grants or Grants()
        self._chance = chance

    async def rule(self, guards: Guards, variables: Mapping[str, Json], context: RequestContext) -> Ruling:
        """Decide what may run. Raises: Unauthorized, if all has to be refused."""
        if not self._settings.enabled or not guards.demanded:
            return Ruling(context, Verdict(guards.operation))
        policies = await self._grants.granted(guards.undecided(context.identity), context)
        verdict = guards.verdict(context.identity, policies)
        refusals = tuple(one for one in verdict.refusals if one.applies(variables))
        self._log(guards, refusals, context)
        errors = tuple(one.to_error(guards.operation.client_names) for one in refusals)
        context = _with_policies(context, policies)
        if self._settings.dry_run:
            return Ruling(context, Verdict(guards.operation), errors=errors)
        if refusals and self._settings.reject_unauthorized:
            raise Unauthorized(errors if self._settings.errors.response == "errors" else ())
        return Ruling(context, verdict, refusals, errors)

    def tell(self, ruling: Ruling, response: Response) -> Response:
        """Add to the answer what was refused, where clients are to read it."""
        where = self._settings.errors.response
        if not ruling.errors or where == "disabled":
            return response
        if where == "errors":
            return response._replace(errors=(*response.errors, *ruling.errors))
        told = [error.to_json() for error in ruling.errors]
        return response._replace(extensions={**response.extensions, "authorizationErrors": told})

    def _log(self, guards: Guards, refusals: Sequence[Refusal], context: RequestContext) -> None:
        level = logging.INFO if refusals else logging.DEBUG
        if (
            self._settings.errors.log
            and log.isEnabledFor(level)
            and self._chance() < self._settings.errors.log_sampling
        ):
            decision = self._decision() if refusals else "granted"
            log.log(level, "authorization decided", extra=_facts(guards, refusals, context, decision))

    def _decision(self) -> str:
        if self._settings.dry_run:
            return "told"
        return "rejected" if self._settings.reject_unauthorized else "filtered"


def _with_policies(context: RequestContext, policies: frozenset[str]) -> RequestContext:
    """Let subgraphs learn what was granted to the caller, if he has proved who he is."""
    identity = context.identity
    if identity is None or not policies:
        return context
    return replace(context, identity=replace(identity, policies=identity.policies | policies))


def _facts(guards: Guards, refusals: Sequence[Refusal], context: RequestContext, decision: str) -> dict[str, Json]:
    """Say who was refused what, without a value: names of the schema, and a digest of the principal."""
    operation: Operation = guards.operation
    refused = dict.fromkeys((f"{one.parent_type}.{one.field_name}", *sorted(map(str, one.unmet))) for one in refusals)
    return {
        "decision": decision,
        "operation": operation.name,
        "kind": operation.kind.value,
        "principal": _digest(context.identity),
        "demanded": sorted(map(str, guards.demanded))[:MAX_LOGGED],
        "refused": [{"coordinate": one, "unmet": list(unmet)} for one, *unmet in refused][:MAX_LOGGED],
        "refusals": len(refusals),
    }


def _digest(identity: Identity | None) -> str | None:
    if identity is None or identity.principal is None:
        return None
    return sha256(f"{identity.tenant}:{identity.principal}".encode()).hexdigest()[:16]
