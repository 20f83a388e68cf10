"""Which value is proposed when two records of one person differ."""

from dataclasses import replace
from datetime import date

import pytest

from convening.community import PersonName, Placement, Stakeholder
from convening.merging import Difference, differences, merged, merged_groups, settled_further
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    InvitationStatus,
    Money,
    Relationship,
)

AMINA = Stakeholder(
    id=1,
    initiative_id=1,
    name="Amina Haddad",
    organisation="",
    place="Zarqa",
    email="",
    phone="",
    attributes={},
    relationship=Relationship.NONE,
    money=Money.NONE,
    reached_through=None,
    minor=False,
    consent=Consent.UNKNOWN,
    consent_on=None,
    note="",
    groups={},
    capitals={},
    ties=(),
    version=1,
)


def test_two_equal_records_differ_in_nothing() -> None:
    assert differences(AMINA, replace(AMINA, id=2)) == []


def test_an_empty_value_gives_way_and_a_filled_one_stands() -> None:
    other = replace(
        AMINA,
        id=2,
        name="A. Haddad",
        organisation="Tenants' union",
        place="",
        capitals={Capital.SOCIAL: "Neighbours trust her"},
        attributes={"Age": "none"},
        reached_through=PersonName(3, "Omar", ""),
    )
    assert differences(AMINA, other) == [
        Difference("name", "Amina Haddad", "A. Haddad", False),
        Difference("organisation", "", "Tenants' union", True),
        Difference("place", "Zarqa", "", False),
        Difference("reached_through", None, PersonName(3, "Omar", ""), True),
        Difference("capital.social", "", "Neighbours trust her", True),
        Difference("attribute.Age", None, "none", True),
    ]


def test_the_closer_relationship_and_the_stronger_money_are_proposed() -> None:
    ours = replace(AMINA, relationship=Relationship.ACQUAINTED, money=Money.GRANTEE)
    theirs = replace(AMINA, relationship=Relationship.ESTABLISHED, money=Money.APPLICANT)
    assert [(each.field, each.dropped_proposed) for each in differences(ours, theirs)] == [
        ("relationship", True),
        ("money", False),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "proposed"),
    [
        ((Consent.GIVEN, date(2026, 1, 1)), (Consent.REFUSED, date(2026, 2, 1)), True),
        ((Consent.GIVEN, date(2026, 2, 1)), (Consent.REFUSED, date(2026, 1, 1)), False),
        ((Consent.GIVEN, None), (Consent.REFUSED, None), True),
        ((Consent.REFUSED, None), (Consent.GIVEN, None), False),
        ((Consent.UNKNOWN, None), (Consent.GIVEN, None), True),
    ],
)
def test_of_two_answers_the_later_one_is_proposed_and_a_refusal_without_a_date(
    ours: tuple[Consent, date | None], theirs: tuple[Consent, date | None], proposed: bool
) -> None:
    kept = replace(AMINA, consent=ours[0], consent_on=ours[1])
    dropped = replace(AMINA, consent=theirs[0], consent_on=theirs[1])
    assert differences(kept, dropped) == [
        Difference("consent", ours[0], theirs[0], proposed),
    ]


def test_the_chosen_values_stand_and_the_day_goes_with_the_answer() -> None:
    other = replace(
        AMINA, name="A. Haddad", consent=Consent.GIVEN, consent_on=date(2026, 1, 1), note="x"
    )
    found = merged(AMINA, other, {"consent", "note"})
    assert (found["name"], found["note"]) == ("Amina Haddad", "x")
    assert (found["consent"], found["consent_on"]) == (Consent.GIVEN, date(2026, 1, 1))


def test_the_groups_are_those_of_both_and_a_reason_is_not_lost() -> None:
    ours = {Group.STEWARD: Placement(None, 4)}
    theirs = {
        Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED, 5),
        Group.GATEWAY: Placement(GuidingQuestion.SERVES_DIRECTLY),
    }
    assert merged_groups(ours, theirs) == {
        Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED, 4),
        Group.GATEWAY: Placement(GuidingQuestion.SERVES_DIRECTLY),
    }


def test_who_came_outweighs_who_was_invited() -> None:
    assert settled_further(InvitationStatus.ATTENDED, InvitationStatus.INVITED)
    assert not settled_further(InvitationStatus.WITHDRAWN, InvitationStatus.PROPOSED)
    assert not settled_further(InvitationStatus.INVITED, InvitationStatus.INVITED)
