"""The code on an invitation, as it is read at the door: a plain page that a scan opens.

Whoever may note attendance sees the name and one large button. Everybody else sees the code to
show there, and nothing about anybody. Asking for the page changes nothing.
"""

import segno
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from convening import settings
from convening.i18n import Translator
from convening.problems import ConveningError, Problem
from convening.roles import Actor
from convening.vocabulary import InvitationStatus
from convening.walltime import local
from db import transaction
from db.commands import door as commands
from db.commands import login as logins
from db.engine import current_engines
from db.queries import accounts
from db.queries import door as queries
from db.queries.door import Arriving
from pages.plain import limits, login, page
from pages.plain.files import language_of

PATH = "/check-in/"


async def show(request: Request) -> Response:
    """GET: whose code it is for the hosts, the code itself for everybody else."""
    t, token = Translator(language_of(request)), request.path_params["token"]
    found = await to_thread.run_sync(_arriving, _login(request), token)
    if found is not None:
        return _for_hosts(found, token, t)
    return await _no_code(request, t) or _for_the_invited(token, t)


async def check_in(request: Request) -> Response:
    """POST: notes that the person is here, for hosts alone."""
    return await _note(request, back=False)


async def take_back(request: Request) -> Response:
    """POST: undoes it, after a slip of the finger."""
    return await _note(request, back=True)


async def _note(request: Request, *, back: bool) -> Response:
    t, token = Translator(language_of(request)), request.path_params["token"]
    signed_in = _login(request)
    found = await to_thread.run_sync(_arriving, signed_in, token)
    if found is None or signed_in is None:
        return await _no_code(request, t) or page.note("check_in.unknown", t, status=404)
    try:
        await to_thread.run_sync(_write, signed_in, found, token, back)
    except ConveningError as error:
        return _for_hosts(found, token, t, error.problems)
    return RedirectResponse(f"{PATH}{token}", status_code=303, headers=page.HEADERS)


async def _no_code(request: Request, t: Translator) -> Response | None:
    """What a made-up code is answered, and any code once too many were made up.

    A host with a code in hand never waits because somebody in the same house tries others.
    """
    stopped = limits.stopped(request)
    if stopped is not None:
        return stopped
    if await to_thread.run_sync(_is_a_code, request.path_params["token"]):
        return None
    limits.missed(request)
    return page.note("check_in.unknown", t, status=404)


def _for_hosts(
    found: Arriving, token: str, t: Translator, problems: tuple[Problem, ...] = ()
) -> Response:
    """The name, whether they are here already, and the button."""
    here = found.status is InvitationStatus.ATTENDED
    return page.answer(
        "check_in",
        t,
        status=409 if problems else 200,
        found=found,
        path=f"{PATH}{token}",
        problems=problems,
        since=t.time(local(found.since, found.meeting.zone)) if here else "",
        withdrawn=found.status is InvitationStatus.WITHDRAWN,
    )


def _for_the_invited(token: str, t: Translator) -> Response:
    """The code as a picture, made of this very address, and the way to the invitation."""
    code = segno.make(f"{settings.current().address}{PATH}{token}", error="m")
    picture = code.svg_data_uri(scale=8, border=4, dark="#000", light="#fff")
    return page.answer("code", t, token=token, picture=picture)


def _login(request: Request) -> int | None:
    found: int | None = getattr(request.state, login.STATE, None)
    return found


def _arriving(login_session_id: int | None, token: str) -> Arriving | None:
    """Whose code it is, None for somebody who may not know."""
    if login_session_id is None:
        return None
    with transaction.reading(current_engines()) as session:
        viewer = accounts.signed_in(session, login_session_id)
        if viewer is None:
            return None
        try:
            return queries.arriving(session, viewer.actor, token)
        except ConveningError:
            return None


def _is_a_code(token: str) -> bool:
    with transaction.reading(current_engines()) as session:
        return queries.is_a_code(session, token)


def _actor(login_session_id: int) -> Actor:
    """Who presses the button; a tap at the door keeps the login alive, as one on a screen does."""
    with transaction.writing(current_engines(), actor_id=None, journalled=False) as session:
        logins.touch(session, login_session_id)
    with transaction.reading(current_engines()) as session:
        viewer = accounts.signed_in(session, login_session_id)
    if viewer is None:
        raise ConveningError("link_not_open")
    return viewer.actor


def _write(login_session_id: int, found: Arriving, token: str, back: bool) -> None:
    actor = _actor(login_session_id)
    name = "take_back_check_in" if back else "check_in_by_code"
    with transaction.writing(current_engines(), actor_id=actor.user_id, command=name) as session:
        if back:
            commands.take_back_check_in(session, actor, found.meeting.id, found.invitation_id)
        else:
            commands.check_in_by_code(session, actor, token)
