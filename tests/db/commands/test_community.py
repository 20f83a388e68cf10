"""Changing people of the map, singly, in the grid and in bulk; who may; and taking it back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.community import GridEdit, PersonDraft, PersonFilter, PersonName, Placement
from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.roles import Actor
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    InvitationStatus,
    Money,
    Relationship,
)
from db import transaction
from db.commands import circles, community, trash
from db.commands.undo import undo
from db.engine import Engines
from db.queries import community as reading
from db.queries import people
from db.queries import undo as undoing
from db.tables import community as table
from db.tables.accounts import AuditEvent
from db.tables.work import Invitation
from tests import builders

DAY = date(2026, 1, 5)


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def written(engines: Engines) -> builders.People:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.people(session)


def run(engines: Engines, command: Callable[..., Any], actor: Actor, *args: Any) -> Any:
    with transaction.writing(engines, actor_id=actor.user_id, command=command.__name__) as session:
        return command(session, actor, *args)


def codes(call: Callable[..., Any], *args: Any) -> list[tuple[str, Any, str | None]]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [(each.code, each.params.get("row"), each.field) for each in caught.value.problems]


def names(engines: Engines, team: builders.People, **wanted: Any) -> list[str]:
    with transaction.reading(engines) as session:
        page = reading.people(session, team.alice, team.initiative_id, PersonFilter(**wanted))
        return [row.name for row in page.rows]


def test_a_person_is_saved_with_all_that_hangs_on_them(
    session: Session, team: builders.People
) -> None:
    omar = builders.person(session, team.initiative_id, "Omar")
    circle = circles.add_sub_circle(
        session, team.alice, team.initiative_id, Group.STEWARD, "Tenants"
    )
    draft = PersonDraft(
        " Amina Haddad",
        organisation="Tenants' union",
        place="Zarqa",
        email="amina@example.org",
        phone="+962 7",
        attributes={"Age": "40"},
        relationship=Relationship.ACQUAINTED,
        money=Money.APPLICANT,
        reached_through_id=omar,
        consent=Consent.GIVEN,
        consent_on=DAY,
        note="Evenings only",
        groups={Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED, circle)},
        capitals={Capital.SOCIAL: "Neighbours trust her"},
        ties={omar: 4},
    )
    amina = community.add_person(session, team.alice, team.initiative_id, draft)
    saved = people.person_in_full(session, team.alice, amina)
    assert (saved.name, saved.organisation, saved.place) == (
        "Amina Haddad",
        "Tenants' union",
        "Zarqa",
    )
    assert (saved.email, saved.phone, saved.attributes) == (
        "amina@example.org",
        "+962 7",
        {"Age": "40"},
    )
    assert (saved.relationship, saved.money) == (Relationship.ACQUAINTED, Money.APPLICANT)
    assert saved.reached_through == PersonName(omar, "Omar", "")
    assert (saved.consent, saved.consent_on, saved.note) == (Consent.GIVEN, DAY, "Evenings only")
    assert saved.groups == {Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED, circle)}
    assert saved.capitals == {Capital.SOCIAL: "Neighbours trust her"}
    assert [(tie.person_id, tie.strength) for tie in saved.ties] == [(omar, 4)]
    row = session.get_one(table.Stakeholder, amina)
    assert row.folded == "amina haddad tenants' union zarqa amina@example.org +962 7"
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert (event.action, event.subject_id, event.details) == ("add_person", amina, {})


def test_an_edit_replaces_what_hung_on_the_person(session: Session, team: builders.People) -> None:
    omar, sara = (builders.person(session, team.initiative_id, each) for each in ("Omar", "Sara"))
    first = PersonDraft(
        "Amina",
        organisation="Union",
        groups={Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED), Group.GATEWAY: Placement()},
        capitals={Capital.SOCIAL: "Trust", Capital.FINANCIAL: "A savings circle"},
        ties={omar: 4},
    )
    amina = community.add_person(session, team.alice, team.initiative_id, first)
    second = PersonDraft(
        "Amina Haddad",
        organisation=" union",
        groups={Group.STEWARD: Placement(GuidingQuestion.MOST_AFFECTED)},
        capitals={Capital.SOCIAL: "Neighbours trust her"},
        ties={sara: 2},
        id=amina,
        version=1,
    )
    community.edit_person(session, team.alice, second)
    saved = people.person_in_full(session, team.alice, amina)
    assert (saved.name, saved.organisation, saved.version) == ("Amina Haddad", "Union", 2)
    assert saved.groups == {Group.STEWARD: Placement(GuidingQuestion.MOST_AFFECTED)}
    assert saved.capitals == {Capital.SOCIAL: "Neighbours trust her"}
    assert [(tie.person_id, tie.strength) for tie in saved.ties] == [(sara, 2)]
    assert len(session.exec(select(table.Organisation)).all()) == 1


def test_ties_stay_when_a_draft_does_not_speak_of_them(
    session: Session, team: builders.People
) -> None:
    omar = builders.person(session, team.initiative_id, "Omar")
    amina = community.add_person(
        session, team.alice, team.initiative_id, PersonDraft("Amina", ties={omar: 5})
    )
    community.edit_person(session, team.alice, PersonDraft("Amina H", id=amina, version=1))
    assert [t.strength for t in people.person_in_full(session, team.alice, amina).ties] == [5]


def test_a_second_editor_is_noticed(session: Session, team: builders.People) -> None:
    amina = community.add_person(session, team.alice, team.initiative_id, PersonDraft("Amina"))
    community.edit_person(session, team.alice, PersonDraft("Amina H", id=amina, version=1))
    stale = PersonDraft("Amina K", id=amina, version=1)
    assert codes(community.edit_person, session, team.alice, stale) == [
        ("changed_meanwhile", None, None)
    ]
    assert codes(community.place_person, session, team.alice, amina, {}, 1) == [
        ("changed_meanwhile", None, None)
    ]


def test_nobody_of_another_map_can_be_named(session: Session, team: builders.People) -> None:
    foreign = builders.person(session, team.foreign_id, "Elsewhere")
    circle = circles.add_sub_circle(session, team.charlie, team.foreign_id, Group.STEWARD, "Theirs")
    add = community.add_person
    known = PersonDraft("Amina", ties={foreign: 3})
    assert codes(add, session, team.alice, team.initiative_id, known) == [
        ("not_found", None, "ties")
    ]
    through = PersonDraft("Amina", reached_through_id=foreign)
    assert codes(add, session, team.alice, team.initiative_id, through) == [
        ("not_found", None, "reached_through")
    ]
    inside = PersonDraft("Amina", groups={Group.STEWARD: Placement(None, circle)})
    assert codes(add, session, team.alice, team.initiative_id, inside) == [
        ("not_found", None, None)
    ]
    assert codes(
        community.delete_stakeholders, session, team.alice, team.initiative_id, [foreign]
    ) == [("not_found", None, None)]


def test_placing_a_person_keeps_the_question_as_the_reason(
    session: Session, team: builders.People
) -> None:
    amina = builders.person(session, team.initiative_id, "Amina", Group.INFLUENCER)
    groups = {
        Group.STEWARD: Placement(GuidingQuestion.FEELS_CHANGE_FIRST),
        Group.GATEWAY: Placement(GuidingQuestion.SERVES_DIRECTLY),
    }
    community.place_person(session, team.alice, amina, groups, 1)
    assert people.person_in_full(session, team.alice, amina).groups == groups
    wrong = {Group.GATEWAY: Placement(GuidingQuestion.LIFE_SHAPED)}
    assert codes(community.place_person, session, team.alice, amina, wrong) == [
        ("question_of_other_group", None, "groups")
    ]


def edit(row: int, person: int, name: str, **values: Any) -> GridEdit:
    usual: dict[str, Any] = {
        "version": 1,
        "organisation": "",
        "place": "",
        "relationship": Relationship.NONE,
        "money": Money.NONE,
        "groups": {},
    }
    return GridEdit(row=row, id=person, name=name, **usual | values)


def test_the_grid_saves_its_columns_and_leaves_the_others(
    session: Session, team: builders.People
) -> None:
    circle = circles.add_sub_circle(
        session, team.alice, team.initiative_id, Group.STEWARD, "Tenants"
    )
    draft = PersonDraft(
        "Amina",
        email="amina@example.org",
        note="Evenings only",
        groups={Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED, circle)},
        capitals={Capital.SOCIAL: "Trust"},
    )
    amina = community.add_person(session, team.alice, team.initiative_id, draft)
    line = edit(
        3,
        amina,
        "Amina Haddad",
        organisation="Union",
        place="Zarqa",
        relationship=Relationship.ESTABLISHED,
        money=Money.GRANTEE,
        groups={Group.STEWARD: GuidingQuestion.MOST_AFFECTED, Group.GATEWAY: None},
    )
    assert community.edit_people(session, team.alice, team.initiative_id, [line]) == 1
    saved = people.person_in_full(session, team.alice, amina)
    assert (saved.name, saved.organisation, saved.place) == ("Amina Haddad", "Union", "Zarqa")
    assert (saved.relationship, saved.money) == (Relationship.ESTABLISHED, Money.GRANTEE)
    assert saved.groups == {
        Group.STEWARD: Placement(GuidingQuestion.MOST_AFFECTED, circle),
        Group.GATEWAY: Placement(),
    }
    assert (saved.email, saved.note) == ("amina@example.org", "Evenings only")
    assert saved.capitals == {Capital.SOCIAL: "Trust"}


def test_one_wrong_line_of_the_grid_keeps_all_from_being_saved(
    engines: Engines, written: builders.People
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ids = [builders.person(session, written.initiative_id, each) for each in "ABC"]
    lines = [edit(1, ids[0], "Anna"), edit(2, ids[1], " "), edit(3, ids[2], "C", version=9)]
    assert codes(
        run, engines, community.edit_people, written.alice, written.initiative_id, lines
    ) == [("required", 2, "name"), ("changed_meanwhile", 3, "name")]
    assert names(engines, written) == ["A", "B", "C"]


def test_many_are_placed_by_one_question(session: Session, team: builders.People) -> None:
    amina = builders.person(session, team.initiative_id, "Amina", Group.STEWARD)
    omar = builders.person(session, team.initiative_id, "Omar", Group.GATEWAY)
    circle = circles.add_sub_circle(
        session, team.alice, team.initiative_id, Group.STEWARD, "Tenants"
    )
    place = community.place_people
    question = GuidingQuestion.LIFE_SHAPED
    assert place(session, team.alice, team.initiative_id, [amina, omar], question, circle) == 2
    reason = Placement(question, circle)
    assert people.person_in_full(session, team.alice, amina).groups == {Group.STEWARD: reason}
    assert people.person_in_full(session, team.alice, omar).groups == {
        Group.STEWARD: reason,
        Group.GATEWAY: Placement(),
    }
    community.leave_group(session, team.alice, team.initiative_id, [amina, omar], Group.STEWARD)
    assert people.person_in_full(session, team.alice, amina).groups == {}
    other = circles.add_sub_circle(
        session, team.alice, team.initiative_id, Group.GATEWAY, "Clinics"
    )
    assert codes(place, session, team.alice, team.initiative_id, [amina], question, other) == [
        ("not_found", None, None)
    ]


def test_relationship_and_consent_are_set_for_many(session: Session, team: builders.People) -> None:
    ids = [builders.person(session, team.initiative_id, each) for each in ("Amina", "Omar")]
    community.set_relationship(
        session, team.alice, team.initiative_id, ids, Relationship.ESTABLISHED
    )
    community.record_consent(session, team.alice, team.initiative_id, ids, Consent.GIVEN, DAY)
    for each in ids:
        person = people.person_in_full(session, team.alice, each)
        assert person.relationship is Relationship.ESTABLISHED
        assert (person.consent, person.consent_on, person.version) == (Consent.GIVEN, DAY, 3)


def test_a_consent_for_many_stops_at_a_person_under_18(
    session: Session, team: builders.People
) -> None:
    adult = builders.person(session, team.initiative_id, "Amina")
    minor = builders.person(session, team.initiative_id, "Star")
    session.get_one(table.Stakeholder, minor).minor = True
    session.flush()
    with pytest.raises(Invalid) as caught:
        community.record_consent(
            session, team.alice, team.initiative_id, [adult, minor], Consent.GIVEN, DAY
        )
    assert [(p.code, p.params["name"]) for p in caught.value.problems] == [
        ("guardian_consent_of", "Star")
    ]
    assert session.get_one(table.Stakeholder, adult).consent == Consent.UNKNOWN


def test_who_is_deleted_leaves_coming_convenings_and_stays_counted_in_held_ones(
    engines: Engines, written: builders.People
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        stage = builders.stage(session, written.initiative_id)
        amina = builders.person(session, written.initiative_id, "Amina", Group.STEWARD)
        omar = builders.person(session, written.initiative_id, "Omar")
        invitations = [
            builders.invitation(session, builders.convening(session, stage), amina, status)
            for status in (InvitationStatus.ACCEPTED, InvitationStatus.ATTENDED)
        ]
        session.add(table.Tie(first_id=amina, second_id=omar, strength=2))
    delete = community.delete_stakeholders
    assert run(engines, delete, written.alice, written.initiative_id, [amina]) == 1
    with transaction.reading(engines) as session:
        kept = session.exec(select(Invitation)).all()
        assert [(each.id, each.stakeholder_id, each.groups_when_held) for each in kept] == [
            (invitations[1], None, ["steward"])
        ]
        assert session.exec(select(table.Tie)).all() == []
        change = undoing.latest(session, written.alice, written.initiative_id)
        assert change is not None
        assert change.command == "delete_stakeholders"
    run(engines, trash.restore, written.alice, change.change_id)
    with transaction.reading(engines) as session:
        back = session.exec(select(Invitation).order_by(col(Invitation.id))).all()
        assert [(each.id, each.stakeholder_id, each.groups_when_held) for each in back] == [
            (invitations[0], amina, None),
            (invitations[1], amina, None),
        ]
        person = people.person_in_full(session, written.alice, amina)
        assert (person.groups, [tie.name for tie in person.ties]) == (
            {Group.STEWARD: Placement()},
            ["Omar"],
        )


def test_the_last_change_is_taken_back_as_a_whole(
    engines: Engines, written: builders.People
) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        ids = [
            builders.person(session, written.initiative_id, each, Group.GATEWAY)
            for each in ("Amina", "Omar")
        ]
    question = GuidingQuestion.LIFE_SHAPED
    run(engines, community.place_people, written.alice, written.initiative_id, ids, question)
    assert names(engines, written, group=Group.STEWARD) == ["Amina", "Omar"]
    with transaction.reading(engines) as session:
        change = undoing.latest(session, written.alice, written.initiative_id)
        assert change is not None
        assert change.command == "place_people"
    for stranger in (written.bob, written.charlie, written.dana):
        with pytest.raises(NotFound):
            run(engines, undo, stranger, change.change_id)
    run(engines, undo, written.alice, change.change_id)
    assert names(engines, written, group=Group.STEWARD) == []
    assert names(engines, written, group=Group.GATEWAY) == ["Amina", "Omar"]
    with transaction.reading(engines) as session:
        assert undoing.latest(session, written.alice, written.initiative_id) is None
    with pytest.raises(NotFound):
        run(engines, undo, written.alice, change.change_id)


def test_a_change_that_others_built_on_is_not_taken_back(
    engines: Engines, written: builders.People
) -> None:
    draft = PersonDraft("Amina")
    amina = run(engines, community.add_person, written.alice, written.initiative_id, draft)
    with transaction.reading(engines) as session:
        change = undoing.latest(session, written.alice, written.initiative_id)
    assert change is not None
    groups = {Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED)}
    run(engines, community.place_person, written.alice, amina, groups)
    assert codes(run, engines, undo, written.alice, change.change_id) == [
        ("changed_since", None, None)
    ]
    assert names(engines, written) == ["Amina"]


def test_a_new_person_who_is_invited_by_now_is_not_taken_back(
    engines: Engines, written: builders.People
) -> None:
    draft = PersonDraft("Amina")
    amina = run(engines, community.add_person, written.alice, written.initiative_id, draft)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        change = undoing.latest(session, written.alice, written.initiative_id)
        stage = builders.stage(session, written.initiative_id)
        builders.invitation(session, builders.convening(session, stage), amina)
    assert change is not None
    assert codes(run, engines, undo, written.alice, change.change_id) == [
        ("cannot_restore", None, None)
    ]
    assert names(engines, written) == ["Amina"]


def test_groups_get_local_names_and_an_empty_one_takes_it_away(
    session: Session, team: builders.People
) -> None:
    name = circles.name_groups
    both = {Group.STEWARD: " Residents ", Group.GATEWAY: "Clinics", Group.INFLUENCER: ""}
    name(session, team.alice, team.initiative_id, both)
    assert reading.group_names(session, team.bob, team.initiative_id) == {
        Group.STEWARD: "Residents",
        Group.GATEWAY: "Clinics",
    }
    name(session, team.alice, team.initiative_id, {Group.STEWARD: "", Group.GATEWAY: "Health"})
    assert reading.group_names(session, team.bob, team.initiative_id) == {Group.GATEWAY: "Health"}
    long = {Group.STEWARD: "x" * 201}
    assert codes(name, session, team.alice, team.initiative_id, long) == [
        ("too_long", None, "name_steward")
    ]


def test_a_sub_circle_has_a_name_of_its_own_in_its_group(
    session: Session, team: builders.People
) -> None:
    add = circles.add_sub_circle
    tenants = add(session, team.alice, team.initiative_id, Group.STEWARD, " Tenants ")
    add(session, team.alice, team.initiative_id, Group.GATEWAY, "Tenants")
    taken = [("name_taken", None, "name")]
    assert codes(add, session, team.alice, team.initiative_id, Group.STEWARD, "Tenants") == taken
    circles.rename_sub_circle(session, team.alice, tenants, "Tenants", 1)
    shops = add(session, team.alice, team.initiative_id, Group.STEWARD, "Shops")
    assert codes(circles.rename_sub_circle, session, team.alice, shops, "Tenants") == taken


def test_people_stay_in_the_group_when_a_sub_circle_goes(
    session: Session, team: builders.People
) -> None:
    circle = circles.add_sub_circle(
        session, team.alice, team.initiative_id, Group.STEWARD, "Tenants"
    )
    reason = Placement(GuidingQuestion.LIFE_SHAPED, circle)
    draft = PersonDraft("Amina", groups={Group.STEWARD: reason})
    amina = community.add_person(session, team.alice, team.initiative_id, draft)
    circles.remove_sub_circle(session, team.alice, circle)
    assert people.person_in_full(session, team.alice, amina).groups == {
        Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED)
    }
    assert reading.sub_circles(session, team.alice, team.initiative_id) == []


WRITES: list[Callable[[Session, Actor, builders.People, int, int], Any]] = [
    lambda s, a, p, _, __: community.add_person(s, a, p.initiative_id, PersonDraft("New")),
    lambda s, a, _, who, __: community.edit_person(s, a, PersonDraft("New", id=who)),
    lambda s, a, _, who, __: community.place_person(s, a, who, {}),
    lambda s, a, p, who, __: community.edit_people(s, a, p.initiative_id, [edit(1, who, "New")]),
    lambda s, a, p, who, __: community.place_people(
        s, a, p.initiative_id, [who], GuidingQuestion.LIFE_SHAPED
    ),
    lambda s, a, p, who, __: community.leave_group(s, a, p.initiative_id, [who], Group.STEWARD),
    lambda s, a, p, who, __: community.set_relationship(
        s, a, p.initiative_id, [who], Relationship.ESTABLISHED
    ),
    lambda s, a, p, who, __: community.record_consent(
        s, a, p.initiative_id, [who], Consent.GIVEN, None
    ),
    lambda s, a, p, who, __: community.delete_stakeholders(s, a, p.initiative_id, [who]),
    lambda s, a, p, _, __: circles.name_groups(s, a, p.initiative_id, {Group.STEWARD: "X"}),
    lambda s, a, p, _, __: circles.add_sub_circle(s, a, p.initiative_id, Group.STEWARD, "X"),
    lambda s, a, _, __, circle: circles.rename_sub_circle(s, a, circle, "X"),
    lambda s, a, _, __, circle: circles.remove_sub_circle(s, a, circle),
]


@pytest.mark.parametrize("write", WRITES)
def test_only_organisers_of_the_team_change_the_map(
    session: Session, team: builders.People, write: Callable[..., Any]
) -> None:
    """Bob sees the map and may not change it; to Charlie and Dana it is not there."""
    amina = builders.person(session, team.initiative_id, "Amina", Group.STEWARD)
    circle = circles.add_sub_circle(
        session, team.alice, team.initiative_id, Group.STEWARD, "Tenants"
    )
    with pytest.raises(Forbidden):
        write(session, team.bob, team, amina, circle)
    for outsider in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            write(session, outsider, team, amina, circle)
    write(session, team.alice, team, amina, circle)
