"""Importing people: what is added, what a decision changes, and that it is all or nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.community import PersonDraft, PersonFilter, PersonName, Placement, Summary
from convening.imports import people as reader
from convening.imports.decisions import Decision, Outcome
from convening.imports.people import PersonRow
from convening.imports.result import Imported
from convening.problems import ConveningError, Forbidden, Invalid, NotFound, Problem
from convening.roles import Actor
from convening.vocabulary import (
    Capital,
    Consent,
    DuplicateChoice,
    Group,
    GuidingQuestion,
    Money,
    PersonField,
    Relationship,
)
from db import transaction
from db.commands import community
from db.commands.imports import import_people
from db.commands.undo import undo
from db.engine import Engines
from db.queries import community as maps
from db.queries import people
from db.queries import undo as undoing
from db.tables import community as table
from db.tables.accounts import AuditEvent
from tests import builders

DATA = Path(__file__).parents[2] / "data" / "selection"
UPDATE, SKIP = DuplicateChoice.UPDATE, DuplicateChoice.SKIP


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


@pytest.fixture
def written(engines: Engines) -> builders.People:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return builders.people(session)


def run(engines: Engines, command: Callable[..., Any], actor: Actor, *args: Any, **kw: Any) -> Any:
    with transaction.writing(engines, actor_id=actor.user_id, command=command.__name__) as session:
        return command(session, actor, *args, **kw)


def bring(session: Session, team: builders.People, *records: PersonRow, **kw: Any) -> Outcome:
    found = Imported(records)
    return import_people(session, team.alice, team.initiative_id, found, kw.pop("decide", {}), **kw)


def everybody(session: Session, team: builders.People) -> list[Any]:
    return people.everybody(session, team.alice, team.initiative_id)


def summary(engines: Engines, team: builders.People) -> Summary:
    with transaction.reading(engines) as session:
        return maps.summary(session, team.alice, team.initiative_id)


def test_the_respondents_come_in_as_they_are(session: Session, team: builders.People) -> None:
    found = reader.read((DATA / "opendlp-respondents.csv").read_bytes(), year=2026)
    outcome = import_people(
        session, team.alice, team.initiative_id, found, {}, accept_warnings=True
    )
    assert outcome == Outcome(added=100, updated=0, skipped=0, unplaced=100)
    wanted = PersonFilter(search="amina darane")
    (amina,) = people.everybody(session, team.alice, team.initiative_id, wanted)
    assert (amina.name, amina.place) == ("Amina Darane", "Harveston")
    assert amina.attributes == {
        "unique_id": "1",
        "age_bucket": "Middle-aged",
        "economic_stability": "High",
        "gender": "Female",
        "age": "45",
        "ethnicity": "Agrican",
        "address_line_1": "42 Oak Street",
        "province": "Verdelands",
        "education": "3",
        "money_fairness": "2",
        "env_daily_life": "2",
        "belong_shared_space": "1",
        "education_next_gen": "4",
    }


def test_the_sample_respondents_come_in_as_they_are(
    session: Session, team: builders.People
) -> None:
    found = reader.read((DATA / "opendlp-sample_respondents.csv").read_bytes(), year=2026)
    assert found.problems == ()
    assert import_people(session, team.alice, team.initiative_id, found, {}).added == 20
    wanted = PersonFilter(search="alice smith")
    (alice,) = people.everybody(session, team.alice, team.initiative_id, wanted)
    assert (alice.name, alice.email, alice.place) == ("Alice Smith", "alice@example.com", "North")
    assert alice.attributes == {"ID": "1", "Gender": "Female", "Age": "18-35"}


def test_quotas_are_no_people(engines: Engines, written: builders.People) -> None:
    for name in ("opendlp-categories.csv", "opendlp-sample_targets.csv"):
        found = reader.read((DATA / name).read_bytes(), year=2026)
        with pytest.raises(Invalid) as caught:
            run(
                engines,
                import_people,
                written.alice,
                written.initiative_id,
                found,
                {},
                accept_warnings=True,
            )
        assert [each.code for each in caught.value.problems] == ["quota_file"]
    assert summary(engines, written).people == 0


@pytest.mark.parametrize(
    ("address", "code", "accepted"),
    [("not an address", "doubtful_email", False), ("x" * 300, "cell_too_long", True)],
)
def test_an_error_in_row_57_column_email_writes_nothing(
    engines: Engines, written: builders.People, address: str, code: str, accepted: bool
) -> None:
    lines = ["Name,Email"] + [f"Person {n},p{n}@example.org" for n in range(2, 101)]
    lines[56] = f"Person 57,{address}"
    found = reader.read("\n".join(lines).encode())
    with pytest.raises(Invalid) as caught:
        run(
            engines,
            import_people,
            written.alice,
            written.initiative_id,
            found,
            {},
            accept_warnings=accepted,
        )
    problem = caught.value.problems[0]
    assert (problem.code, problem.params["row"], problem.params["column"]) == (code, 57, "Email")
    assert summary(engines, written).people == 0
    with transaction.reading(engines) as session:
        assert undoing.latest(session, written.alice, written.initiative_id) is None
        assert session.exec(select(AuditEvent)).all() == []


def test_a_doubtful_address_comes_in_once_somebody_accepted_it(
    session: Session, team: builders.People
) -> None:
    found = reader.read(b"Name,Email\nAmina,not an address\n")
    import_people(session, team.alice, team.initiative_id, found, {}, accept_warnings=True)
    assert [each.email for each in everybody(session, team)] == ["not an address"]


def test_everything_that_a_row_says_is_kept(session: Session, team: builders.People) -> None:
    record = PersonRow(
        row=2,
        name="أمينة",
        organisation="Union",
        place="Zarqa",
        email="a@example.org",
        phone="+962 7",
        groups=frozenset({Group.STEWARD, Group.GATEWAY}),
        capitals={Capital.SOCIAL: "Trust"},
        relationship=Relationship.ACQUAINTED,
        money=Money.GRANTEE,
        reached_through="Omar",
        consent=Consent.GIVEN,
        birth_year=1980,
        note="Evenings only",
        attributes={"Shoe": "38"},
    )
    assert bring(session, team, record, PersonRow(3, "Omar")) == Outcome(2, 0, 0, 1)
    omar, amina = everybody(session, team)
    assert (amina.name, amina.organisation, amina.place) == ("أمينة", "Union", "Zarqa")
    assert (amina.email, amina.phone, amina.note) == ("a@example.org", "+962 7", "Evenings only")
    assert amina.groups == {Group.STEWARD: Placement(), Group.GATEWAY: Placement()}
    assert amina.capitals == {Capital.SOCIAL: "Trust"}
    assert (amina.relationship, amina.money) == (Relationship.ACQUAINTED, Money.GRANTEE)
    assert amina.reached_through == PersonName(omar.id, "Omar", "")
    assert (amina.consent, amina.minor) == (Consent.GIVEN, False)
    assert amina.attributes == {
        "Shoe": "38",
        PersonField.BIRTH_YEAR: "1980",
        PersonField.REACHED_THROUGH: "Omar",
    }
    found = maps.people(session, team.alice, team.initiative_id, PersonFilter(search="امينه union"))
    assert [row.id for row in found.rows] == [amina.id]


def test_organisations_are_found_by_their_folded_name_or_added_once(
    session: Session, team: builders.People
) -> None:
    known = builders.organisation(session, team.initiative_id, "union")
    bring(
        session,
        team,
        PersonRow(2, "A", organisation="UNION"),
        PersonRow(3, "B", organisation="جمعية الأمل"),
        PersonRow(4, "C", organisation="جمعيه الامل"),
    )
    names = maps.organisations(session, team.alice, team.initiative_id)
    assert [(each.name, each.people) for each in names] == [("union", 1), ("جمعية الأمل", 2)]
    assert names[0].id == known


def test_a_name_that_two_people_have_reaches_nobody(
    session: Session, team: builders.People
) -> None:
    bring(
        session,
        team,
        PersonRow(2, "Omar"),
        PersonRow(3, "Omar"),
        PersonRow(4, "Sara", reached_through="Omar"),
        PersonRow(5, "Zed", reached_through="Nobody"),
        PersonRow(6, "Ali", reached_through="Ali"),
    )
    assert {each.name: each.reached_through for each in everybody(session, team)} == {
        "Omar": None,
        "Sara": None,
        "Zed": None,
        "Ali": None,
    }


def test_a_consent_under_18_that_is_no_guardians_is_not_taken_over(
    session: Session, team: builders.People
) -> None:
    bring(
        session,
        team,
        PersonRow(2, "Star", minor=True, consent=Consent.GIVEN),
        PersonRow(3, "Moon", minor=True, consent=Consent.GUARDIAN),
    )
    assert [(each.name, each.minor, each.consent) for each in everybody(session, team)] == [
        ("Moon", True, Consent.GUARDIAN),
        ("Star", True, Consent.UNKNOWN),
    ]


def test_a_decision_skips_or_updates_and_the_rest_is_added(
    session: Session, team: builders.People
) -> None:
    omar = builders.person(session, team.initiative_id, "Omar")
    union = builders.organisation(session, team.initiative_id, "Union")
    amina = builders.person(
        session,
        team.initiative_id,
        "Amina",
        Group.STEWARD,
        organisation_id=union,
        relationship=Relationship.ESTABLISHED,
        place="Zarqa",
    )
    outcome = bring(
        session,
        team,
        PersonRow(
            2,
            "Amina Haddad",
            email="a@example.org",
            groups=frozenset({Group.STEWARD, Group.GATEWAY}),
            capitals={Capital.SOCIAL: "Trust"},
            consent=Consent.GIVEN,
            reached_through="Omar",
            note="Evenings",
            attributes={"Age": "40"},
        ),
        PersonRow(3, "Omar"),
        PersonRow(4, "Sara"),
        decide={2: Decision(UPDATE, amina), 3: Decision(SKIP)},
    )
    assert outcome == Outcome(added=1, updated=1, skipped=1, unplaced=1)
    person = people.person_in_full(session, team.alice, amina)
    assert (person.name, person.organisation, person.place, person.email) == (
        "Amina Haddad",
        "Union",
        "Zarqa",
        "a@example.org",
    )
    assert person.relationship is Relationship.ESTABLISHED
    assert person.groups == {Group.STEWARD: Placement(), Group.GATEWAY: Placement()}
    assert (person.capitals, person.consent) == ({Capital.SOCIAL: "Trust"}, Consent.GIVEN)
    assert person.reached_through == PersonName(omar, "Omar", "")
    assert person.note == "Evenings"
    assert person.attributes == {"Age": "40", PersonField.REACHED_THROUGH: "Omar"}
    assert person.version == 2
    row = session.get_one(table.Stakeholder, amina)
    assert row.folded == "amina haddad union zarqa a@example.org"
    assert sorted(each.name for each in everybody(session, team)) == [
        "Amina Haddad",
        "Omar",
        "Sara",
    ]


def test_two_rows_may_update_one_person(session: Session, team: builders.People) -> None:
    amina = builders.person(session, team.initiative_id, "Amina")
    bring(
        session,
        team,
        PersonRow(2, "Amina", groups=frozenset({Group.STEWARD}), capitals={Capital.SOCIAL: "One"}),
        PersonRow(3, "Amina", groups=frozenset({Group.STEWARD}), capitals={Capital.SOCIAL: "Two"}),
        decide={2: Decision(UPDATE, amina), 3: Decision(UPDATE, amina)},
    )
    person = people.person_in_full(session, team.alice, amina)
    assert (list(person.groups), person.capitals) == ([Group.STEWARD], {Capital.SOCIAL: "Two"})


def test_a_person_of_another_map_cannot_be_updated(session: Session, team: builders.People) -> None:
    foreign = builders.person(session, team.foreign_id, "Amina")
    for target in (foreign, None):
        with pytest.raises(NotFound):
            bring(session, team, PersonRow(2, "Amina"), decide={2: Decision(UPDATE, target)})


def test_an_import_is_taken_back_as_a_whole(engines: Engines, written: builders.People) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        amina = builders.person(session, written.initiative_id, "Amina")
        before = people.person_in_full(session, written.alice, amina)
    records = [
        PersonRow(n, f"Person {n}", organisation="Union", groups=frozenset({Group.STEWARD}))
        for n in range(2, 52)
    ]
    update = PersonRow(52, "Amina Haddad", email="a@example.org", groups=frozenset(Group))
    outcome = run(
        engines,
        import_people,
        written.alice,
        written.initiative_id,
        Imported((*records, update)),
        {52: Decision(UPDATE, amina)},
    )
    assert outcome == Outcome(added=50, updated=1, skipped=0, unplaced=0)
    assert summary(engines, written).people == 51
    with transaction.reading(engines) as session:
        change = undoing.latest(session, written.alice, written.initiative_id)
    assert change is not None
    assert change.command == "import_people"
    run(engines, undo, written.alice, change.change_id)
    with transaction.reading(engines) as session:
        (after,) = people.everybody(session, written.alice, written.initiative_id)
        assert replace(after, version=before.version) == before
        assert maps.organisations(session, written.alice, written.initiative_id) == []
    draft = PersonDraft("Next")
    run(engines, community.add_person, written.alice, written.initiative_id, draft)
    assert summary(engines, written).people == 2


def test_an_import_whose_people_were_placed_since_is_not_taken_back(
    engines: Engines, written: builders.People
) -> None:
    rows = Imported((PersonRow(2, "Amina"), PersonRow(3, "Omar")))
    run(engines, import_people, written.alice, written.initiative_id, rows, {})
    with transaction.reading(engines) as session:
        change = undoing.latest(session, written.alice, written.initiative_id)
        ids = maps.matching_ids(session, written.alice, written.initiative_id, PersonFilter())
    assert change is not None
    groups = {Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED)}
    run(engines, community.place_person, written.alice, ids[0], groups)
    with pytest.raises(ConveningError) as caught:
        run(engines, undo, written.alice, change.change_id)
    assert caught.value.problems == (Problem("changed_since"),)
    assert summary(engines, written).people == 2


def test_progress_goes_up_to_one(session: Session, team: builders.People) -> None:
    seen: list[float] = []
    bring(session, team, *[PersonRow(n, f"P {n}") for n in range(2, 5000)], progress=seen.append)
    assert seen == sorted(seen)
    assert (len(seen), seen[-1]) == (4, 1.0)


def test_the_audit_log_holds_counts_and_no_names(session: Session, team: builders.People) -> None:
    bring(session, team, PersonRow(2, "Amina"), PersonRow(3, "Omar"))
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert (event.action, event.details) == (
        "import_people",
        {"added": 2, "updated": 0, "skipped": 0},
    )


def test_only_organisers_of_the_team_import(session: Session, team: builders.People) -> None:
    rows = Imported((PersonRow(2, "Amina"),))
    with pytest.raises(Forbidden):
        import_people(session, team.bob, team.initiative_id, rows, {})
    for outsider in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            import_people(session, outsider, team.initiative_id, rows, {})
    assert everybody(session, team) == []
