"""The mutations of the registry. What they do stands in the module named for each."""

import strawberry

from subgraphs.kernel.federation import cost, requires_scopes
from subgraphs.kernel.refusal import Refusal
from subgraphs.models.context import Info
from subgraphs.models.infer import infer
from subgraphs.models.inputs import InferInput, RegisterModelVersionInput, SetModelAliasInput
from subgraphs.models.payloads import InferPayload, RegisterModelVersionPayload, SetModelAliasPayload, errors_of
from subgraphs.models.register_model_version import register_model_version
from subgraphs.models.set_model_alias import set_model_alias
from subgraphs.models.types import RegisteredModel
from subgraphs.models.version_types import ModelVersion


@strawberry.type
class Mutation:
    """Writes of the registry, and inference."""

    @strawberry.mutation(directives=[requires_scopes("models:write")])
    async def register_model_version(self, info: Info, input: RegisterModelVersionInput) -> RegisterModelVersionPayload:
        context, client_mutation_id = info.context, input.client_mutation_id
        try:
            id = await register_model_version(context.state.database, context.caller, input)
        except Refusal as refusal:
            return RegisterModelVersionPayload(errors=errors_of(refusal), client_mutation_id=client_mutation_id)
        version = await ModelVersion.by_id(info, id)
        return RegisterModelVersionPayload(version=version, client_mutation_id=client_mutation_id)

    @strawberry.mutation(directives=[requires_scopes("models:write")])
    async def set_model_alias(self, info: Info, input: SetModelAliasInput) -> SetModelAliasPayload:
        context, client_mutation_id = info.context, input.client_mutation_id
        try:
            await set_model_alias(context.state.database, context.caller, input)
        except Refusal as refusal:
            return SetModelAliasPayload(errors=errors_of(refusal), client_mutation_id=client_mutation_id)
        model = await RegisteredModel.by_name(info, input.model_name)
        return SetModelAliasPayload(model=model, client_mutation_id=client_mutation_id)

    @strawberry.mutation(directives=[requires_scopes("models:infer"), cost(100)])
    async def infer(self, info: Info, input: InferInput) -> InferPayload:
        """Ask a model and wait for it; what takes long belongs in a task."""
        try:
            return await infer(info.context, input)
        except Refusal as refusal:
            return InferPayload(errors=errors_of(refusal), client_mutation_id=input.client_mutation_id)
