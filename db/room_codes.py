"""The ways into a room: a code to type and a link to scan, both from a salt and the secret.

Stored are the salt and keyed hashes, while the room is open; the database alone opens no room.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from convening import settings
from db import tokens

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks or sounds like another
LENGTH = 8
RECEIPT_LENGTH = 12


@dataclass(frozen=True)
class Entrance:
    """``code`` is typed in, ``token`` (128 bits) stands in the link behind the QR code."""

    salt: str
    code: str
    token: str

    @property
    def code_hash(self) -> str:
        return keyed(self.code)

    @property
    def link_hash(self) -> str:
        return tokens.hashed(self.token)


def new() -> Entrance:
    return of(secrets.token_hex(16))


def of(salt: str) -> Entrance:
    """The way into a room whose salt is stored."""
    digest = _digest(f"room code {salt}")
    return Entrance(salt, _letters(int.from_bytes(digest), LENGTH), tokens.of(f"room {salt}"))


def new_receipt() -> str:
    """A receipt code; whoever holds it speaks for a view."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RECEIPT_LENGTH))


def receipt_of(slip: str) -> str:
    """The receipt code of what was sent with these marks: sent once more, it has the same one."""
    return _letters(int.from_bytes(_digest(f"receipt {slip}")), RECEIPT_LENGTH)


def id_of(slip: str) -> str:
    """The random id that goes with it; without the marks and the secret nobody finds it."""
    return str(UUID(bytes=_digest(f"note {slip}")[:16], version=4))


def voter_of(participant_id: str, conversation_id: int) -> str:
    """Under what the votes of a participant in one conversation stand together."""
    return _digest(f"voter {conversation_id} {participant_id}").hex()[:32]


def keyed(code: str) -> str:
    """What a typed code is looked up by: in any case, with or without blanks and hyphens."""
    letters = "".join(each for each in code.upper() if each.isalnum())
    return _digest(f"typed code {letters}").hex()


def spaced(code: str) -> str:
    """As it is written for people: ABCD-EFGH."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _digest(text: str) -> bytes:
    key = settings.current().derive("room codes")
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()


def _letters(number: int, length: int) -> str:
    found = ""
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        found += ALPHABET[rest]
    return found
