"""The plain routes of the frame: login cookie, language, theme, health."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from convening import settings
from convening.vocabulary import Language, Theme
from db import migrate, transaction
from db.commands import login as commands
from db.engine import current_engines
from pages.components.language import COOKIE as LANGUAGE
from pages.components.language import THEME_COOKIE as THEME
from pages.plain import (
    became,
    calendar_feed,
    check_in,
    events,
    files,
    join,
    login,
    pulse,
    receipt,
    room_log,
    rsvp,
)

_YEAR = 365 * 24 * 3600
_MAX_TICKET = 200  # characters


async def session(request: Request) -> Response:
    """Whether this browser is signed in: 204 when it is, 401 when not."""
    signed_in = getattr(request.state, login.STATE, None) is not None
    return Response(status_code=204 if signed_in else 401, headers={"x-halqa-start": files.START})


async def begin_session(request: Request) -> Response:
    """Takes the ticket that a checked password earned, and sets the login cookie for it."""
    ticket = (await request.body())[: _MAX_TICKET + 1].decode("ascii", "replace")
    found = await to_thread.run_sync(_redeem, ticket) if len(ticket) <= _MAX_TICKET else None
    if found is None:
        return Response(status_code=401)
    response = Response(status_code=204)
    login.remember(response, found)
    if LANGUAGE not in request.cookies:
        _keep(response, LANGUAGE, found.language)
    if THEME not in request.cookies:
        _keep(response, THEME, found.theme)
    return response


async def end_session(request: Request) -> Response:
    """Signs this browser out."""
    found = getattr(request.state, login.STATE, None)
    if found is not None:
        await to_thread.run_sync(_end, found)
    response = Response(status_code=204)
    login.forget(response)
    return response


async def language(request: Request) -> Response:
    """Keeps the language in a cookie, and goes back to the screen that asked for it."""
    return _choose(request, LANGUAGE, set(Language))


async def theme(request: Request) -> Response:
    return _choose(request, THEME, set(Theme))


async def healthz(_request: Request) -> Response:
    """200 when the database answers and has seen every migration, 503 otherwise."""
    database = await to_thread.run_sync(_database_state)
    healthy = database == "current"
    return JSONResponse(
        {"status": "ok" if healthy else "unavailable", "database": database},
        status_code=200 if healthy else 503,
        headers={"cache-control": "no-store"},
    )


ROUTES = [
    Route("/session", session, methods=["GET"]),
    Route("/session", begin_session, methods=["POST"]),
    Route("/session/end", end_session, methods=["POST"]),
    Route("/language/{choice}", language, methods=["GET"]),
    Route("/theme/{choice}", theme, methods=["GET"]),
    Route("/healthz", healthz, methods=["GET"]),
    Route("/events/{convening_id}/room", events.room, methods=["GET"]),
    Route("/events/{convening_id}/wall", events.wall, methods=["GET"]),
    Route("/rsvp/{token}", rsvp.show, methods=["GET"]),
    Route("/rsvp/{token}", rsvp.answer, methods=["POST"]),
    Route("/pulse/{token}", pulse.show, methods=["GET"]),
    Route("/pulse/{token}", pulse.answer, methods=["POST"]),
    *join.ROUTES,
    Route("/receipt", receipt.ask, methods=["GET"]),
    Route("/receipt", receipt.show, methods=["POST"]),
    Route("/became/{token}", became.show, methods=["GET"]),
    Route("/calendar/{token}.ics", calendar_feed.show, methods=["GET"]),
    Route("/check-in/{token}", check_in.show, methods=["GET"]),
    Route("/check-in/{token}", check_in.check_in, methods=["POST"]),
    Route("/check-in/{token}/back", check_in.take_back, methods=["POST"]),
    Route("/room-log/{convening_id}", room_log.receive, methods=["POST"]),
]


def safe_next(asked: str) -> str:
    """A path on this server with its query, "/" for anything that could lead elsewhere."""
    printable = asked.isascii() and asked.isprintable() and " " not in asked
    inside = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if printable and inside else "/"


def _choose(request: Request, cookie: str, choices: set[Language] | set[Theme]) -> Response:
    chosen = request.path_params["choice"]
    if chosen not in choices:
        return Response(status_code=404)
    response = RedirectResponse(safe_next(request.query_params.get("next", "/")), status_code=303)
    response.headers["cache-control"] = "no-store"
    _keep(response, cookie, chosen)
    return response


def _keep(response: Response, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie, value, max_age=_YEAR, path="/", secure=settings.current().https, samesite="lax"
    )


def _redeem(ticket: str) -> commands.NewLogin | None:
    with transaction.writing(current_engines(), actor_id=None, journalled=False) as transacted:
        return commands.redeem_ticket(transacted, ticket)


def _end(login_session_id: int) -> None:
    with transaction.writing(current_engines(), actor_id=None, journalled=False) as transacted:
        commands.end_session(transacted, login_session_id)


def _database_state() -> str:
    try:
        return "current" if migrate.is_current(current_engines().read) else "not migrated"
    except Exception:  # whatever keeps the database from answering, it is not reachable
        return "unreachable"
