"""Who is asked and by whom: the Host and Origin of a request, and the address it comes from."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from convening import settings
from convening.settings import Settings

ADDRESS_HEADER = "x-halqa-address"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class HostAndOrigin:
    """Refuses requests for another host, and writing ones and websockets from another site.

    With HALQA_BASE_URL its host and origin are the only ones. Without it this machine's own names
    are, the address that the server listens on, and any numeric address: a foreign site can bring
    a browser here under its own name only. /healthz answers under every name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and scope["path"] != "/healthz":
            headers = Headers(scope=scope)
            current = settings.current()
            if not is_own_host(headers.get("host", ""), current):
                return await _refuse(scope, receive, send, 400, "This host is not served here.")
            writes = scope["type"] == "websocket" or scope["method"] not in _SAFE
            if writes and not is_own_origin(headers, current):
                return await _refuse(scope, receive, send, 403, "This request is not from here.")
        await self._app(scope, receive, send)


class ClientAddress:
    """Sets the header that holds the address of the browser, whatever the browser says of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = MutableHeaders(scope=scope)
            client = scope.get("client")
            peer = client[0] if client else ""
            headers[ADDRESS_HEADER] = client_address(
                peer, headers.getlist("x-forwarded-for"), settings.current()
            )
        await self._app(scope, receive, send)


def is_own_host(host: str, current: Settings) -> bool:
    """Whether a Host header names this server."""
    if current.base_url:
        return host.lower() == urlsplit(current.base_url).netloc
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in _LOCAL or name == current.host.lower() or _is_numeric(name)


def is_own_origin(headers: Headers, current: Settings) -> bool:
    """Whether the Origin header names a page of this server; without one it does not."""
    origin = headers.get("origin", "").lower()
    if current.base_url:
        return origin == current.base_url
    host = headers.get("host", "").lower()
    return origin in (f"http://{host}", f"https://{host}")


def client_address(peer: str, forwarded: list[str], current: Settings) -> str:
    """The last address that no trusted proxy vouches for.

    ``forwarded`` are the X-Forwarded-For headers: each proxy appends whom it was asked by. They are
    read from the end, and only while the one who added the entry is a trusted proxy.
    """
    chain = [part.strip() for value in forwarded for part in value.split(",") if part.strip()]
    if not chain:
        return peer
    address = peer
    while chain and _is_trusted(address, current):
        address = chain.pop()
    return address if _is_numeric(address) else peer


def _is_trusted(address: str, current: Settings) -> bool:
    if not _is_numeric(address):
        return False
    return any(ip_address(address) in network for network in current.trusted_proxies)


def _is_numeric(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(text, status_code=status)(scope, receive, send)
