"""The least that taking a note can cost: a Starlette route that inserts the same row."""

import os
import secrets
from hashlib import sha256
from urllib.parse import parse_qs

from anyio import to_thread
from sqlalchemy import insert, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from db.engine import connect
from db.tables.room import Room
from db.tables.understanding import AnonymousNote

_PAGE = "<!doctype html><html><head><title>Note</title></head><body><p>{code}</p></body></html>"
_engines = connect(os.environ["HALQA_DATABASE_URL"])
with _engines.read.begin() as _connection:
    _CONVENING = _connection.execute(select(Room.convening_id)).scalars().first()  # type: ignore[call-overload]


async def take(request: Request) -> Response:
    fields = parse_qs((await request.body()).decode())
    code = secrets.token_hex(6)
    await to_thread.run_sync(_insert, fields["text"][0], code)
    return HTMLResponse(_PAGE.format(code=code))


async def healthy(_request: Request) -> Response:
    return Response(status_code=200)


def _insert(text: str, code: str) -> None:
    with _engines.write.begin() as connection:
        connection.execute(
            insert(AnonymousNote).values(
                id=secrets.token_hex(16),
                convening_id=_CONVENING,
                text=text,
                groups=[],
                receipt_hash=sha256(code.encode()).hexdigest(),
            )
        )


app = Starlette(
    routes=[
        Route("/join/{token}/note", take, methods=["POST"]),
        Route("/_stcore/health", healthy, methods=["GET"]),
    ]
)
