"""Callers without a token: let in, unless the settings require one."""

from __future__ import annotations

from collections.abc import Mapping

from router.errors import AuthError
from router.settings import Authorization


def admit_anonymous(settings: Authorization) -> None:
    """Let nobody in particular in. Raises: AuthError."""
    if settings.require_authentication:
        raise AuthError("A token is required: send the header 'Authorization: Bearer …'.")


class Anonymous:
    """Who asks where no issuer is trusted: whatever token is sent proves nothing, and is not looked at."""

    def __init__(self, settings: Authorization) -> None:
        self._settings = settings

    async def authenticate(self, _headers: Mapping[str, str]) -> None:
        """Find nobody. Raises: AuthError."""
        admit_anonymous(self._settings)
