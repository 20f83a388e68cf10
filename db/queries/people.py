"""Reading single people of a community map, in full or as a name to pick from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, exists, or_, select
from sqlmodel import Session

from convening.community import PersonFilter, PersonName, Stakeholder, Tie, search_terms
from convening.duplicates import Person
from convening.problems import NotFound
from convening.roles import Action, Actor, may, require
from convening.vocabulary import Capital, Consent, Language, Money, Relationship
from db.base import columns
from db.queries import community
from db.tables import community as table

person, organisation = columns(table.Stakeholder), columns(table.Organisation)
holding, tie = columns(table.CapitalHolding), columns(table.Tie)
_WHOLE = (*person, organisation.name.label("organisation_name"))


def person_in_full(session: Session, actor: Actor, stakeholder_id: int) -> Stakeholder:
    """One person; NotFound when they are missing or on a map that the actor may not see."""
    found = session.execute(_whole().where(person.id == stakeholder_id)).first()
    if found is None or not may(actor, Action.SEE_PEOPLE, found.initiative_id):
        raise NotFound("stakeholder")
    return _records(session, [found])[0]


def row(
    session: Session, actor: Actor, stakeholder_id: int, action: Action = Action.EDIT_COMMUNITY
) -> table.Stakeholder:
    """The row for a command that may do ``action``; a foreign id answers as a missing one."""
    found = session.get(table.Stakeholder, stakeholder_id, with_for_update=True)
    if found is None or not may(actor, Action.SEE_PEOPLE, found.initiative_id):
        raise NotFound("stakeholder")
    require(actor, action, found.initiative_id)
    return found


def everybody(
    session: Session, actor: Actor, initiative_id: int, wanted: PersonFilter | None = None
) -> list[Stakeholder]:
    """Everybody on the map whom the filter finds, in full and in its order, for export."""
    ids = community.matching_ids(session, actor, initiative_id, wanted or PersonFilter())
    found: dict[int, Stakeholder] = {}
    for part in _parts(ids):
        people = session.execute(_whole().where(person.id.in_(part))).all()
        found |= {each.id: each for each in _records(session, people)}
    return [found[each] for each in ids]


def find(
    session: Session,
    actor: Actor,
    initiative_id: int,
    text: str = "",
    *,
    without: Sequence[int] = (),
    limit: int = 20,
) -> list[PersonName]:
    """The first people by name in whom all words of ``text`` occur."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    query = _names().where(person.initiative_id == initiative_id)
    for term in search_terms(text):
        query = query.where(person.folded.contains(term, autoescape=True))
    if without:
        query = query.where(person.id.not_in(without))
    found = session.execute(query.order_by(person.folded, person.id).limit(limit))
    return [PersonName(each.id, each.name, each.organisation or "") for each in found]


def next_unplaced(
    session: Session, actor: Actor, initiative_id: int, after: int = 0
) -> Stakeholder | None:
    """The first person by id after ``after`` who is in no group yet."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    member = columns(table.GroupMembership)
    found = session.execute(
        _whole()
        .where(
            person.initiative_id == initiative_id,
            person.id > after,
            ~exists().where(member.stakeholder_id == person.id),
        )
        .order_by(person.id)
        .limit(1)
    ).first()
    return None if found is None else _records(session, [found])[0]


def names_on_map(
    session: Session, actor: Actor, initiative_id: int, ids: Sequence[int]
) -> dict[int, PersonName]:
    """The names of these people in the order of ``ids``; who is not on the map is left out."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    found = session.execute(
        _names().where(person.id.in_(ids), person.initiative_id == initiative_id)
    )
    known = {each.id: PersonName(each.id, each.name, each.organisation or "") for each in found}
    return {each: known[each] for each in ids if each in known}


def to_compare(session: Session, actor: Actor, initiative_id: int) -> list[Person]:
    """Everybody on the map with what a search for duplicates compares, by id."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    found = session.execute(
        _names()
        .add_columns(person.email, person.phone, person.place)
        .where(person.initiative_id == initiative_id)
        .order_by(person.id)
    )
    return [
        Person(str(each.id), each.name, each.email, each.phone, each.organisation or "", each.place)
        for each in found
    ]


def distinct_pairs(session: Session, actor: Actor, initiative_id: int) -> set[tuple[int, int]]:
    """The pairs that somebody looked at and found to be two people, the smaller id first."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    pair = columns(table.DistinctPair)
    found = session.execute(
        select(pair.first_id, pair.second_id)
        .join(table.Stakeholder, person.id == pair.first_id)
        .where(person.initiative_id == initiative_id)
    )
    return {(first, second) for first, second in found}


def names(session: Session, ids: Iterable[int | None]) -> dict[int, PersonName]:
    """Names by id, for queries that have checked the actor."""
    known: dict[int, PersonName] = {}
    for part in _parts(sorted({each for each in ids if each is not None})):
        for each in session.execute(_names().where(person.id.in_(part))):
            known[each.id] = PersonName(each.id, each.name, each.organisation or "")
    return known


def _whole() -> Any:
    return (
        select(*_WHOLE)
        .select_from(table.Stakeholder)
        .join(table.Organisation, person.organisation_id == organisation.id, isouter=True)
    )


def _names() -> Any:
    return (
        select(person.id, person.name, organisation.name.label("organisation"))
        .select_from(table.Stakeholder)
        .join(table.Organisation, person.organisation_id == organisation.id, isouter=True)
    )


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    size = community.MATCHING_AT_ONCE
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _records(session: Session, found: Sequence[Row[Any]]) -> list[Stakeholder]:
    ids = [each.id for each in found]
    groups = community.placements(session, ids)
    capitals = _capitals(session, ids)
    ties = _ties(session, ids)
    through = names(session, (each.reached_through_id for each in found))
    return [
        Stakeholder(
            id=each.id,
            initiative_id=each.initiative_id,
            name=each.name,
            organisation=each.organisation_name or "",
            place=each.place,
            email=each.email,
            phone=each.phone,
            attributes=each.attributes,
            relationship=Relationship(each.relationship),
            money=Money(each.money),
            reached_through=through.get(each.reached_through_id),
            minor=each.minor,
            consent=Consent(each.consent),
            consent_on=each.consent_at.date() if each.consent_at else None,
            note=each.note,
            groups=groups[each.id],
            capitals=capitals[each.id],
            ties=tuple(sorted(ties[each.id], key=lambda one: (-one.strength, one.name))),
            version=each.version,
            language=Language(each.language) if each.language else None,
        )
        for each in found
    ]


def _capitals(session: Session, ids: Sequence[int]) -> Mapping[int, dict[Capital, str]]:
    found: dict[int, dict[Capital, str]] = {each: {} for each in ids}
    for part in _parts(ids):
        rows = session.execute(
            select(holding.stakeholder_id, holding.capital, holding.words).where(
                holding.stakeholder_id.in_(part)
            )
        )
        for stakeholder_id, capital, words in rows:
            found[stakeholder_id][Capital(capital)] = words
    return found


def _ties(session: Session, ids: Sequence[int]) -> Mapping[int, list[Tie]]:
    wanted = set(ids)
    found: dict[int, dict[int, Tie]] = {each: {} for each in ids}
    for part in _parts(ids):
        rows = session.execute(
            select(tie.first_id, tie.second_id, tie.strength, tie.convening_id).where(
                or_(tie.first_id.in_(part), tie.second_id.in_(part))
            )
        ).all()
        known = names(session, (end for each in rows for end in each[:2]))
        for first, second, strength, convening in rows:
            for one, other in ((first, second), (second, first)):
                if one in wanted:
                    found[one][other] = Tie(other, known[other].name, strength, convening)
    return {each: list(ties.values()) for each, ties in found.items()}
