"""The private address that a calendar program asks for the convenings of a user's teams."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from convening.exports import calendar
from convening.i18n import Translator
from db import transaction
from db.engine import current_engines
from db.queries import calendar_feeds
from pages.plain import limits, page


async def show(request: Request) -> Response:
    """The calendar; 404 for an address that is not one, or whose user has no access any more."""
    stopped = limits.stopped(request)
    if stopped is not None:
        return stopped
    body = await to_thread.run_sync(_write, request.path_params["token"])
    if body is None:
        limits.missed(request)
        return PlainTextResponse("", status_code=404, headers=page.HEADERS)
    return Response(
        body, media_type=f"{calendar.CONTENT_TYPE}; charset=utf-8", headers=page.HEADERS
    )


def _write(token: str) -> bytes | None:
    with transaction.reading(current_engines()) as session:
        found = calendar_feeds.feed(session, token)
    if found is None:
        return None
    return calendar.publish(found.events, Translator(found.language)("app.name"))
