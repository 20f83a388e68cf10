"""The private address that a calendar program asks for the convenings of a user's teams."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from convening import settings
from convening.exports import calendar
from convening.i18n import Translator
from db import transaction
from db.engine import engines_for
from db.queries import calendar_feeds
from pages.plain import limits, page
from pages.plain.origin import ADDRESS_HEADER


async def show(request: Request) -> Response:
    """The calendar; 404 for an address that is not one, or whose user has no access any more."""
    address = request.headers.get(ADDRESS_HEADER, "")
    wait = limits.MISSES.wait(address)
    if wait:
        headers = {**page.HEADERS, "retry-after": str(wait)}
        return PlainTextResponse("", status_code=429, headers=headers)
    body = await to_thread.run_sync(_write, request.path_params["token"])
    if body is None:
        limits.MISSES.count(address)
        return PlainTextResponse("", status_code=404, headers=page.HEADERS)
    return Response(
        body, media_type=f"{calendar.CONTENT_TYPE}; charset=utf-8", headers=page.HEADERS
    )


def _write(token: str) -> bytes | None:
    with transaction.reading(engines_for(settings.current().database_url)) as session:
        found = calendar_feeds.feed(session, token)
    if found is None:
        return None
    return calendar.publish(found.events, Translator(found.language)("app.name"))
