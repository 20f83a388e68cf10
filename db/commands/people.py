"""Writing the rows that hang on a person of the map, for commands that have checked the actor."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from convening.community import PersonDraft, Placement, search_text
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.text import fold
from convening.vocabulary import Capital, Consent, Group
from db.base import at_midnight, now
from db.queries.community import MATCHING_AT_ONCE
from db.tables import community as table

_FURTHEST_EAST = timedelta(hours=14)  # where a day begins first (UTC+14)


def latest_day() -> date:
    """The day that it already is somewhere: a day up to this one is not in the future."""
    return (now() + _FURTHEST_EAST).date()


def write_person(session: Session, row: table.Stakeholder, draft: PersonDraft) -> None:
    """Puts a cleaned draft on a row and on all that hangs on it, and flushes."""
    row.name, row.place = draft.name, draft.place
    row.email, row.phone, row.note = draft.email, draft.phone, draft.note
    row.attributes = dict(draft.attributes)
    row.relationship, row.money = draft.relationship, draft.money
    row.minor = draft.minor
    row.language = draft.language or ""
    set_consent(row, draft.consent, draft.consent_on)
    if draft.reached_through_id != row.reached_through_id:
        require_on_map(session, row.initiative_id, [draft.reached_through_id], "reached_through")
    row.reached_through_id = draft.reached_through_id
    set_organisation(session, row, draft.organisation)
    session.add(row)
    session.flush()
    set_groups(session, row, draft.groups)
    set_capitals(session, row.key, draft.capitals)
    if draft.ties is not None:
        require_on_map(session, row.initiative_id, list(draft.ties), "ties")
        set_ties(session, row.key, draft.ties)
    session.flush()


def set_consent(row: table.Stakeholder, consent: Consent, on: date | None) -> None:
    """The answer and its day; an answer that nobody has given yet has no day."""
    row.consent = consent
    row.consent_at = at_midnight(on) if on and consent is not Consent.UNKNOWN else None


def set_organisation(session: Session, row: table.Stakeholder, name: str) -> None:
    """Finds the organisation by its folded name, or adds it; search finds the person by it."""
    row.organisation_id = None
    if name:
        folded = fold(name)
        known = session.exec(
            select(table.Organisation).where(
                table.Organisation.initiative_id == row.initiative_id,
                table.Organisation.folded == folded,
            )
        ).first()
        if known is None:
            known = table.Organisation(initiative_id=row.initiative_id, name=name, folded=folded)
            session.add(known)
            session.flush()
        row.organisation_id, name = known.key, known.name
    row.folded = search_text(row.name, name, row.place, row.email, row.phone)


def set_groups(session: Session, row: table.Stakeholder, groups: Mapping[Group, Placement]) -> None:
    """Makes the person's groups these, each with its reason and sub-circle."""
    require_circles(session, row.initiative_id, groups)
    known = {
        Group(each.group): each
        for each in session.exec(
            select(table.GroupMembership).where(table.GroupMembership.stakeholder_id == row.key)
        )
    }
    for group in known.keys() - groups.keys():
        session.delete(known[group])
    for group, placement in groups.items():
        member = known.get(group) or table.GroupMembership(stakeholder_id=row.key, group=group)
        member.question = placement.question
        member.sub_circle_id = placement.sub_circle_id
        session.add(member)


def set_capitals(session: Session, person_id: int, capitals: Mapping[Capital, str]) -> None:
    """Makes what the person can bring these words."""
    known = {
        Capital(each.capital): each
        for each in session.exec(
            select(table.CapitalHolding).where(table.CapitalHolding.stakeholder_id == person_id)
        )
    }
    for capital in known.keys() - capitals.keys():
        session.delete(known[capital])
    for capital, words in capitals.items():
        holding = known.get(capital) or table.CapitalHolding(
            stakeholder_id=person_id, capital=capital, words=words
        )
        holding.words = words
        session.add(holding)


def set_ties(session: Session, person_id: int, ties: Mapping[int, int]) -> None:
    """Makes the person's ties these, by the other's id; where a tie was formed stays on it."""
    known = {other_end(each, person_id): each for each in ties_of(session, person_id)}
    for other in known.keys() - ties.keys():
        session.delete(known[other])
    for other, strength in ties.items():
        tie = known.get(other) or table.Tie(
            first_id=min(person_id, other), second_id=max(person_id, other)
        )
        tie.strength = strength
        session.add(tie)


def ties_of(session: Session, person_id: int) -> Sequence[table.Tie]:
    return session.exec(
        select(table.Tie).where(
            (col(table.Tie.first_id) == person_id) | (col(table.Tie.second_id) == person_id)
        )
    ).all()


def other_end(tie: table.Tie, person_id: int) -> int:
    return tie.second_id if tie.first_id == person_id else tie.first_id


def of_map(session: Session, initiative_id: int, ids: Sequence[int]) -> list[table.Stakeholder]:
    """The rows of these people, locked; NotFound unless all of them are on this map."""
    wanted, found = sorted(set(ids)), list[table.Stakeholder]()
    for start in range(0, len(wanted), MATCHING_AT_ONCE):
        found += session.exec(
            select(table.Stakeholder)
            .where(
                col(table.Stakeholder.id).in_(wanted[start : start + MATCHING_AT_ONCE]),
                table.Stakeholder.initiative_id == initiative_id,
            )
            .order_by(col(table.Stakeholder.id))
            .with_for_update()
        ).all()
    if not wanted or len(found) != len(wanted):
        raise NotFound("stakeholder")
    return found


def require_on_map(
    session: Session, initiative_id: int, ids: Sequence[int | None], field: str
) -> None:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return
    found = session.exec(
        select(table.Stakeholder.id).where(
            col(table.Stakeholder.id).in_(wanted),
            table.Stakeholder.initiative_id == initiative_id,
        )
    ).all()
    if len(found) != len(wanted):
        raise Invalid([Problem("not_found", {"what": "stakeholder"}, field)])


def require_circles(
    session: Session, initiative_id: int, groups: Mapping[Group, Placement]
) -> None:
    for group, placement in groups.items():
        if placement.sub_circle_id is None:
            continue
        circle = session.get(table.SubCircle, placement.sub_circle_id)
        if circle is None or circle.initiative_id != initiative_id or circle.group != group:
            raise ConveningError("not_found", what="sub_circle")
