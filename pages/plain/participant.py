"""The cookie of somebody who entered a room: the only thing that says who they are there.

It holds the room, a random id and the groups that they declared, signed so that nobody can make
another one. It ends with the browser's day, and goes to the pages below /join alone.
"""

import re
from functools import cache
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from convening import balance, settings
from convening.participation import Participant

COOKIE = "halqa_room"
PATH = "/join"
_LASTS = 12 * 3600  # seconds: a meeting takes a day at most
_RANDOM = re.compile(r"[0-9a-f]{32}")


def read(request: Request) -> Participant | None:
    """Who asks; None for a browser that has entered no room."""
    try:
        found: Any = _serializer().loads(request.cookies.get(COOKIE, ""))
        room_id, participant_id, mask = found
    except (BadSignature, TypeError, ValueError):
        return None
    return Participant(int(room_id), str(participant_id), balance.groups_of(int(mask)))


def remember(response: Response, participant: Participant) -> None:
    value = _serializer().dumps(
        [participant.room_id, participant.id, balance.mask(participant.groups)]
    )
    response.set_cookie(
        COOKIE,
        str(value),
        max_age=_LASTS,
        path=PATH,
        secure=settings.current().https,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response) -> None:
    response.delete_cookie(
        COOKIE, path=PATH, secure=settings.current().https, httponly=True, samesite="lax"
    )


def is_random(text: str) -> bool:
    """Whether a form brings back a random id that it was given."""
    return _RANDOM.fullmatch(text) is not None


@cache
def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().derive("people in a room"))
