"""How subgraphs are asked, and what of their answers is shown."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field, model_validator

from router.settings.marks import BySubgraph
from router.settings.values import Branch


@dataclass(frozen=True, slots=True)
class ErrorExposure:
    """How much errors of a subgraph show: their text, and of their extensions those listed, or all but those."""

    message: bool
    keys: frozenset[str]
    all_but: bool = False

    def shows(self, key: str) -> bool:
        """Whether an extension is shown."""
        return (key in self.keys) is not self.all_but


NOTHING = ErrorExposure(message=False, keys=frozenset())
EVERYTHING = ErrorExposure(message=True, keys=frozenset(), all_but=True)


class ErrorPolicy(Branch):
    """What errors show, in detail; a hidden `code` is `DOWNSTREAM_SERVICE_ERROR`, `service` the subgraph's name."""

    redact_message: bool | None = None
    """Whether texts are hidden; if it is not said, as `all` has it, or else hidden."""
    allow_extensions_keys: frozenset[str] | None = None
    """Extensions that are shown; those that `all` lists are, too."""
    deny_extensions_keys: frozenset[str] | None = None
    """Instead: extensions that are not shown, besides those that `all` lists."""
    exclude_global_keys: frozenset[str] = frozenset()
    """Extensions that `all` lists and that do not count for this subgraph."""

    @model_validator(mode="after")
    def _check_choice(self) -> ErrorPolicy:
        if self.allow_extensions_keys is not None and self.deny_extensions_keys is not None:
            raise ValueError("expected either 'allow_extensions_keys' or 'deny_extensions_keys'")
        return self

    def exposure(self, inherited: ErrorExposure = NOTHING) -> ErrorExposure:
        """Say what is shown, on top of what holds for all."""
        message = inherited.message if self.redact_message is None else not self.redact_message
        denies = self.deny_extensions_keys is not None
        keys = (self.deny_extensions_keys if denies else self.allow_extensions_keys) or frozenset()
        if inherited.all_but is denies or not (keys or denies):
            keys |= inherited.keys - self.exclude_global_keys
            denies = inherited.all_but
        return ErrorExposure(message, keys, denies)


class SubgraphErrors(Branch):
    """What clients may read of errors of subgraphs: the rest is redacted."""

    all: bool | ErrorPolicy = False
    """Whether errors of subgraphs are shown as they are, or how much of them: `redact_message`, and either \
`allow_extensions_keys` or `deny_extensions_keys`."""
    subgraphs: BySubgraph[bool | ErrorPolicy] = Field(default_factory=dict)
    """The same for one subgraph, by name, instead of `all`; what it does not say is as `all` says in detail."""

    def of(self, subgraph: str) -> ErrorExposure:
        """Say what errors of this subgraph show."""
        own = self.subgraphs.get(subgraph, self.all)
        if not isinstance(own, ErrorPolicy):
            return EVERYTHING if own else NOTHING
        return own.exposure(self.all.exposure() if isinstance(self.all, ErrorPolicy) else NOTHING)


class Override(Branch):
    """Which labels of progressive `@override` are active."""

    labels: frozenset[str] = frozenset()
    """Named labels that are active for every request; those the hook `labels` chooses are so for one."""
    percent_by: str = Field(default="request", pattern=r"^(request|principal|header:[\w-]+)$")
    """What decides `percent(x)`: chance, for each `request`, or always alike for a `principal` or a `header:NAME`."""
