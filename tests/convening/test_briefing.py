"""The briefing: who comes for the first time, who is alone, who needs what, and what it asks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from convening.briefing import Briefing, Guest, brief
from convening.convenings import AtStake
from convening.invitations import Invitation
from convening.problems import Problem
from convening.vocabulary import (
    Consent,
    Group,
    InvitationStatus,
    Money,
    Need,
    OrganisationKind,
    Part,
    Relationship,
    Stake,
    Support,
)

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
MAYOR = AtStake(Stake.COULD_BLOCK, "The mayor", 90, S.ACCEPTED)


def guest(
    number: int,
    name: str,
    *groups: Group,
    status: InvitationStatus = S.ACCEPTED,
    support: tuple[Support, ...] = (),
    barriers: str = "",
    **facts: Any,
) -> Guest:
    invitation = Invitation(
        id=number,
        convening_id=1,
        stakeholder_id=number + 100,
        name=name,
        organisation_id=None,
        organisation=facts.pop("organisation", ""),
        groups=frozenset(groups),
        relationship=Relationship.NONE,
        part=Part.TAKING_PART,
        status=status,
        status_at=datetime(2026, 3, 1, tzinfo=UTC),
        barriers=barriers,
        support=support,
        times_before=0,
        version=1,
    )
    return Guest(invitation, **{"came_before": 1, **facts})


def names(guests: Sequence[Guest]) -> list[str]:
    return [each.name for each in guests]


def codes(found: Briefing) -> list[str]:
    return [each.code for each in found.problems]


def test_each_answer_has_its_list_and_the_erased_are_left_out() -> None:
    found = brief(
        [
            guest(1, "Noor"),
            guest(2, "Omar", status=S.ATTENDED),
            guest(3, "Rana", status=S.INVITED),
            guest(4, "Sami", status=S.DECLINED),
            guest(5, "Tala", status=S.PROPOSED),
            guest(6, "Umm", status=S.WAITLISTED),
            guest(7, ""),
        ],
        [MAYOR],
    )
    assert names(found.coming) == ["Noor", "Omar"]
    assert names(found.unanswered) == ["Rana"]
    assert names(found.declined) == ["Sami"]
    assert names(found.not_asked) == ["Tala"]
    assert found.problems == (Problem("chosen_not_asked", {"count": 1}),)


def test_first_timers_of_small_groups_come_first() -> None:
    found = brief(
        [
            guest(1, "A gateway", GATEWAY, came_before=0),
            guest(2, "B gateway", GATEWAY),
            guest(3, "Z steward", STEWARD, came_before=0, status=S.INVITED),
            guest(4, "C nowhere", came_before=0),
            guest(5, "D declined", STEWARD, came_before=0, status=S.DECLINED),
        ]
    )
    assert names(found.first_timers) == ["Z steward", "A gateway", "C nowhere"]
    assert not found.everybody_new


def test_a_first_convening_says_that_everybody_is_new() -> None:
    assert brief([guest(1, "Noor", came_before=0)]).everybody_new
    assert not brief([]).everybody_new


def test_whoever_comes_alone_from_a_group_is_named() -> None:
    found = brief(
        [guest(1, "Noor", STEWARD), guest(2, "Omar", GATEWAY), guest(3, "Ola", GATEWAY)], [MAYOR]
    )
    assert [(each.group, each.guest.name) for each in found.alone] == [(STEWARD, "Noor")]
    assert found.problems == (Problem("alone_in_group", {"group": STEWARD, "name": "Noor"}),)
    assert brief([guest(1, "Noor", STEWARD)]).alone == ()


def test_needs_without_an_offer_are_asked_after() -> None:
    wants = (Need.INTERPRETATION, Need.DIET)
    found = brief(
        [
            guest(1, "Noor", needs=wants),
            guest(2, "Omar", needs=wants, support=(Support.INTERPRETATION,)),
            guest(3, "Rana", needs_note="A chair with a back"),
            guest(4, "Sami", barriers="No bus after eight"),
            guest(5, "Tala"),
        ],
        [MAYOR],
    )
    assert names(found.needing) == ["Noor", "Omar", "Rana", "Sami"]
    assert names(found.interpretation_needed) == ["Noor", "Omar"]
    assert names(found.interpretation_offered) == ["Omar"]
    params = {"need": Need.INTERPRETATION, "count": 1, "names": ("Noor",)}
    assert found.problems == (Problem("need_not_met", params),)


def test_a_guardian_is_asked_after_until_one_has_agreed() -> None:
    found = brief(
        [
            guest(1, "Pseudonym A", minor=True, consent=Consent.GUARDIAN),
            guest(2, "Pseudonym B", minor=True),
        ],
        [MAYOR],
    )
    assert names(found.minors) == ["Pseudonym A", "Pseudonym B"]
    assert found.problems == (Problem("guardian_consent_of", {"name": "Pseudonym B"}),)


def test_money_is_told_grantees_first_and_funders_apart() -> None:
    found = brief(
        [
            guest(1, "Applicant", money=Money.APPLICANT),
            guest(2, "Grantee", money=Money.GRANTEE),
            guest(3, "Funder", organisation_kind=OrganisationKind.FOUNDATION),
        ],
        [MAYOR],
    )
    assert names(found.funded) == ["Grantee", "Applicant"]
    assert names(found.funders) == ["Funder"]
    assert found.problems == (Problem("money_in_the_room", {"count": 2}),)


def test_whoever_could_lose_and_declined_is_asked_after() -> None:
    stakes = [AtStake(Stake.COULD_LOSE, "Tenants", 8, S.DECLINED)]
    assert brief([guest(1, "Noor")], stakes).problems == (
        Problem("stakes_declined", {"count": 1, "names": ("Tenants",)}),
    )
    assert codes(brief([guest(1, "Noor")])) == ["stakes_unknown"]
