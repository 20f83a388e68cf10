"""Three questions after a room, by the link that everybody who was there is given.

Counts alone are kept. A browser answers once: its cookie says that it has, and not what. What
somebody sends twice by a double press is counted once.
"""

import hashlib
import hmac
import secrets
from dataclasses import replace

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from convening import settings
from convening.after import OpenPulse, PulseDraft
from convening.answers import NAMED_AT_ONCE, WHY_LENGTH, Named
from convening.community import NAME_LENGTH
from convening.i18n.participants import Translator
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.vocabulary import PulseAnswer, PulseQuestion
from db import tokens, transaction
from db.commands import after as commands
from db.engine import current_engines
from db.queries import after as queries
from pages.plain import limits, page, participants, posted
from pages.plain.limits import Limit
from pages.plain.posted import Fields

PATH = "/pulse/"
COOKIE = "halqa_pulse"
SENT = Limit(1, 24 * 3600)  # the same form, pressed twice
ANSWERS = Limit(600, 3600)  # answers through one link: more than a hall of people sends
_KEPT = 60 * 24 * 3600
_ANCHORS = {"pulse": f"{PulseQuestion.HELD_BACK.value}_yes"}
_NONE = tuple(Named("") for _ in range(NAMED_AT_ONCE))


async def show(request: Request) -> Response:
    """The questions; 404 for a link that never was. Asking for them changes nothing."""
    t, token = participants.translator(request), request.path_params["token"]
    stopped = limits.stopped(request, t=t)
    if stopped is not None:
        return stopped
    found = await to_thread.run_sync(_look_up, token)
    if found is None:
        return _unknown(request, t)
    return _page(request, found, t, PulseDraft(others=_NONE))


async def answer(request: Request) -> Response:
    """Counts the answers: then thanks, or the same page with what is to be mended."""
    t, token = participants.translator(request), request.path_params["token"]
    stopped = limits.stopped(request, ANSWERS.wait(tokens.hashed(token)), t)
    if stopped is not None:
        return stopped
    fields = await posted.fields(request)
    if fields is None:
        return page.note("rsvp.too_much", t, status=413)
    once = fields.text("once")
    if _has_answered(request, token) or SENT.wait(once):
        return _thanks(token, t)
    SENT.count(once)  # before anything is waited for: a form that is to be mended gets a new one
    form = read_form(fields)
    problems = await to_thread.run_sync(_take, token, form)
    if problems is None:
        return _unknown(request, t)
    if problems:
        found = await to_thread.run_sync(_look_up, token)
        if found is None:
            return _unknown(request, t)
        return _page(request, found, t, form, problems=problems)
    ANSWERS.count(tokens.hashed(token))
    return _thanks(token, t)


def read_form(fields: Fields) -> PulseDraft:
    """The answers in a posted form; what is not one of the choices is left out."""
    chosen = {question: fields.text(question.value) for question in PulseQuestion}
    return PulseDraft(
        answers={
            question: PulseAnswer(value)
            for question, value in chosen.items()
            if value in set(PulseAnswer)
        },
        others=tuple(
            Named(
                *(
                    fields.text(f"other_{number}_{part}")
                    for part in ("name", "organisation", "reason")
                )
            )
            for number in range(1, NAMED_AT_ONCE + 1)
        ),
    )


def _page(
    request: Request,
    found: OpenPulse,
    t: Translator,
    form: PulseDraft,
    *,
    problems: tuple[Problem, ...] = (),
) -> Response:
    token = request.path_params["token"]
    rows = tuple(form.others) + _NONE
    return page.answer(
        "pulse",
        t,
        status=422 if problems else 200,
        it=found,
        form=replace(form, others=rows[:NAMED_AT_ONCE]),
        answered=_has_answered(request, token),
        problems=page.by_field(problems, "pulse", lambda each: participants.said(each, t)),
        anchors=_ANCHORS,
        questions=list(PulseQuestion),
        answers=list(PulseAnswer),
        lengths={"name": NAME_LENGTH, "organisation": NAME_LENGTH, "reason": WHY_LENGTH},
        once=secrets.token_hex(16),
        became=participants.address(f"/became/{token}", t),
    )


def _thanks(token: str, t: Translator) -> Response:
    """The page that says so, and a browser that knows it."""
    response = RedirectResponse(
        participants.address(f"{PATH}{token}", t), status_code=303, headers=page.HEADERS
    )
    response.set_cookie(
        COOKIE,
        _mark(token),
        max_age=_KEPT,
        path=f"{PATH}{token}",
        secure=settings.current().https,
        httponly=True,
        samesite="lax",
    )
    return response


def _mark(token: str) -> str:
    key = settings.current().derive("pulse")
    return hmac.new(key.encode(), token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _has_answered(request: Request, token: str) -> bool:
    kept = request.cookies.get(COOKIE, "")
    return hmac.compare_digest(kept.encode("utf-8", "replace"), _mark(token).encode())


def _unknown(request: Request, t: Translator) -> Response:
    limits.missed(request)
    return page.note("became.closed", t, status=404)


def _look_up(token: str) -> OpenPulse | None:
    with transaction.reading(current_engines()) as session:
        return queries.open_pulse(session, token)


def _take(token: str, draft: PulseDraft) -> tuple[Problem, ...] | None:
    """What keeps the answers from being counted, nothing when they were; None for no such link."""
    engines = current_engines()
    try:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            commands.answer_pulse(session, token, draft)
    except NotFound:
        return None
    except (Invalid, ConveningError) as error:
        return error.problems
    return ()
