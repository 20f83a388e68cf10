"""What became of one's own view: for whoever holds its receipt code, without an account.

The code is posted and never stands in an address, so that no history and no log keeps it. Whatever
is done is answered with the same page; sent twice, it is done once.
"""

from uuid import uuid4

from anyio import to_thread
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from convening import receipts
from convening.i18n.participants import Translator
from convening.problems import ConveningError, NotFound, Problem
from convening.receipts import Receipt
from convening.vocabulary import NoteState
from convening.walltime import local
from db import room_codes, transaction
from db.commands import receipts as commands
from db.engine import current_engines
from db.queries import receipts as queries
from pages.plain import limits, page, participants, posted
from pages.plain.limits import Limit
from pages.plain.posted import Fields

WRITES = Limit(40, 3600)  # of one code
_DONE = {
    "reply": "receipt.replied",
    "add": "receipt.add_done",
    "withdraw": "receipt.withdraw_done",
    "publish": "receipt.publish_done",
}


async def ask(request: Request) -> Response:
    """GET: the field for a code."""
    t = participants.translator(request)
    return limits.stopped(request, t=t) or _form(t)


async def show(request: Request) -> Response:
    """POST: what the code was given for; and before that what its holder does, if anything."""
    t = participants.translator(request)
    stopped = limits.stopped(request, t=t)
    if stopped is not None:
        return stopped
    form = await posted.fields(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    code = form.text("code")[: receipts.CODE_LENGTH]
    if not code.strip():
        return _form(t, problem=t("problem.required_code"))
    doing = form.text("do") if form.text("do") in _DONE else ""
    stopped = limits.stopped(request, WRITES.wait(room_codes.keyed(code)) if doing else 0, t)
    if stopped is not None:
        return stopped
    problems = await to_thread.run_sync(_do, code, doing, form) if doing else ()
    found = await to_thread.run_sync(_look_up, code)
    if found is None:
        limits.missed(request)
        return _form(t, code, t("receipt.unknown"), status=404)
    if doing:
        WRITES.count(room_codes.keyed(code))
    return _page(t, found, code, form, doing, problems)


def _page(
    t: Translator,
    found: Receipt,
    code: str,
    form: Fields,
    doing: str,
    problems: tuple[Problem, ...],
) -> Response:
    added = doing == "add" and not problems
    meeting = found.meeting
    zone = meeting.zone if meeting else None
    whole = _FORMS.get(doing, doing)
    return page.answer(
        "receipt",
        t,
        status=422 if problems else 200,
        it=found,
        named=bool(found.entry and found.entry.person),
        code=code,
        problems=page.by_field(problems, whole, lambda each: participants.said(each, t)),
        done=t(_DONE[doing]) if doing and not problems else "",
        state=_state(found, t),
        said_in=participants.said_in(meeting, t) if meeting else "",
        until=local(found.until, zone).date() if found.until and zone else None,
        form=("" if added else receipts.form_id(form.text("form"))) or str(uuid4()),
        addition="" if added else form.text("addition"),
        longest=receipts.ADDITION_LENGTH,
    )


_FORMS = {"reply": "answers", "add": "addition"}  # where a problem of the whole form stands
_NOTE_STATES = {
    NoteState.ARRIVED: "held",
    NoteState.HELD: "held",
    NoteState.RELEASED: "shown",
    NoteState.HIDDEN: "hidden",
}


def _state(found: Receipt, t: Translator) -> list[str]:
    """Where the view stands, in sentences: who reads it, and whether it was answered."""
    hidden = found.note_state is NoteState.HIDDEN
    if hidden and found.hidden_because:
        return [t("receipt.note_hidden_because", reason=found.hidden_because)]
    lines = []
    if found.note_state is not None:
        key = _NOTE_STATES[found.note_state]
        lines.append(t(f"receipt.note_{key}"))
    if found.entry is not None and not hidden:
        reason = found.entry.struck_because
        lines.append(t(f"receipt_state.{found.entry.state.value}", reason=reason))
    return lines


def _form(t: Translator, code: str = "", problem: str = "", status: int = 422) -> Response:
    return page.answer(
        "receipt_code", t, status=status if problem else 200, code=code, problem=problem
    )


def _look_up(code: str) -> Receipt | None:
    with transaction.reading(current_engines()) as session:
        return queries.by_code(session, code)


def _do(code: str, doing: str, form: Fields) -> tuple[Problem, ...]:
    """Does what was asked for; the problems that keep it from being done."""
    try:
        # Nothing of it is kept in the journal: only whoever holds the code can take it back.
        with transaction.writing(current_engines(), actor_id=None, journalled=False) as session:
            _command(session, code, doing, form)
    except NotFound:
        return ()
    except ConveningError as error:
        return error.problems
    return ()


def _command(session: Session, code: str, doing: str, form: Fields) -> None:
    if doing == "add":
        commands.add_by_receipt(session, code, form.text("form"), form.text("addition"))
    elif doing == "withdraw":
        commands.withdraw_by_receipt(session, code)
    else:
        field = "answers" if doing == "reply" else "publish"
        said = {"yes": True, "no": False}.get(form.text(field))
        if said is None:
            raise ConveningError("reply_missing" if doing == "reply" else "consent_missing")
        if doing == "reply":
            commands.reply_by_receipt(session, code, said)
        else:
            commands.publish_by_receipt(session, code, said)
