"""Reading who is invited to a convening, and who on the map could be."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from convening.balance import groups_of
from convening.community import search_terms
from convening.invitations import (
    HOLDS_A_PLACE,
    REACHED,
    Choice,
    ChoiceFilter,
    ChoicePage,
    Invitation,
)
from convening.roles import Action, Actor
from convening.vocabulary import (
    AnswerChannel,
    FunnelStep,
    InvitationStatus,
    Need,
    Part,
    Relationship,
    Support,
)
from db import kept
from db.base import columns
from db.queries import convenings, how_often, masks
from db.tables import work
from db.tables.community import GroupMembership, Organisation, Stakeholder

PAGE_SIZE = 30
_OF_INVITATION = (
    "id",
    "convening_id",
    "stakeholder_id",
    "part",
    "status",
    "status_at",
    "barriers",
    "support",
    "version",
    "needs",
    "needs_note",
    "declined_because",
    "wants_place",
    "answered_at",
    "answered_by",
    "reminded_at",
)
CANDIDATES = 60  # five times as many as are shown, so that organisations can take turns


def listing(session: Session, actor: Actor, convening_id: int) -> list[Invitation]:
    """Everybody who is invited to a convening or was, by name; the withdrawn too."""
    return [each for each, _ in with_more(session, actor, convening_id)]


def with_more(
    session: Session, actor: Actor, convening_id: int, *more: Any
) -> list[tuple[Invitation, Any]]:
    """The same, each with its row, which has ``more`` columns of the person or organisation."""
    meeting = convenings.row(session, actor, convening_id, Action.SEE_PEOPLE)
    places = columns(work.Invitation)
    statement = (
        select(  # type: ignore[call-overload]
            *(places[name] for name in _OF_INVITATION),
            col(Stakeholder.name),
            col(Stakeholder.relationship),
            col(Stakeholder.organisation_id),
            col(Organisation.name).label("organisation"),
            masks.of_invitation().label("mask"),
            *more,
        )
        .select_from(work.Invitation)
        .join(Stakeholder, col(Stakeholder.id) == places.stakeholder_id, isouter=True)
        .join(Organisation, col(Organisation.id) == col(Stakeholder.organisation_id), isouter=True)
        .where(places.convening_id == convening_id)
        .order_by(col(Stakeholder.folded).is_(None), Stakeholder.folded, places.id)
    )
    rows = session.connection().execute(statement).all()  # by the session they would cost twice
    times = how_often.before(session, meeting, REACHED[FunnelStep.INVITED])
    return [(_invitation(row, times.get(row.stakeholder_id, 0)), row) for row in rows]


def free_places(session: Session, meeting: work.Convening) -> int | None:
    """How many places nobody holds, None when no number was set; for callers who have checked."""
    if meeting.capacity is None:
        return None
    return max(0, meeting.capacity - places_taken(session, meeting.key))


def places_taken(session: Session, convening_id: int) -> int:
    """How many hold a place; for callers who have checked."""
    return session.exec(
        select(func.count())
        .select_from(work.Invitation)
        .where(
            work.Invitation.convening_id == convening_id,
            col(work.Invitation.status).in_(HOLDS_A_PLACE),
        )
    ).one()


def choices(
    session: Session,
    actor: Actor,
    convening_id: int,
    wanted: ChoiceFilter,
    page: int = 0,
    size: int = PAGE_SIZE,
) -> ChoicePage:
    """People of the map without a place in the convening, by name; ``page`` counts from 0."""
    meeting = convenings.row(session, actor, convening_id, Action.SEE_PEOPLE)
    wanted_people: Any = select(col(Stakeholder.id).label("id")).where(
        _uninvited(meeting), *_narrowed(meeting, wanted)
    )
    total = kept.value(
        session,
        meeting.initiative_id,
        f"choices for {convening_id}: {wanted}",
        lambda: session.exec(select(func.count()).select_from(wanted_people.subquery())).one(),
        lasting=not wanted.search,
    )
    shown = (
        wanted_people.order_by(Stakeholder.folded, col(Stakeholder.id))
        .offset(page * size)
        .limit(size)
        .subquery()
    )
    person = col(Stakeholder.id)
    found = session.execute(
        _people(masks.of_person(person), how_often.invited(meeting, person))
        .join(shown, shown.c.id == person)
        .order_by(Stakeholder.folded, person)
    )
    return ChoicePage(tuple(_choice(row, row.mask, row.times) for row in found), total)


def candidates(session: Session, actor: Actor, convening_id: int) -> list[Choice]:
    """People in a group without a place in the convening, for the search of who is missing.

    Of people who are in the same groups alike, those come whom the foundation has heard least, at
    most ``CANDIDATES`` of each combination: more are never shown.
    """
    meeting = convenings.row(session, actor, convening_id, Action.SEE_PEOPLE)
    least = kept.value(
        session,
        meeting.initiative_id,
        f"candidates for {convening_id}",
        lambda: _least_heard(session, meeting),
    )
    found = session.execute(
        _people().where(col(Stakeholder.id).in_(least)).order_by(col(Stakeholder.id))
    )
    return [_choice(row, *least[row.id]) for row in found]


def _least_heard(session: Session, meeting: work.Convening) -> dict[int, tuple[int, int]]:
    """Mask, and how often they were invited, by the ids of the candidates."""
    today = masks.on_the_map([meeting.initiative_id])
    known = (
        select(work.Invitation.id)
        .where(col(work.Invitation.stakeholder_id) == col(Stakeholder.id))
        .exists()
    )
    close = col(Stakeholder.relationship) == Relationship.ESTABLISHED.value
    turn = func.row_number().over(
        partition_by=today.c.mask,
        order_by=[case((known, 1), else_=0), case((close, 1), else_=0), col(Stakeholder.id)],
    )
    turns = (
        select(col(Stakeholder.id).label("id"), today.c.mask, turn.label("turn"))
        .join(today, today.c.stakeholder_id == col(Stakeholder.id))
        .where(_uninvited(meeting))
        .subquery()
    )
    rows = session.exec(
        select(turns.c.id, turns.c.mask, how_often.invited(meeting, turns.c.id)).where(
            turns.c.turn <= CANDIDATES
        )
    )
    return {each: (mask, times) for each, mask, times in rows}


def _people(mask: Any = None, times: Any = None) -> Any:
    """What ``_choice`` takes of people; mask and times only where they are not known before."""
    through = aliased(Stakeholder)
    asked = [
        each.label(name) for each, name in ((mask, "mask"), (times, "times")) if each is not None
    ]
    return (
        select(  # type: ignore[call-overload]
            col(Stakeholder.id),
            col(Stakeholder.name),
            col(Stakeholder.organisation_id),
            col(Stakeholder.place),
            col(Stakeholder.relationship),
            col(Organisation.name).label("organisation"),
            col(through.name).label("through"),
            *asked,
        )
        .select_from(Stakeholder)
        .join(Organisation, col(Organisation.id) == col(Stakeholder.organisation_id), isouter=True)
        .join(through, col(through.id) == col(Stakeholder.reached_through_id), isouter=True)
    )


def _choice(row: Any, mask: int | None, times: int) -> Choice:
    return Choice(
        id=row.id,
        name=row.name,
        organisation_id=row.organisation_id,
        organisation=row.organisation or "",
        place=row.place,
        groups=groups_of(mask or 0),
        relationship=Relationship(row.relationship),
        times_invited=times,
        through=row.through or "",
    )


def _uninvited(meeting: work.Convening) -> ColumnElement[bool]:
    """On the map of the convening's initiative, and without an invitation that still stands."""
    standing = (
        select(work.Invitation.id)
        .where(
            work.Invitation.convening_id == meeting.key,
            col(work.Invitation.stakeholder_id) == col(Stakeholder.id),
            work.Invitation.status != InvitationStatus.WITHDRAWN.value,
        )
        .exists()
    )
    return (col(Stakeholder.initiative_id) == meeting.initiative_id) & ~standing


def _narrowed(meeting: work.Convening, wanted: ChoiceFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(Stakeholder.folded).contains(term, autoescape=True)
        for term in search_terms(wanted.search)
    ]
    placed = select(GroupMembership.id).where(
        col(GroupMembership.stakeholder_id) == col(Stakeholder.id)
    )
    if wanted.group is not None:
        conditions.append(placed.where(GroupMembership.group == wanted.group.value).exists())
    if wanted.unplaced:
        conditions.append(~placed.exists())
    if wanted.relationship is not None:
        conditions.append(col(Stakeholder.relationship) == wanted.relationship.value)
    if wanted.new_faces:
        conditions.append(how_often.invited(meeting, col(Stakeholder.id)) == 0)
    return conditions


def _invitation(row: Any, times_before: int) -> Invitation:
    return Invitation(
        id=row.id,
        convening_id=row.convening_id,
        stakeholder_id=row.stakeholder_id,
        name=row.name or "",
        organisation_id=row.organisation_id,
        organisation=row.organisation or "",
        groups=groups_of(row.mask),
        relationship=Relationship(row.relationship or Relationship.NONE),
        part=Part(row.part),
        status=InvitationStatus(row.status),
        status_at=row.status_at,
        barriers=row.barriers,
        support=_support(row.support),
        times_before=times_before,
        version=row.version,
        needs=tuple(each for each in Need if each.value in row.needs) if row.needs else (),
        needs_note=row.needs_note,
        declined_because=row.declined_because,
        wants_place=row.wants_place,
        answered_at=row.answered_at,
        answered_by=AnswerChannel(row.answered_by) if row.answered_by else None,
        reminded_at=row.reminded_at,
    )


def _support(stored: Sequence[str]) -> tuple[Support, ...]:
    return tuple(each for each in Support if each.value in stored) if stored else ()
