"""Which paths lead anywhere at all, and which of them only for somebody who is signed in."""

import logging
from collections.abc import Sequence

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from convening.i18n import Translator
from convening.problems import ConveningError
from db import faults
from pages.plain import login, logs, messages, page, participants
from pages.plain.files import language_of

# What Streamlit's own front end needs. Metrics, the agent API, sign-in by OpenID and everything
# else that it would answer for stay closed; it answers unknown paths with its page and 200.
_OPEN = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
_OPEN_BELOW = ("/_stcore/bidi-components/",)
_FILES_BELOW = (messages.UPLOADS, messages.MEDIA)
_WORTH_COMPRESSING = 1000  # bytes
_AGAIN_SECONDS = 60
_LOG = logging.getLogger("halqa")

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<link rel="stylesheet" href="/assets/plain.css"></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="/">{home}</a></p></main></body></html>"""


class Gate:
    """Answers for our own ``routes``, with 404 for a path that leads nowhere, and with 403 where a
    visitor has no business; lets Streamlit's through."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self._app = app
        self._routes = routes
        self._own = GZipMiddleware(_answer, minimum_size=_WORTH_COMPRESSING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        path = scope["path"]
        if path.startswith(_FILES_BELOW):
            signed_in = scope.get("state", {}).get(login.STATE)
            if signed_in is None or not messages.was_sent(signed_in, path):
                return await PlainTextResponse("", status_code=403)(scope, receive, send)
        elif path not in _OPEN and not path.startswith(_OPEN_BELOW):
            own = self._routed(scope)
            if own is None:
                return await _nothing_here(scope, receive, send)
            return await self._own(own, receive, send)
        await self._app(scope, receive, send)

    def _routed(self, scope: Scope) -> Scope | None:
        """The scope with the route of ours that answers; None where none does."""
        for route in self._routes:
            match, found = route.matches(scope)
            if match is Match.FULL:
                return {**scope, **found, "route": route}
        return None


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """What the route answers; while the database is away, a page that asks for patience."""
    try:
        await scope["route"].handle(scope, receive, send)
    except ConveningError as error:
        if error.code not in faults.CODES:
            raise
        logs.event(_LOG, logging.WARNING, "a page could not be read", code=error.code)
        answer = page.note("rsvp.not_now", participants.translator(Request(scope)), status=503)
        answer.headers["retry-after"] = str(_AGAIN_SECONDS)
        await answer(scope, receive, send)


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    t = Translator(language_of(HTTPConnection(scope)))
    html = _PAGE.format(
        language=t.language,
        direction="rtl" if t.rtl else "ltr",
        title=t("access.no_such_screen"),
        text=t("frame.not_found"),
        home=t("frame.to_home"),
    )
    await HTMLResponse(html, status_code=404)(scope, receive, send)
