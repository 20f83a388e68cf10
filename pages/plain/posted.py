"""What a form on one of the plain pages sent."""

import re
from urllib.parse import parse_qs

from starlette.requests import Request

_MOST_BYTES = 64 * 1024
_MOST_FIELDS = 60
_ID = re.compile("[0-9]{1,9}")  # fits the integers of every database


class Fields:
    """The fields of a posted form; one that was not sent is empty."""

    def __init__(self, body: bytes) -> None:
        try:
            self._fields = parse_qs(
                body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
            )
        except ValueError:
            self._fields = {}

    def text(self, name: str) -> str:
        return self._fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        return list(self._fields.get(name, ()))

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    @property
    def names(self) -> list[str]:
        return list(self._fields)


def row_id(text: str) -> int | None:
    """The id in an address or a form, None for what no row can have."""
    return int(text) if _ID.fullmatch(text) else None


async def body(request: Request, most: int = _MOST_BYTES) -> bytes | None:
    """What was posted; None when it is more than a form of ours can hold, or ``most`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


async def fields(request: Request) -> Fields | None:
    """The same as fields."""
    found = await body(request)
    return None if found is None else Fields(found)
