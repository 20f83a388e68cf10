"""Choosing people for a convening, and moving their invitations."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from convening.fields import checked
from convening.invitations import (
    BARRIERS_LENGTH,
    CHECK_IN_STATUSES,
    MOST_AT_ONCE,
    Invited,
    SupportDraft,
    absence_open,
    check_in_open,
    move,
    takes_a_place,
)
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor
from convening.vocabulary import ConveningState, InvitationStatus, Part, Support
from db import journal
from db.base import now
from db.commands import noting, outbox, versions
from db.queries import convenings
from db.queries.invitations import free_places
from db.tables import community, work


def invite(
    session: Session, actor: Actor, convening_id: int, stakeholder_ids: Sequence[int], part: Part
) -> Invited:
    """Proposes people of the map; those for whom no place is left go on the waitlist.

    All or nobody: people who have an invitation already are named, code ``already_chosen``. One
    whose invitation was withdrawn gets a new one.
    """
    meeting = convenings.row(session, actor, convening_id, Action.INVITE, for_update=True)
    if meeting.state in (ConveningState.HELD, ConveningState.CANCELLED):
        raise ConveningError("convening_is_over")
    people = _people(session, meeting, stakeholder_ids)
    free = free_places(session, meeting)
    rows = [
        _new(meeting, person, part, _status(position, free))
        for position, person in enumerate(people)
    ]
    session.add_all(rows)
    session.flush()
    placed = tuple(row.key for row in rows if row.status == InvitationStatus.PROPOSED)
    waiting = tuple(row.key for row in rows if row.status == InvitationStatus.WAITLISTED)
    noting.noted_row(session, actor, "invite", meeting, count=len(rows), waitlisted=len(waiting))
    return Invited(placed, waiting)


def add_walk_ins(
    session: Session, actor: Actor, convening_id: int, stakeholder_ids: Sequence[int], part: Part
) -> Invited:
    """Notes people of the map who came without an invitation; no place is needed for that."""
    meeting = convenings.row(session, actor, convening_id, Action.CHECK_IN, for_update=True)
    _require_open_check_in(meeting)
    people = _people(session, meeting, stakeholder_ids)
    rows = [_new(meeting, person, part, InvitationStatus.ATTENDED) for person in people]
    if meeting.state == ConveningState.HELD:
        _keep_groups(session, rows)
    session.add_all(rows)
    noting.noted_row(session, actor, "add_walk_ins", meeting, count=len(rows))
    return Invited(tuple(row.key for row in rows), ())


def set_part(
    session: Session, actor: Actor, convening_id: int, invitation_ids: Sequence[int], part: Part
) -> int:
    """Gives invited people another part; returns how many."""
    meeting = convenings.row(session, actor, convening_id, Action.INVITE)
    rows = _invitations(session, meeting, invitation_ids)
    for row in rows:
        row.part = part
        versions.check(row, None)
    noting.noted_row(session, actor, "set_part", meeting, count=len(rows), part=part.value)
    return len(rows)


def move_status(
    session: Session,
    actor: Actor,
    convening_id: int,
    invitation_ids: Sequence[int],
    wanted: InvitationStatus,
) -> int:
    """Moves invitations, all of them or none; returns how many.

    Every invitation that cannot move is a problem of its own (``cannot_move_person``); too few
    free places is one for all (``no_free_place``).
    """
    action = Action.CHECK_IN if wanted in CHECK_IN_STATUSES else Action.INVITE
    meeting = convenings.row(session, actor, convening_id, action, for_update=True)
    if action is Action.CHECK_IN:
        _require_open_check_in(meeting)
        if wanted is InvitationStatus.ABSENT and not absence_open(
            convenings.record(meeting), now()
        ):
            raise ConveningError("absence_not_open")
    rows = _invitations(session, meeting, invitation_ids)
    problems = _refused(session, rows, wanted) or _too_full(session, meeting, rows, wanted)
    if problems:
        raise Invalid(problems)
    for row in rows:
        row.status, row.status_at = wanted, now()
        row.wants_place = row.wants_place and wanted is InvitationStatus.WAITLISTED
        versions.check(row, None)
    noting.noted_row(session, actor, "move_status", meeting, count=len(rows), status=wanted.value)
    if action is Action.INVITE:
        invited = wanted is InvitationStatus.INVITED
        outbox.follow(session, meeting, asked=[row.key for row in rows] if invited else ())
    return len(rows)


def withdraw(
    session: Session, actor: Actor, convening_id: int, invitation_ids: Sequence[int]
) -> int:
    """Takes invitations back; whoever was in the room, or missed it, stays on record."""
    return move_status(session, actor, convening_id, invitation_ids, InvitationStatus.WITHDRAWN)


def waitlist(
    session: Session, actor: Actor, convening_id: int, invitation_ids: Sequence[int]
) -> int:
    """Puts proposed or invited people on the waitlist; their places are free again."""
    return move_status(session, actor, convening_id, invitation_ids, InvitationStatus.WAITLISTED)


def check_in(
    session: Session, actor: Actor, convening_id: int, invitation_ids: Sequence[int], came: bool
) -> int:
    """Notes who is in the room, or who was expected and stayed away."""
    wanted = InvitationStatus.ATTENDED if came else InvitationStatus.ABSENT
    return move_status(session, actor, convening_id, invitation_ids, wanted)


def set_support(session: Session, actor: Actor, draft: SupportDraft) -> int:
    """Keeps what stands in a person's way, and what is offered against it."""
    row = session.get(work.Invitation, draft.invitation_id, with_for_update=True)
    if row is None:
        raise NotFound("invitation")
    try:
        meeting = convenings.row(session, actor, row.convening_id, Action.INVITE)
    except NotFound:
        raise NotFound("invitation") from None
    problems: list[Problem] = []
    barriers = checked(
        draft.barriers, "barriers", problems, longest=BARRIERS_LENGTH, multiline=True
    )
    if problems:
        raise Invalid(problems)
    versions.check(row, draft.version)
    row.barriers = barriers
    row.support = [each.value for each in Support if each in draft.support]
    noting.noted_row(session, actor, "set_support", meeting, invitation=row.key)
    return row.key


def _people(
    session: Session, meeting: work.Convening, stakeholder_ids: Sequence[int]
) -> list[community.Stakeholder]:
    """The chosen people in the order given, none of whom has a place already."""
    ids = list(dict.fromkeys(stakeholder_ids))
    _check_amount(ids)
    found = {
        row.key: row
        for row in session.exec(
            select(community.Stakeholder).where(
                col(community.Stakeholder.id).in_(ids),
                community.Stakeholder.initiative_id == meeting.initiative_id,
            )
        )
    }
    if len(found) < len(ids):
        raise NotFound("stakeholder")
    known = session.exec(
        select(work.Invitation).where(
            work.Invitation.convening_id == meeting.key,
            col(work.Invitation.stakeholder_id).in_(ids),
        )
    ).all()
    names = {row.key: row.name for row in found.values()}
    withdrawn = [row for row in known if row.status == InvitationStatus.WITHDRAWN]
    problems = [
        Problem("already_chosen", {"name": names[row.stakeholder_id or 0]}, str(row.stakeholder_id))
        for row in known
        if row not in withdrawn
    ]
    if problems:
        raise Invalid(problems)
    people = [found[each] for each in ids]
    for row in withdrawn:
        journal.remove(session, row)
    return people


def _new(
    meeting: work.Convening, person: community.Stakeholder, part: Part, status: InvitationStatus
) -> work.Invitation:
    return work.Invitation(
        convening_id=meeting.key,
        stakeholder_id=person.key,
        part=part.value,
        status=status.value,
        status_at=now(),
    )


def _status(position: int, free: int | None) -> InvitationStatus:
    placed = free is None or position < free
    return InvitationStatus.PROPOSED if placed else InvitationStatus.WAITLISTED


def _keep_groups(session: Session, rows: Sequence[work.Invitation]) -> None:
    """Whoever is added to a convening after it was held keeps the groups of this moment."""
    memberships = session.exec(
        select(community.GroupMembership).where(
            col(community.GroupMembership.stakeholder_id).in_([row.stakeholder_id for row in rows])
        )
    ).all()
    for row in rows:
        row.groups_when_held = sorted(
            each.group for each in memberships if each.stakeholder_id == row.stakeholder_id
        )


def _invitations(
    session: Session, meeting: work.Convening, invitation_ids: Sequence[int]
) -> list[work.Invitation]:
    ids = sorted(set(invitation_ids))
    _check_amount(ids)
    rows = session.exec(
        select(work.Invitation)
        .where(work.Invitation.convening_id == meeting.key, col(work.Invitation.id).in_(ids))
        .order_by(col(work.Invitation.id))
        .with_for_update()
    ).all()
    if len(rows) < len(ids):
        raise NotFound("invitation")
    return list(rows)


def _refused(
    session: Session, rows: Sequence[work.Invitation], wanted: InvitationStatus
) -> list[Problem]:
    refused = [row for row in rows if move(InvitationStatus(row.status), wanted) is not None]
    if not refused:
        return []
    names = dict(
        session.exec(
            select(community.Stakeholder.id, community.Stakeholder.name).where(
                col(community.Stakeholder.id).in_([row.stakeholder_id for row in refused])
            )
        ).all()
    )
    return [
        Problem(
            "cannot_move_person" if row.stakeholder_id in names else "cannot_move",
            {
                "name": names.get(row.stakeholder_id, ""),
                "status": InvitationStatus(row.status),
                "wanted": wanted,
            },
            str(row.key),
        )
        for row in refused
    ]


def _too_full(
    session: Session,
    meeting: work.Convening,
    rows: Sequence[work.Invitation],
    wanted: InvitationStatus,
) -> list[Problem]:
    needed = sum(takes_a_place(InvitationStatus(row.status), wanted) for row in rows)
    free = free_places(session, meeting) if needed else None
    if free is None or needed <= free:
        return []
    return [Problem("no_free_place", {"places": meeting.capacity, "free": free}, "capacity")]


def _require_open_check_in(meeting: work.Convening) -> None:
    if not check_in_open(convenings.record(meeting), now()):
        raise ConveningError("check_in_not_open")


def _check_amount(ids: Sequence[int]) -> None:
    if not ids:
        raise ConveningError("nobody_chosen")
    if len(ids) > MOST_AT_ONCE:
        raise ConveningError("too_many_at_once", limit=MOST_AT_ONCE)
