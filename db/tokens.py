"""Tokens of links that have to be written again: they follow from a salt and the server's secret.

What is stored is the salt and the token's hash. Reading the database, a backup or an outbox gives
nobody a token; with another secret the links end.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from convening import settings

_BYTES = 16  # 128 bits


@dataclass(frozen=True)
class Linked:
    """A new link: ``token`` goes to its reader and is stored nowhere."""

    token: str
    salt: str
    token_hash: str


def new() -> Linked:
    salt = secrets.token_hex(_BYTES)
    token = of(salt)
    return Linked(token, salt, hashed(token))


def of(salt: str) -> str:
    """The token of a link that is stored."""
    key = settings.current().derive("personal links")
    digest = hmac.new(key.encode(), salt.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode().rstrip("=")


def hashed(token: str) -> str:
    """What a request's token is looked up by."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
