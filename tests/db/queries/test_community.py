"""Reading the community map: head counts, pages, search, filters and orders."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from convening.community import PersonFilter, PersonName, Placement, Summary
from convening.duplicates import Person
from convening.problems import NotFound
from convening.roles import Actor
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    Money,
    PersonSort,
    Relationship,
)
from db import transaction
from db.engine import Engines
from db.queries import community, nominations, people
from db.tables import community as table
from tests import builders, statements


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


def found(session: Session, team: builders.People, **wanted: Any) -> list[str]:
    page = community.people(session, team.alice, team.initiative_id, PersonFilter(**wanted))
    assert page.total == len(page.rows)
    return [row.name for row in page.rows]


def test_heads_count_a_person_in_each_of_their_groups(
    session: Session, team: builders.People
) -> None:
    both = (Group.STEWARD, Group.GATEWAY)
    for name, groups in (("A", both), ("B", (Group.STEWARD,)), ("C", ()), ("D", tuple(Group))):
        builders.person(session, team.initiative_id, name, *groups)
    builders.person(session, team.foreign_id, "Elsewhere", Group.INFLUENCER)
    assert community.summary(session, team.alice, team.initiative_id) == Summary(
        people=4,
        heads={Group.STEWARD: 3, Group.GATEWAY: 2, Group.INFLUENCER: 1},
        unplaced=1,
        overlapping=2,
    )


def test_an_empty_map_counts_nobody(session: Session, team: builders.People) -> None:
    assert community.summary(session, team.alice, team.initiative_id) == Summary(
        0, dict.fromkeys(Group, 0), 0, 0
    )


def test_search_folds_and_looks_in_name_organisation_and_place(
    session: Session, team: builders.People
) -> None:
    union = builders.organisation(session, team.initiative_id, "Tenants' union")
    builders.person(session, team.initiative_id, "أمينة الحداد", organisation_id=union)
    builders.person(session, team.initiative_id, "Omar", place="Zarqa")
    builders.person(session, team.initiative_id, "100% Zed_y")
    assert found(session, team, search="امينه") == ["أمينة الحداد"]
    assert found(session, team, search="TENANTS الحدّاد") == ["أمينة الحداد"]
    assert found(session, team, search="zarqa") == ["Omar"]
    assert found(session, team, search="zarqa amina") == []
    assert found(session, team, search="%") == ["100% Zed_y"]
    assert found(session, team, search="d_y") == ["100% Zed_y"]
    assert found(session, team, search="o_ar") == []


def test_each_filter_narrows_the_list(session: Session, team: builders.People) -> None:
    union = builders.organisation(session, team.initiative_id, "Union")
    amina = builders.person(session, team.initiative_id, "Amina", Group.STEWARD)
    builders.person(
        session,
        team.initiative_id,
        "Omar",
        Group.GATEWAY,
        organisation_id=union,
        relationship=Relationship.ESTABLISHED,
    )
    zed = session.get_one(table.Stakeholder, builders.person(session, team.initiative_id, "Zed"))
    zed.consent, zed.money = Consent.GIVEN, Money.GRANTEE
    circle = table.SubCircle(initiative_id=team.initiative_id, group=Group.STEWARD, name="Tenants")
    session.add(circle)
    session.flush()
    people_circle(session, amina, circle.key)
    assert found(session, team, group=Group.STEWARD) == ["Amina"]
    assert found(session, team, unplaced=True) == ["Zed"]
    assert found(session, team, sub_circle_id=circle.key) == ["Amina"]
    assert found(session, team, relationship=Relationship.ESTABLISHED) == ["Omar"]
    assert found(session, team, organisation_id=union) == ["Omar"]
    assert found(session, team, consent=Consent.GIVEN) == ["Zed"]
    assert found(session, team, money=Money.GRANTEE) == ["Zed"]
    assert found(session, team, money=Money.NONE, group=Group.GATEWAY) == ["Omar"]
    circles = community.sub_circles(session, team.alice, team.initiative_id)
    assert [(each.name, each.group, each.people) for each in circles] == [
        ("Tenants", Group.STEWARD, 1)
    ]


def people_circle(session: Session, person: int, circle: int) -> None:
    member = session.exec(
        select(table.GroupMembership).where(table.GroupMembership.stakeholder_id == person)
    ).one()
    member.sub_circle_id, member.question = circle, GuidingQuestion.LIFE_SHAPED
    session.flush()


def test_orders_are_the_same_on_both_databases(session: Session, team: builders.People) -> None:
    first = builders.organisation(session, team.initiative_id, "Acre")
    second = builders.organisation(session, team.initiative_id, "Bakery")
    for name, organisation, place, closeness in (
        ("zed", None, "Zarqa", Relationship.NONE),
        ("Émile", second, "Amman", Relationship.ACQUAINTED),
        ("أحمد", first, "", Relationship.ESTABLISHED),
        ("Basma", second, "Zarqa", Relationship.NONE),
    ):
        builders.person(
            session,
            team.initiative_id,
            name,
            organisation_id=organisation,
            place=place,
            relationship=closeness,
        )
    expected = {
        PersonSort.NAME: ["Basma", "Émile", "zed", "أحمد"],
        PersonSort.ORGANISATION: ["أحمد", "Basma", "Émile", "zed"],
        PersonSort.PLACE: ["Émile", "Basma", "zed", "أحمد"],
        PersonSort.RELATIONSHIP: ["أحمد", "Émile", "Basma", "zed"],
        PersonSort.NEWEST: ["Basma", "أحمد", "Émile", "zed"],
    }
    assert {sort: found(session, team, sort=sort) for sort in PersonSort} == expected


def test_a_page_is_a_window_and_tells_the_total(session: Session, team: builders.People) -> None:
    ids = [
        builders.person(session, team.initiative_id, f"Person {number:02}") for number in range(7)
    ]
    page = community.people(session, team.alice, team.initiative_id, PersonFilter(), page=3, size=3)
    assert ([row.id for row in page.rows], page.total) == ([ids[6]], 7)
    wanted = PersonFilter(search="person", sort=PersonSort.NEWEST)
    assert community.matching_ids(session, team.alice, team.initiative_id, wanted) == ids[::-1]
    rows = community.rows_of(session, team.alice, team.initiative_id, [ids[4], 999, ids[1]])
    assert [row.id for row in rows] == [ids[4], ids[1]]


def test_a_list_takes_as_many_statements_for_three_people_as_for_one(
    engines: Engines,
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        builders.person(session, team.initiative_id, "One", Group.STEWARD)
    counts = []
    for _ in range(2):
        with transaction.reading(engines) as session, statements.seen(engines.read) as seen:
            community.people(session, team.alice, team.initiative_id, PersonFilter())
            people.everybody(session, team.alice, team.initiative_id)
            community.sub_circles(session, team.alice, team.initiative_id)
            nominations.listing(session, team.alice, team.initiative_id)
        counts.append(len(seen))
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            a = builders.person(session, team.initiative_id, "Two", Group.STEWARD)
            b = builders.person(session, team.initiative_id, "Three", Group.GATEWAY)
            session.add(table.Tie(first_id=a, second_id=b, strength=2))
            builders.nomination(session, team.initiative_id, "Rana")
    assert counts[1] - counts[0] in (0, 1)  # the names at the other end of ties, once there are any


def test_a_person_is_read_with_all_that_hangs_on_them(
    session: Session, team: builders.People
) -> None:
    union = builders.organisation(session, team.initiative_id, "Union")
    omar = builders.person(session, team.initiative_id, "Omar", organisation_id=union)
    amina = builders.person(session, team.initiative_id, "Amina", Group.STEWARD)
    session.add(table.CapitalHolding(stakeholder_id=amina, capital=Capital.SOCIAL, words="Trust"))
    session.add(table.Tie(first_id=omar, second_id=amina, strength=4))
    session.get_one(table.Stakeholder, amina).reached_through_id = omar
    session.flush()
    person = people.person_in_full(session, team.bob, amina)
    assert (person.name, person.groups) == ("Amina", {Group.STEWARD: Placement()})
    assert person.reached_through == PersonName(omar, "Omar", "Union")
    assert person.capitals == {Capital.SOCIAL: "Trust"}
    assert [(tie.person_id, tie.name, tie.strength) for tie in person.ties] == [(omar, "Omar", 4)]
    assert [tie.name for tie in people.person_in_full(session, team.bob, omar).ties] == ["Amina"]
    names = [each.name for each in people.everybody(session, team.bob, team.initiative_id)]
    assert names == ["Amina", "Omar"]


def test_people_to_pick_from_are_found_by_words_and_without_some(
    session: Session, team: builders.People
) -> None:
    first = builders.person(session, team.initiative_id, "Omar Nasser")
    second = builders.person(session, team.initiative_id, "Omar Haddad")
    builders.person(session, team.foreign_id, "Omar Elsewhere")
    ids = [each.id for each in people.find(session, team.bob, team.initiative_id, "omar")]
    assert ids == [second, first]
    rest = people.find(session, team.bob, team.initiative_id, "omar", without=[second])
    assert [each.id for each in rest] == [first]


def test_names_and_what_is_compared_are_those_of_this_map_alone(
    session: Session, team: builders.People
) -> None:
    union = builders.organisation(session, team.initiative_id, "Union")
    omar = builders.person(
        session, team.initiative_id, "Omar", organisation_id=union, place="Zarqa"
    )
    amina = builders.person(session, team.initiative_id, "Amina")
    foreign = builders.person(session, team.foreign_id, "Elsewhere")
    ids = [amina, foreign, omar]
    assert people.names_on_map(session, team.bob, team.initiative_id, ids) == {
        amina: PersonName(amina, "Amina", ""),
        omar: PersonName(omar, "Omar", "Union"),
    }
    assert people.to_compare(session, team.bob, team.initiative_id) == [
        Person(str(omar), "Omar", organisation="Union", place="Zarqa"),
        Person(str(amina), "Amina"),
    ]


def test_unplaced_people_come_one_after_another(session: Session, team: builders.People) -> None:
    first = builders.person(session, team.initiative_id, "First")
    builders.person(session, team.initiative_id, "Placed", Group.STEWARD)
    last = builders.person(session, team.initiative_id, "Last")

    def after(person: int) -> int | None:
        found = people.next_unplaced(session, team.alice, team.initiative_id, person)
        return found.id if found else None

    assert [after(0), after(first), after(last)] == [first, last, None]


def test_organisations_come_with_their_people(session: Session, team: builders.People) -> None:
    union = builders.organisation(session, team.initiative_id, "Union")
    builders.organisation(session, team.initiative_id, "Acre")
    builders.person(session, team.initiative_id, "Omar", organisation_id=union)
    listed = community.organisations(session, team.bob, team.initiative_id)
    assert [(each.name, each.people) for each in listed] == [("Acre", 0), ("Union", 1)]
    few = community.organisations(session, team.bob, team.initiative_id, limit=1)
    assert [each.name for each in few] == ["Union"]


READS: list[Callable[[Session, Actor, builders.People, int], Any]] = [
    lambda s, a, p, _: community.summary(s, a, p.initiative_id),
    lambda s, a, p, _: community.people(s, a, p.initiative_id, PersonFilter()),
    lambda s, a, p, _: community.matching_ids(s, a, p.initiative_id, PersonFilter()),
    lambda s, a, p, who: community.rows_of(s, a, p.initiative_id, [who]),
    lambda s, a, p, _: community.sub_circles(s, a, p.initiative_id),
    lambda s, a, p, _: community.organisations(s, a, p.initiative_id),
    lambda s, a, _, who: people.person_in_full(s, a, who),
    lambda s, a, p, _: people.find(s, a, p.initiative_id),
    lambda s, a, p, _: people.everybody(s, a, p.initiative_id),
    lambda s, a, p, _: people.next_unplaced(s, a, p.initiative_id),
    lambda s, a, p, _: nominations.listing(s, a, p.initiative_id),
    lambda s, a, p, _: nominations.open_count(s, a, p.initiative_id),
    lambda s, a, p, _: people.distinct_pairs(s, a, p.initiative_id),
    lambda s, a, p, _: people.to_compare(s, a, p.initiative_id),
    lambda s, a, p, who: people.names_on_map(s, a, p.initiative_id, [who]),
]


@pytest.mark.parametrize("read", READS)
def test_nobody_outside_the_team_learns_of_the_map(
    session: Session, team: builders.People, read: Callable[..., Any]
) -> None:
    """Charlie organises elsewhere, Dana leads: to them the map is not there."""
    amina = builders.person(session, team.initiative_id, "Amina", Group.STEWARD)
    builders.nomination(session, team.initiative_id, "Rana")
    for outsider in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            read(session, outsider, team, amina)
    for member in (team.alice, team.bob):
        read(session, member, team, amina)


def test_leadership_on_the_team_may_know_the_names_of_groups_and_no_people(
    session: Session, team: builders.People
) -> None:
    session.add(
        table.GroupName(initiative_id=team.initiative_id, group=Group.STEWARD, name="Residents")
    )
    session.flush()
    own = {Group.STEWARD: "Residents"}
    for actor in (team.alice, team.bob, team.dana):
        assert community.group_names(session, actor, team.initiative_id) == own
    with pytest.raises(NotFound):
        community.group_names(session, team.charlie, team.initiative_id)
