"""Answers to invitations: what an invited person says, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from convening.community import NAME_LENGTH
from convening.convenings import Convening, end_of
from convening.fields import checked
from convening.invitations import MOVES, Invitation
from convening.problems import ConveningError, Problem
from convening.vocabulary import (
    AnswerChannel,
    ConveningState,
    Group,
    InvitationStatus,
    Language,
    Need,
)

REASON_LENGTH = 1000  # characters
NEEDS_NOTE_LENGTH = 300
WHY_LENGTH = 500
MOST_NAMED = 5  # people whom one link can name: a chain letter would fill the team's list
NAMED_AT_ONCE = 2

_S = InvitationStatus
ANSWERABLE = frozenset({_S.PROPOSED, _S.INVITED, _S.WAITLISTED, _S.ACCEPTED, _S.DECLINED})


@dataclass(frozen=True)
class Named:
    """Somebody who should be asked too, and why."""

    name: str
    organisation: str = ""
    reason: str = ""

    @property
    def empty(self) -> bool:
        return not (self.name.strip() or self.organisation.strip() or self.reason.strip())


@dataclass(frozen=True)
class AnswerDraft:
    """An answer as given. ``accept`` is None while nothing was chosen.

    ``groups`` are those that the person places themselves in; None when they would rather not say,
    which leaves the map as it is.
    """

    accept: bool | None
    reason: str = ""
    needs: frozenset[Need] = frozenset()
    needs_note: str = ""
    groups: frozenset[Group] | None = None
    others: tuple[Named, ...] = ()


@dataclass(frozen=True)
class RecordedDraft:
    """An answer that reached an organiser by telephone or on a visit; ``groups`` is None where
    they did not speak of them."""

    invitation_id: int
    version: int | None = None
    channel: AnswerChannel = AnswerChannel.TELEPHONE
    accept: bool | None = None
    reason: str = ""
    needs: frozenset[Need] = frozenset()
    needs_note: str = ""
    groups: frozenset[Group] | None = None

    @property
    def answer(self) -> AnswerDraft:
        return AnswerDraft(self.accept, self.reason, self.needs, self.needs_note, self.groups)


@dataclass(frozen=True)
class Answered:
    """What became of an answer: ``wants_place`` when no place was free for somebody who would
    come; their status stays, and the wish is on record."""

    invitation_id: int
    status: InvitationStatus
    wants_place: bool


@dataclass(frozen=True)
class OpenInvitation:
    """What the holder of a personal link may see: the convening, their own part in it, and nothing
    of anybody else. ``named`` counts whom they have named; ``full`` says that no place is free."""

    meeting: Convening
    initiative: str
    invited_by: tuple[str, ...]
    name: str
    status: InvitationStatus
    wants_place: bool
    reason: str
    needs: frozenset[Need]
    needs_note: str
    answered_at: datetime | None
    groups: frozenset[Group]
    groups_confirmed: bool
    named: int
    full: bool
    group_names: Mapping[Group, str] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        """Whether an answer can still be given: not by somebody who is in the room already."""
        return self.status in ANSWERABLE


@dataclass(frozen=True)
class FoundLink:
    """A personal link that exists; ``invitation`` is None when it is no longer open."""

    language: Language | None
    invitation: OpenInvitation | None


@dataclass(frozen=True)
class AnswerCounts:
    """``asked`` people got an invitation; ``answered`` of them said yes or no, or were there."""

    asked: int
    answered: int

    @property
    def silent(self) -> int:
        return self.asked - self.answered


def recorded(invitation: Invitation) -> RecordedDraft:
    """What is on record of a person's answer, to be noted anew."""
    return RecordedDraft(
        invitation_id=invitation.id,
        version=invitation.version,
        accept={_S.ACCEPTED: True, _S.DECLINED: False}.get(invitation.status),
        reason=invitation.declined_because,
        needs=frozenset(invitation.needs),
        needs_note=invitation.needs_note,
    )


def cleaned(draft: AnswerDraft, named: int = 0) -> tuple[AnswerDraft, list[Problem]]:
    """The answer with its texts cleaned, and every problem that keeps it from being taken.

    ``named`` people were named before. Codes by field: answer_missing (accept), too_long (reason,
    needs_note, other_N_...), required (other_N_name, where only the rest was filled in),
    too_many_named (others). N counts from 1. A reason belongs to a "no" alone.
    """
    problems: list[Problem] = []
    if draft.accept is None:
        problems.append(Problem("answer_missing", field="accept"))
    others = [
        cleaned_other(each, number, problems)
        for number, each in enumerate(draft.others, start=1)
        if not each.empty
    ]
    if others and named + len(others) > MOST_NAMED:
        problems.append(Problem("too_many_named", {"count": MOST_NAMED - named}, "others"))
    reason = checked(draft.reason, "reason", problems, longest=REASON_LENGTH, multiline=True)
    return replace(
        draft,
        reason="" if draft.accept else reason,
        needs_note=checked(draft.needs_note, "needs_note", problems, longest=NEEDS_NOTE_LENGTH),
        others=tuple(others),
    ), problems


def is_open(meeting: Convening, status: InvitationStatus, now: datetime) -> bool:
    """Whether a personal link still opens: until the convening ends, is called off or marked held,
    or the invitation is withdrawn. ``now`` is aware."""
    if meeting.state in (ConveningState.HELD, ConveningState.CANCELLED):
        return False
    end = end_of(meeting)
    return status is not _S.WITHDRAWN and (end is None or now < end)


def moves(current: InvitationStatus, accept: bool) -> tuple[InvitationStatus, ...]:
    """The moves that take an invitation to an answer, none when it is there already.

    Whoever answers was asked: who is only proposed, and who declines from the waitlist, passes
    through "invited". Raises ``cannot_move`` for somebody who is in the room or missed it.
    """
    wanted = _S.ACCEPTED if accept else _S.DECLINED
    if current is wanted:
        return ()
    if current in ANSWERABLE:
        if wanted in MOVES[current]:
            return (wanted,)
        if _S.INVITED in MOVES[current]:
            return (_S.INVITED, wanted)
    raise ConveningError("cannot_move", status=current, wanted=wanted)


def said_groups(draft: AnswerDraft, known: frozenset[Group]) -> frozenset[Group] | None:
    """The groups that a person confirmed or corrected; None when nothing was said.

    Nothing ticked by somebody who is in no group says nothing.
    """
    return None if not draft.groups and not known else draft.groups


def count(invitations: Sequence[tuple[InvitationStatus, bool]]) -> AnswerCounts:
    """Of pairs of status and "an answer came in": how many were asked and how many answered."""
    asked = [
        (status, answered)
        for status, answered in invitations
        if status is not _S.WITHDRAWN and (answered or status not in (_S.PROPOSED, _S.WAITLISTED))
    ]
    return AnswerCounts(
        len(asked), sum(answered or status is not _S.INVITED for status, answered in asked)
    )


def cleaned_other(each: Named, number: int, problems: list[Problem]) -> Named:
    """One of the people named in a form, as ``cleaned`` does it."""
    field_of = f"other_{number}_{{}}".format
    return Named(
        checked(each.name, field_of("name"), problems, required=True, longest=NAME_LENGTH),
        checked(each.organisation, field_of("organisation"), problems, longest=NAME_LENGTH),
        checked(each.reason, field_of("reason"), problems, longest=WHY_LENGTH, multiline=True),
    )
