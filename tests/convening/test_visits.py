"""Talks before a convening: what a plan must say, and with whom one is suggested."""

from datetime import date

from convening.convenings import AtStake
from convening.problems import Problem
from convening.visits import VisitDraft, cleaned, suggest
from convening.vocabulary import Group, InvitationStatus, Stake
from tests.convening.test_briefing import guest
from tests.convening.test_convenings import MEETING

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group


def test_a_plan_says_who_goes() -> None:
    draft, problems = cleaned(VisitDraft(1, "  Amal\x00 ", date(2026, 3, 1), " a \n b "), MEETING)
    assert (draft.visitor, draft.note) == ("Amal", "a\n b")
    assert problems == []
    assert cleaned(VisitDraft(1, " "), MEETING)[1] == [Problem("required", field="visitor")]


def test_a_talk_comes_before_the_convening() -> None:
    """The convening is on Monday 2 March; a talk on its morning still comes before it."""
    assert cleaned(VisitDraft(1, "Amal", date(2026, 3, 2)), MEETING)[1] == []
    assert cleaned(VisitDraft(1, "Amal", date(2026, 3, 3)), MEETING)[1] == [
        Problem("visit_after_convening", {"date": date(2026, 3, 2)}, "planned_on")
    ]
    assert cleaned(VisitDraft(1, "Amal", date(1999, 3, 3)), MEETING)[1] == [
        Problem("date_out_of_range", {"first": "2000", "last": "2100"}, "planned_on")
    ]


def test_first_timers_of_small_groups_are_suggested_first() -> None:
    guests = [
        guest(1, "Known gateway", GATEWAY),
        guest(2, "New gateway", GATEWAY, came_before=0),
        guest(3, "Old gateway", GATEWAY),
        guest(4, "New steward", STEWARD, came_before=0),
        guest(5, "Minor", GATEWAY, minor=True),
        guest(6, "Gone", STEWARD, came_before=0, status=S.DECLINED),
    ]
    found = suggest(guests, visited=())
    assert [each.guest.name for each in found] == ["New steward", "New gateway", "Minor"]
    assert found[0].reasons == (
        Problem("visit_alone", {"group": STEWARD}),
        Problem("visit_first_time"),
    )
    assert found[2].reasons == (Problem("visit_minor"),)


def test_whoever_was_visited_is_not_suggested_again_and_the_list_is_short() -> None:
    guests = [guest(n, f"Person {n}", STEWARD, came_before=0) for n in range(9)]
    assert [each.guest.id for each in suggest(guests, visited={0, 1})] == [2, 3, 4, 5, 6, 7]


def test_whoever_could_lose_is_suggested() -> None:
    stakes = [AtStake(Stake.COULD_LOSE, "Noor", 101, S.ACCEPTED)]
    (found,) = suggest([guest(1, "Noor", STEWARD)], (), stakes)
    assert found.reasons == (Problem("visit_at_stake"),)
