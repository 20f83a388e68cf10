"""Dissenting views on a problem definition: where each stands, and what keeps a version from
being adopted.

A view is answered by a response, and its owner is asked whether that answers it. A "no" reopens it
once; the second response closes it. If the owner still says no, the view is published as standing,
with that verdict and two signatures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import DissentState, Outcome, Strength

TIME_TO_REPLY = timedelta(days=7)
ROUNDS = 2  # responses to one view
SIGNATURES = 2  # under a view that is published against its owner's verdict
STATEMENT_LENGTH = 2000  # characters
REASON_LENGTH = 5000

CLOSED = frozenset(
    {
        DissentState.CONFIRMED,
        DissentState.NO_REPLY,
        DissentState.STILL_NO,
        DissentState.WITHDRAWN,
        DissentState.STRUCK,
    }
)

GONE = frozenset({DissentState.WITHDRAWN, DissentState.STRUCK})  # nothing is said of it any more


@dataclass(frozen=True)
class Response:
    """The reasoned answer to a view.

    ``asked_at`` is when its owner was asked, ``answers`` what they said: None until they reply.
    """

    outcome: Outcome
    asked_at: datetime | None = None
    answers: bool | None = None


@dataclass(frozen=True)
class View:
    """A dissenting view with its responses in their order, at most ``ROUNDS``.

    The id of an anonymous one is a text.
    """

    id: int | str
    responses: tuple[Response, ...] = ()
    signatures: int = 0
    struck: bool = False


@dataclass(frozen=True)
class ViewText:
    """What was said: ``resolution`` is the change that would resolve it."""

    strength: Strength
    statement: str
    reason: str = ""
    resolution: str = ""


def check_text(text: ViewText) -> tuple[ViewText, list[Problem]]:
    """The text cleaned, and what is missing: a concern needs a sentence only, an objection its
    reason. Codes by field: required, too_long, objection_needs_reason."""
    problems: list[Problem] = []
    statement = checked(
        text.statement,
        "statement",
        problems,
        longest=STATEMENT_LENGTH,
        required=True,
        multiline=True,
    )
    reason, resolution = (
        checked(value, name, problems, longest=REASON_LENGTH, multiline=True)
        for name, value in (("reason", text.reason), ("resolution", text.resolution))
    )
    if text.strength is Strength.OBJECTION and not reason:
        problems.append(Problem("objection_needs_reason", field="reason"))
    return ViewText(text.strength, statement, reason, resolution), problems


def state(view: View, now: datetime) -> DissentState:
    """Where the view stands at ``now``; silence for seven days counts as having been asked."""
    if view.struck:
        return DissentState.STRUCK
    if not view.responses:
        return DissentState.UNANSWERED
    last = view.responses[-1]
    if last.outcome is Outcome.WITHDRAWN:
        return DissentState.WITHDRAWN
    if last.answers is True:
        return DissentState.CONFIRMED
    if last.answers is False:
        return _after_no(view)
    if last.asked_at is None:
        return DissentState.NOT_ASKED
    return DissentState.ASKED if now < last.asked_at + TIME_TO_REPLY else DissentState.NO_REPLY


def _after_no(view: View) -> DissentState:
    if len(view.responses) < ROUNDS:
        return DissentState.REOPENED
    return DissentState.STILL_NO if view.signatures >= SIGNATURES else DissentState.UNSIGNED


def stands(view: View, now: datetime) -> bool:
    """Whether the view is closed and published with the definition as standing: it was answered
    so, or its owner still said no to the second response."""
    found = state(view, now)
    if found is DissentState.STILL_NO:
        return True
    answered = found in (DissentState.CONFIRMED, DissentState.NO_REPLY)
    return answered and view.responses[-1].outcome is Outcome.STANDS


def standing(views: Iterable[View], now: datetime) -> list[View]:
    """The views that are published with an adopted version."""
    return [view for view in views if stands(view, now)]


def is_sealed(responded_at: datetime | None, adopted_at: datetime | None) -> bool:
    """Whether a version was adopted with the last response to a view: what was said of it stays.

    ``responded_at`` is when that response was written, ``adopted_at`` when a version was last
    adopted that has to answer for the view: its own, or a later one.
    """
    return bool(responded_at and adopted_at and adopted_at >= responded_at)


def is_loose(
    where: DissentState, responded_at: datetime | None, adopted_at: datetime | None
) -> bool:
    """Whether the owner of a view in this state can still say something of it: until it is
    withdrawn or struck through, or what was said of it is sealed."""
    return where not in GONE and not is_sealed(responded_at, adopted_at)


def adoption(views: Sequence[View], now: datetime, open_rooms: Sequence[str] = ()) -> list[Problem]:
    """What keeps a version from being adopted; ``views`` are those on it and on all before it.

    ``open_rooms`` are the titles of convenings in whose rooms people can still dissent. They alone
    are told then, room_holds_adoption (``convening``): a number of views that grows would tell who
    has just written one.

    Otherwise one problem for each view that is not closed, params ``view`` (its id):
    dissent_unanswered, dissent_not_asked, dissent_still_asked (``until``), dissent_reopened,
    dissent_unsigned (``count``, the signatures that are missing).
    """
    if open_rooms:
        return [Problem("room_holds_adoption", {"convening": each}) for each in open_rooms]
    found = ((view, state(view, now)) for view in views)
    return [_open(view, where) for view, where in found if where not in CLOSED]


def _open(view: View, where: DissentState) -> Problem:
    if where is DissentState.ASKED:
        asked_at = view.responses[-1].asked_at
        until = asked_at + TIME_TO_REPLY if asked_at else None
        return Problem("dissent_still_asked", {"view": view.id, "until": until})
    if where is DissentState.UNSIGNED:
        missing = SIGNATURES - view.signatures
        return Problem("dissent_unsigned", {"view": view.id, "count": missing})
    codes = {
        DissentState.UNANSWERED: "dissent_unanswered",
        DissentState.NOT_ASKED: "dissent_not_asked",
        DissentState.REOPENED: "dissent_reopened",
    }
    return Problem(codes[where], {"view": view.id})
