"""Merging two records of one person, keeping both, and taking a merge back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint
from sqlmodel import Session, col, select

from convening.community import PersonDraft, Placement
from convening.merging import Merge
from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    InvitationStatus,
    Part,
    Relationship,
    Stake,
)
from db import transaction
from db.base import columns
from db.commands import community, duplicates, trash
from db.commands.duplicates import keep_both, merge_stakeholders
from db.engine import Engines
from db.queries import people
from db.queries import trash as deleted
from db.tables import community as table
from db.tables import work
from tests import builders

S = InvitationStatus


@pytest.fixture
def team(session: Session) -> builders.People:
    return builders.people(session)


def run(engines: Engines, command: Callable[..., Any], actor: Actor, *args: Any) -> Any:
    with transaction.writing(engines, actor_id=actor.user_id, command=command.__name__) as session:
        return command(session, actor, *args)


def add(session: Session, team: builders.People, name: str, **values: Any) -> int:
    return community.add_person(
        session, team.alice, team.initiative_id, PersonDraft(name, **values)
    )


def test_the_chosen_values_stand_and_all_else_of_both_is_kept(
    session: Session, team: builders.People
) -> None:
    kept = add(
        session,
        team,
        "Amina Haddad",
        organisation="Union",
        attributes={"Age": "40"},
        groups={Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED)},
        capitals={Capital.SOCIAL: "Trust"},
    )
    dropped = add(
        session,
        team,
        "A. Haddad",
        email="amina@example.org",
        relationship=Relationship.ACQUAINTED,
        consent=Consent.GIVEN,
        consent_on=date(2026, 1, 5),
        attributes={"Age": "41", "Gender": "f"},
        groups={
            Group.STEWARD: Placement(GuidingQuestion.MOST_AFFECTED),
            Group.GATEWAY: Placement(GuidingQuestion.SERVES_DIRECTLY),
        },
        capitals={Capital.SOCIAL: "Neighbours", Capital.FINANCIAL: "A savings circle"},
    )
    taken = {
        "email",
        "relationship",
        "consent",
        "capital.social",
        "capital.financial",
        "attribute.Gender",
    }
    merge = Merge(kept, dropped, 1, 1, frozenset(taken))
    assert merge_stakeholders(session, team.alice, merge) == kept
    person = people.person_in_full(session, team.alice, kept)
    assert (person.name, person.organisation, person.email, person.version) == (
        "Amina Haddad",
        "Union",
        "amina@example.org",
        2,
    )
    assert person.relationship is Relationship.ACQUAINTED
    assert (person.consent, person.consent_on) == (Consent.GIVEN, date(2026, 1, 5))
    assert person.attributes == {"Age": "40", "Gender": "f"}
    assert person.groups == {
        Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED),
        Group.GATEWAY: Placement(GuidingQuestion.SERVES_DIRECTLY),
    }
    assert person.capitals == {
        Capital.SOCIAL: "Neighbours",
        Capital.FINANCIAL: "A savings circle",
    }
    with pytest.raises(NotFound):
        people.person_in_full(session, team.alice, dropped)
    row = session.get_one(table.Stakeholder, kept)
    assert row.folded == "amina haddad union amina@example.org"


def test_ties_of_both_are_kept_and_none_leads_to_oneself(
    session: Session, team: builders.People
) -> None:
    omar, sara, zed = (add(session, team, each) for each in ("Omar", "Sara", "Zed"))
    kept = add(session, team, "Amina", ties={omar: 2, sara: 5})
    dropped = add(session, team, "Amina H", ties={kept: 4, omar: 3, sara: 1, zed: 1})
    merge_stakeholders(session, team.alice, Merge(kept, dropped, 1, 1))
    person = people.person_in_full(session, team.alice, kept)
    assert {tie.person_id: tie.strength for tie in person.ties} == {omar: 3, sara: 5, zed: 1}


def test_of_two_invitations_the_one_that_is_further_along_stands(
    session: Session, team: builders.People
) -> None:
    kept, dropped = add(session, team, "Amina"), add(session, team, "Amina H")
    stage = builders.stage(session, team.initiative_id)
    rooms = [builders.convening(session, stage, f"Room {number}") for number in range(3)]
    builders.invitation(session, rooms[0], kept, S.INVITED)
    builders.invitation(session, rooms[0], dropped, S.ATTENDED, part=Part.CO_DESIGN)
    builders.invitation(session, rooms[1], kept, S.ACCEPTED)
    builders.invitation(session, rooms[1], dropped, S.PROPOSED, part=Part.PANEL)
    builders.invitation(session, rooms[2], dropped, S.DECLINED)
    merge_stakeholders(session, team.alice, Merge(kept, dropped, 1, 1))
    rows = session.exec(select(work.Invitation).order_by(col(work.Invitation.convening_id))).all()
    assert [(row.convening_id, row.stakeholder_id, row.status, row.part) for row in rows] == [
        (rooms[0], kept, "attended", "co_design"),
        (rooms[1], kept, "accepted", "taking_part"),
        (rooms[2], kept, "declined", "taking_part"),
    ]


def test_who_named_the_dropped_one_names_the_kept_one(
    session: Session, team: builders.People
) -> None:
    kept, dropped = add(session, team, "Amina"), add(session, team, "Amina H")
    zed = add(session, team, "Zed", reached_through_id=dropped)
    nomination = session.get_one(
        table.Nomination, builders.nomination(session, team.initiative_id, "Rana")
    )
    nomination.nominated_by_id = nomination.reached_through_id = dropped
    room = builders.convening(session, builders.stage(session, team.initiative_id))
    session.add_all(
        work.ConveningStake(convening_id=room, stake=stake, stakeholder_id=person)
        for stake, person in (
            (Stake.COULD_BLOCK, kept),
            (Stake.COULD_BLOCK, dropped),
            (Stake.COULD_LOSE, dropped),
        )
    )
    session.flush()
    merge_stakeholders(session, team.alice, Merge(kept, dropped, 1, 1))
    through = people.person_in_full(session, team.alice, zed).reached_through
    assert through is not None
    assert through.id == kept
    assert (nomination.nominated_by_id, nomination.reached_through_id) == (kept, kept)
    stakes = session.exec(
        select(work.ConveningStake.stake, work.ConveningStake.stakeholder_id).order_by(
            work.ConveningStake.stake
        )
    ).all()
    assert [tuple(each) for each in stakes] == [("could_block", kept), ("could_lose", kept)]


def test_one_reached_through_the_other_is_reached_through_nobody(
    session: Session, team: builders.People
) -> None:
    dropped = add(session, team, "Amina H")
    kept = add(session, team, "Amina", reached_through_id=dropped)
    merge_stakeholders(session, team.alice, Merge(kept, dropped, 1, 1))
    assert people.person_in_full(session, team.alice, kept).reached_through is None


def test_a_merge_can_be_taken_back_exactly(engines: Engines) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        team = builders.people(session)
        omar = add(session, team, "Omar")
        kept = add(session, team, "Amina", ties={omar: 2}, groups={Group.STEWARD: Placement()})
        dropped = add(
            session,
            team,
            "Amina H",
            ties={omar: 5, kept: 1},
            groups={Group.GATEWAY: Placement(GuidingQuestion.SERVES_DIRECTLY)},
            capitals={Capital.SOCIAL: "Trust"},
            organisation="Union",
        )
        room = builders.convening(session, builders.stage(session, team.initiative_id))
        builders.invitation(session, room, kept, S.INVITED)
        builders.invitation(session, room, dropped, S.ACCEPTED)
        before = rows(session)
    merge = Merge(kept, dropped, 1, 1, frozenset({"name", "organisation", "capital.social"}))
    run(engines, merge_stakeholders, team.alice, merge)
    with transaction.reading(engines) as session:
        assert rows(session) != before
        found = deleted.deleted(session, team.alice)
        assert [(each.subject, each.name) for each in found] == [("stakeholder", "Amina H")]
    run(engines, trash.restore, team.alice, found[0].change_id)
    with transaction.reading(engines) as session:
        assert rows(session) == before


def rows(session: Session) -> list[dict[str, Any]]:
    models = (
        table.Stakeholder,
        table.GroupMembership,
        table.CapitalHolding,
        table.Tie,
        table.DistinctPair,
        work.Invitation,
    )
    return [
        row.model_dump(exclude={"version"})  # one that comes back would hide an edit
        for model in models
        for row in session.exec(select(model).order_by(columns(model).id))
    ]


def test_a_pair_that_was_kept_is_known_and_moves_with_a_merge(
    session: Session, team: builders.People
) -> None:
    amina, twin, third = (add(session, team, each) for each in ("Amina", "Amina H", "Amina K"))
    first = keep_both(session, team.alice, team.initiative_id, third, twin)
    assert keep_both(session, team.alice, team.initiative_id, twin, third) == first
    pairs = people.distinct_pairs
    assert pairs(session, team.bob, team.initiative_id) == {(twin, third)}
    merge_stakeholders(session, team.alice, Merge(amina, twin, 1, 1))
    assert pairs(session, team.bob, team.initiative_id) == {(amina, third)}


@pytest.mark.parametrize(
    ("merge", "code"),
    [
        (lambda one, _: Merge(one, one, 1, 1), "merge_with_self"),
        (lambda one, other: Merge(one, other, 2, 1), "changed_meanwhile"),
        (lambda one, other: Merge(one, other, 1, 2), "changed_meanwhile"),
        (lambda one, other: Merge(one, other, 1, 1, frozenset({"minor"})), "guardian_consent"),
    ],
)
def test_a_merge_is_refused_with_its_reason(
    session: Session, team: builders.People, merge: Callable[[int, int], Merge], code: str
) -> None:
    one = add(session, team, "Amina", consent=Consent.GIVEN)
    other = add(session, team, "Amina H", minor=True)
    with pytest.raises(ConveningError) as caught:
        merge_stakeholders(session, team.alice, merge(one, other))
    assert [problem.code for problem in caught.value.problems] == [code]


def test_only_organisers_of_the_team_merge_and_only_within_one_map(
    session: Session, team: builders.People
) -> None:
    one, other = add(session, team, "Amina"), add(session, team, "Amina H")
    foreign = builders.person(session, team.foreign_id, "Amina")
    merge = Merge(one, other, 1, 1)
    with pytest.raises(Forbidden):
        merge_stakeholders(session, team.bob, merge)
    with pytest.raises(Forbidden):
        keep_both(session, team.bob, team.initiative_id, one, other)
    for outsider in (team.charlie, team.dana):
        with pytest.raises(NotFound):
            merge_stakeholders(session, outsider, merge)
        with pytest.raises(NotFound):
            keep_both(session, outsider, team.initiative_id, one, other)
    with pytest.raises(NotFound):
        merge_stakeholders(session, team.alice, Merge(one, foreign, 1, 1))
    with pytest.raises(NotFound):
        keep_both(session, team.alice, team.initiative_id, one, foreign)


def test_every_table_where_two_records_could_collide_has_its_own_rule() -> None:
    """A new table that names people under a unique constraint must say what a merge does to it."""
    unruled = [
        model.__name__
        for model, name in duplicates.references()
        if any(
            isinstance(each, UniqueConstraint) and name in each.columns
            for each in columns(model).id.table.constraints
        )
        and model not in duplicates._WITH_OWN_RULE
    ]
    assert unruled == []
