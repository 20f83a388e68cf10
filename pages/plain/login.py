"""The cookie that a signed-in browser holds, and the header by which Streamlit learns of it."""

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from convening import settings
from convening.problems import ConveningError
from db import transaction
from db.commands.login import NewLogin
from db.engine import current_engines
from db.queries import accounts

HEADER = "x-halqa-login"  # named in server.trustedUserHeaders of .streamlit/config.toml
STATE = "login_session_id"
# Paths whose answer depends on who asks; all others are the same for everybody.
_ASKED_FOR = (
    "/_stcore/stream",
    "/_stcore/upload_file/",
    "/media/",
    "/session",
    "/check-in/",
    "/events/",
    "/room-log/",
)


class LoginCookie:
    """Removes any inbound identity header, and sets it for a browser whose cookie is good."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            del MutableHeaders(scope=scope)[HEADER]
            if scope["path"].startswith(_ASKED_FOR):
                try:
                    found = await resolve(HTTPConnection(scope))
                except ConveningError:  # the database is away; the browser asks again by itself
                    return await _unavailable(scope, receive, send)
                scope.setdefault("state", {})[STATE] = found
                if found is not None:
                    MutableHeaders(scope=scope)[HEADER] = str(found)
        await self._app(scope, receive, send)


async def resolve(connection: HTTPConnection) -> int | None:
    """The id of the living login session that the request's cookie belongs to."""
    token = connection.cookies.get(cookie_name())
    return await to_thread.run_sync(_look_up, token) if token else None


def cookie_name() -> str:
    """Under TLS the prefix keeps other hosts of the same domain from setting it."""
    return "__Host-halqa_login" if settings.current().https else "halqa_login"


def remember(response: Response, login: NewLogin) -> None:
    """Hands the browser its token, out of the reach of every script."""
    response.set_cookie(
        cookie_name(),
        login.token,
        max_age=None if login.lasts is None else int(login.lasts.total_seconds()),
        path="/",
        secure=settings.current().https,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response) -> None:
    response.delete_cookie(
        cookie_name(), path="/", secure=settings.current().https, httponly=True, samesite="lax"
    )


def _look_up(token: str) -> int | None:
    with transaction.reading(current_engines()) as session:
        return accounts.login_session_of(session, token)


async def _unavailable(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1013})
        return
    await Response(status_code=503, headers={"retry-after": "5"})(scope, receive, send)
