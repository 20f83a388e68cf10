"""The pages of a room for everybody in it, as HTML."""

from collections.abc import Sequence, Set
from typing import Any

from starlette.responses import Response

from convening import dissent
from convening.i18n.participants import Translator
from convening.participation import (
    STATEMENTS_AT_ONCE,
    InHand,
    JoinedRoom,
    NoteDraft,
    Participant,
)
from convening.problems import Problem
from convening.vocabulary import Attribution, Choice, Group, NoteRelease, Strength
from db import room_codes
from pages.plain import page
from pages.plain.join_forms import ticks_of

_DONE = {"vote": "join.vote_noted", "groups": "join.groups_saved"}
_LENGTHS = {"text": dissent.STATEMENT_LENGTH, "reason": dissent.REASON_LENGTH}


def path(token: str) -> str:
    return f"/join/{token}"


def code(t: Translator, *, typed: str = "", problem: str = "", back: str = "") -> Response:
    """The field for a code."""
    status = 422 if problem else 200
    worded = t(problem) if problem else ""
    return page.answer("join_code", t, status=status, code=typed, problem=worded, back=back)


def entrance(
    t: Translator,
    token: str,
    room: JoinedRoom,
    *,
    nonce: str,
    ticks: Set[str] = frozenset(),
    problems: Sequence[Problem] = (),
) -> Response:
    """The promise, and which groups one is of."""
    return page.answer(
        "join_enter",
        t,
        status=422 if problems else 200,
        path=path(token),
        room=room,
        nonce=nonce,
        promise=[t("join.promise_name"), *promise(room, t), t("join.promise_vote")],
        names=names(room, t),
        ticks=ticks,
        problems=page.by_field(problems, "text", lambda each: _worded(each, t)),
    )


def inside(
    t: Translator,
    token: str,
    room: JoinedRoom,
    who: Participant,
    note: NoteDraft,
    *,
    number: int | None = None,
    ticks: Set[str] = frozenset(),
    done: str = "",
    voted: int | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:
    """The room: its question, the statements of one page, and the form for a note.

    ``ticks`` are those of groups that were not saved yet; the page opens at the statement just
    ``voted``.
    """
    named, kept = names(room, t), ticks_of(who.groups)
    mine = t.join(named[each] for each in Group if each in who.groups)
    return page.answer(
        "join_room",
        t,
        status=status,
        path=path(token),
        room=room,
        note=note,
        problems=page.by_field(problems, "text", lambda each: _worded(each, t)),
        done=t(_DONE[done]) if done in _DONE else "",
        choices=list(Choice),
        strengths=list(Strength),
        promise=promise(room, t),
        takes_words=room.offers_notes or (room.in_hand is not None and bool(who.groups)),
        names=named,
        ticks=ticks or kept,
        changing=bool(ticks) and ticks != kept,
        voted=voted,
        mine=mine,
        here=t("join.here_as", groups=mine) if mine else t("join.here_without"),
        lengths=_LENGTHS,
        **_statements(room, number or first_unvoted(room)),
    )


def _statements(room: JoinedRoom, number: int) -> dict[str, Any]:
    """One page of them, and where it stands among all."""
    pages = max(1, -(-len(room.statements) // STATEMENTS_AT_ONCE))
    number = min(max(1, number), pages)
    first = (number - 1) * STATEMENTS_AT_ONCE
    shown = room.statements[first : first + STATEMENTS_AT_ONCE]
    return {
        "shown": shown,
        "number": number,
        "pages": pages,
        "first": first + 1,
        "last": first + len(shown),
        "all": len(room.statements),
    }


def receipt(t: Translator, token: str, code: str, attribution: Attribution) -> Response:
    """The code with which one comes back to what was written."""
    return page.answer(
        "join_receipt",
        t,
        path=path(token),
        code=room_codes.spaced(code),
        anonymous=attribution is Attribution.ANONYMOUS,
    )


def text(
    t: Translator,
    token: str,
    in_hand: InHand,
    kept: Sequence[tuple[str, str]] = (),
    number: int | None = None,
) -> Response:
    """Every part of the version that the room talks about; ``kept`` goes back to the form."""
    return page.answer(
        "join_text", t, path=path(token), in_hand=in_hand, kept=kept, number=number or ""
    )


def words(t: Translator, token: str, key: str, typed: str, *, status: int = 0) -> Response:
    """Why something was not taken, with what was typed, so that it is not lost."""
    status = status or (503 if key == "join.try_again" else 409)
    return page.answer("join_words", t, status=status, path=path(token), key=key, words=typed)


def promise(room: JoinedRoom, t: Translator) -> list[str]:
    """What becomes of a note in this room, in sentences."""
    if not room.offers_notes:
        return [t("join.too_small"), t("join.too_small_instead")]
    live = room.release is NoteRelease.LIVE
    keys = ("note", "live" if live else "after", "set", "limit")
    return [t(f"join.promise_{each}") for each in keys]


def names(room: JoinedRoom, t: Translator) -> dict[Group, str]:
    """What the team calls each group."""
    own = t.with_groups(room.group_names)
    return {each: own.word(each) for each in Group}


def first_unvoted(room: JoinedRoom) -> int:
    """The page with the first statement that waits for a vote; the first one when none does."""
    places = (place for place, each in enumerate(room.statements) if each.choice is None)
    return next(places, 0) // STATEMENTS_AT_ONCE + 1


def _worded(problem: Problem, t: Translator) -> str:
    asked = problem.code in ("choose_one", "choose_either")
    return t(f"join.{problem.code if asked else f'problem_{problem.code}'}", **problem.params)
