"""The security headers of every answer."""

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convening import settings

# The whole of Streamlit (charts, uploads, second-generation components) works under this policy.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self' ws: wss:",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_BEGINS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
_TLS_ONLY = "max-age=31536000"
_PERSONAL = ("/media/", "/_stcore/upload_file/", "/session")


class SecurityHeaders:
    """Adds the headers to whatever the rest of the application answers, errors included.

    That is also true of websockets, whether they are accepted or refused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        answered = False

        async def send_with_headers(message: Message) -> None:
            nonlocal answered
            if message["type"] in _BEGINS:
                _set(MutableHeaders(scope=message), scope["path"])
            elif message["type"] == "websocket.close" and not answered and _may_deny(scope):
                answered = True
                return await _answer(PlainTextResponse("", status_code=403), scope, receive, send)
            answered = True
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if not answered and (scope["type"] == "http" or _may_deny(scope)):
                failure = PlainTextResponse("Internal Server Error", status_code=500)
                await _answer(failure, scope, receive, send)
            raise  # to be logged


async def _answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    _set(response.headers, scope["path"])
    await response(scope, receive, send)


def _set(headers: MutableHeaders, path: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    if settings.current().https:
        headers["strict-transport-security"] = _TLS_ONLY
    if path.startswith(_PERSONAL):
        headers["cache-control"] = "private, no-store"


def _may_deny(scope: Scope) -> bool:
    """Whether the server lets a websocket be refused by an answer of ours, with its headers."""
    return scope["type"] == "websocket" and "websocket.http.response" in scope.get("extensions", {})
