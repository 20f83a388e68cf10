"""Reading a community map: head counts, the list as pages, circles and organisations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func
from sqlalchemy import select as rows
from sqlmodel import Session, select

from convening.balance import groups_of
from convening.community import (
    ListedPerson,
    OrganisationName,
    PeoplePage,
    PersonFilter,
    Placement,
    SubCircle,
    Summary,
    search_terms,
)
from convening.roles import Action, Actor, may, require
from convening.vocabulary import Consent, Group, GuidingQuestion, Money, PersonSort, Relationship
from db import kept
from db.base import columns
from db.queries import balance
from db.tables import community as table

person, member = columns(table.Stakeholder), columns(table.GroupMembership)
organisation, circle = columns(table.Organisation), columns(table.SubCircle)
MATCHING_AT_ONCE = 1000  # ids in one statement; both databases take more
_ROW = (
    person.id,
    person.name,
    organisation.name.label("organisation"),
    person.place,
    person.relationship,
    person.money,
    person.consent,
    person.minor,
    person.version,
)


def summary(session: Session, actor: Actor, initiative_id: int) -> Summary:
    """Head counts of the whole map."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    counted = balance.map_masks(session, [initiative_id])[initiative_id]
    found = {groups_of(mask): heads for mask, heads in counted.items()}
    return Summary(
        people=sum(counted.values()),
        heads={
            group: sum(heads for groups, heads in found.items() if group in groups)
            for group in Group
        },
        unplaced=counted.get(0, 0),
        overlapping=sum(heads for groups, heads in found.items() if len(groups) > 1),
    )


def people(
    session: Session,
    actor: Actor,
    initiative_id: int,
    wanted: PersonFilter,
    *,
    page: int = 1,
    size: int = 50,
) -> PeoplePage:
    """One page, counted from 1, of the people whom the filter finds; three statements."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    conditions = list(_conditions(initiative_id, wanted))
    total = kept.value(
        session,
        initiative_id,
        f"people: {replace(wanted, sort=PersonSort.NAME)}",
        lambda: session.execute(
            rows(func.count()).select_from(table.Stakeholder).where(*conditions)
        ).scalar_one(),
        lasting=not wanted.search,
    )
    found = session.execute(
        _listed()
        .where(*conditions)
        .order_by(*_order(wanted.sort))
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return PeoplePage(tuple(_with_groups(session, found)), total)


def matching_ids(
    session: Session, actor: Actor, initiative_id: int, wanted: PersonFilter
) -> list[int]:
    """The ids of all people whom the filter finds, in the order of the list."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    return list(
        session.execute(
            rows(person.id)
            .select_from(table.Stakeholder)
            .join(table.Organisation, _works_for(), isouter=True)
            .where(*_conditions(initiative_id, wanted))
            .order_by(*_order(wanted.sort))
        ).scalars()
    )


def rows_of(
    session: Session, actor: Actor, initiative_id: int, ids: Sequence[int]
) -> list[ListedPerson]:
    """The lines of these people, in the order of ``ids``; who is not on the map is left out."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    found = session.execute(
        _listed().where(
            person.initiative_id == initiative_id,
            person.id.in_(ids),
        )
    ).all()
    known = {row.id: row for row in _with_groups(session, found)}
    return [known[each] for each in ids if each in known]


def group_names(session: Session, actor: Actor, initiative_id: int) -> Mapping[Group, str]:
    """What the team calls its groups, for ``t.with_groups``; a group without a name is left out."""
    if not may(actor, Action.SEE_DISSENT, initiative_id):
        require(actor, Action.SEE_SUPPRESSED_BALANCE, initiative_id)
    return names_of(session, initiative_id)


def names_of(session: Session, initiative_id: int) -> dict[Group, str]:
    """The same, for callers that have checked."""
    found = session.exec(
        select(table.GroupName.group, table.GroupName.name).where(
            table.GroupName.initiative_id == initiative_id
        )
    )
    return {Group(group): name for group, name in found}


def sub_circles(session: Session, actor: Actor, initiative_id: int) -> list[SubCircle]:
    """The sub-circles by group and name, with how many people are in each."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    heads = rows(func.count()).where(member.sub_circle_id == circle.id).scalar_subquery()
    found = session.execute(
        rows(table.SubCircle, heads).where(circle.initiative_id == initiative_id)
    ).all()
    circles = [
        SubCircle(row.key, Group(row.group), row.name, count, row.version) for row, count in found
    ]
    return sorted(circles, key=lambda each: (list(Group).index(each.group), each.name, each.id))


def organisations(
    session: Session, actor: Actor, initiative_id: int, *, limit: int = 500
) -> list[OrganisationName]:
    """The organisations with the most people on the map, at most ``limit``, by name."""
    require(actor, Action.SEE_PEOPLE, initiative_id)
    return kept.value(
        session,
        initiative_id,
        f"organisations: {limit}",
        lambda: _organisations(session, initiative_id, limit),
    )


def _organisations(session: Session, initiative_id: int, limit: int) -> list[OrganisationName]:
    heads = func.count(person.id)
    found = session.execute(
        rows(organisation.id, organisation.name, heads)
        .join(table.Stakeholder, _works_for(), isouter=True)
        .where(organisation.initiative_id == initiative_id)
        .group_by(organisation.id, organisation.name, organisation.folded)
        .order_by(heads.desc(), organisation.folded)
        .limit(limit)
    ).all()
    names = [OrganisationName(each, name, count) for each, name, count in found]
    return sorted(names, key=lambda each: (each.name, each.id))


def placements(session: Session, ids: Iterable[int]) -> dict[int, dict[Group, Placement]]:
    """The groups of each of these people, for queries that have checked the actor."""
    found: dict[int, dict[Group, Placement]] = {each: {} for each in ids}
    wanted = list(found)
    for start in range(0, len(wanted), MATCHING_AT_ONCE):
        memberships = session.execute(
            rows(
                member.stakeholder_id,
                member.group,
                member.question,
                member.sub_circle_id,
            ).where(member.stakeholder_id.in_(wanted[start : start + MATCHING_AT_ONCE]))
        )
        for person_id, group, question, circle_id in memberships:
            reason = GuidingQuestion(question) if question else None
            found[person_id][Group(group)] = Placement(reason, circle_id)
    return found


def _works_for() -> Any:
    return person.organisation_id == organisation.id


def _listed() -> Select[Any]:
    return (
        rows(*_ROW)
        .select_from(table.Stakeholder)
        .join(table.Organisation, _works_for(), isouter=True)
    )


def _conditions(initiative_id: int, wanted: PersonFilter) -> Iterable[ColumnElement[bool]]:
    yield person.initiative_id == initiative_id
    for term in search_terms(wanted.search):
        yield person.folded.contains(term, autoescape=True)
    placed = exists().where(member.stakeholder_id == person.id)
    if wanted.group is not None:
        yield placed.where(member.group == wanted.group)
    if wanted.unplaced:
        yield ~placed
    if wanted.sub_circle_id is not None:
        yield placed.where(member.sub_circle_id == wanted.sub_circle_id)
    for column, value in (
        (person.relationship, wanted.relationship),
        (person.money, wanted.money),
        (person.consent, wanted.consent),
        (person.organisation_id, wanted.organisation_id),
    ):
        if value is not None:
            yield column == value


def _order(sort: PersonSort) -> list[ColumnElement[Any]]:
    by_name = [person.folded, person.id]
    match sort:
        case PersonSort.ORGANISATION:
            return [organisation.folded.is_(None), organisation.folded, *by_name]
        case PersonSort.PLACE:
            return [person.place == "", person.place, *by_name]
        case PersonSort.RELATIONSHIP:
            closeness = case(
                {each.value: -rank for rank, each in enumerate(Relationship)},
                value=person.relationship,
            )
            return [closeness, *by_name]
        case PersonSort.NEWEST:
            return [person.id.desc()]
    return by_name


def _with_groups(session: Session, found: Sequence[Row[Any]]) -> Iterable[ListedPerson]:
    groups = placements(session, [row.id for row in found])
    for row in found:
        yield ListedPerson(
            id=row.id,
            name=row.name,
            organisation=row.organisation or "",
            place=row.place,
            groups=groups[row.id],
            relationship=Relationship(row.relationship),
            money=Money(row.money),
            consent=Consent(row.consent),
            minor=row.minor,
            version=row.version,
        )
