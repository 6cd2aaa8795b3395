"""Extension points: what a team may decide in Python of its own (docs/hooks.md)."""

from router.hooks.extension import Hooks, PolicyHook, load_hooks, policy
from router.hooks.views import (
    Change,
    OperationView,
    Refusal,
    RequestView,
    SubgraphRequestView,
    SubgraphResponseView,
)

__all__ = [
    "Change",
    "Hooks",
    "OperationView",
    "PolicyHook",
    "Refusal",
    "RequestView",
    "SubgraphRequestView",
    "SubgraphResponseView",
    "load_hooks",
    "policy",
]
