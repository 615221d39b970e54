"""Secrets that people carry in a link, and how they are compared."""

from __future__ import annotations

import hmac
import secrets

__all__ = ["bearer", "new_token", "same"]

_BYTES = 24
_SCHEME = "bearer "


def new_token() -> str:
    """Give 192 random bits in 32 characters that need no escape in a URL."""
    return secrets.token_urlsafe(_BYTES)


def same(given: str, expected: str) -> bool:
    """Tell whether two secrets are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


def bearer(header: str | None) -> str | None:
    """Give the secret of an ``Authorization: Bearer SECRET`` header, or None without one."""
    if header is None or not header.lower().startswith(_SCHEME):
        return None
    return header[len(_SCHEME) :].strip() or None
