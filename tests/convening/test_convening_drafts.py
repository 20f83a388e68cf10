"""What keeps a convening from being saved, field by field, and when it is more than a draft."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from convening.convening_drafts import (
    ConveningDraft,
    StakeDraft,
    cleaned,
    is_web_link,
    missing,
    stage_on,
    state_of,
)
from convening.initiatives import Stage
from convening.problems import Problem
from convening.readiness import Answer
from convening.vocabulary import ConveningQuestion, ConveningState, StageKind, Stake

COMPLETE = ConveningDraft(
    initiative_id=1,
    stage_id=2,
    title="Design workshop",
    purpose="Sketch three answers",
    starts_local=datetime(2026, 5, 2, 10, 0),
    ends_local=datetime(2026, 5, 2, 12, 0),
    zone="Asia/Amman",
)


def problems(draft: ConveningDraft) -> list[Problem]:
    return cleaned(draft)[1]


def test_a_complete_draft_has_no_problems_and_is_planned() -> None:
    assert problems(COMPLETE) == []
    assert state_of(COMPLETE) is ConveningState.PLANNED


@pytest.mark.parametrize(
    ("change", "field"),
    [({"purpose": ""}, "purpose"), ({"stage_id": None}, "stage_id")],
)
def test_it_stays_a_draft_without_purpose_or_stage(change: dict[str, object], field: str) -> None:
    draft = replace(COMPLETE, **change)  # type: ignore[arg-type]
    assert missing(draft) == [Problem("required", field=field)]
    assert state_of(draft) is ConveningState.DRAFT


def test_it_stays_a_draft_without_a_date() -> None:
    draft = replace(COMPLETE, starts_local=None, ends_local=None)
    assert problems(draft) == []
    assert missing(draft) == [Problem("required", field="starts_local")]
    assert state_of(draft) is ConveningState.DRAFT


def test_a_title_and_a_stage_are_needed_to_save_at_all() -> None:
    assert problems(ConveningDraft(initiative_id=1, title=" \n ")) == [
        Problem("required", field="title"),
        Problem("required", field="stage_id"),
    ]


@pytest.mark.parametrize("hour", [9, 10])
def test_the_end_is_later_than_the_start(hour: int) -> None:
    draft = replace(COMPLETE, ends_local=datetime(2026, 5, 2, hour, 0))
    assert problems(draft) == [Problem("end_not_after_start", field="ends_local")]


def test_on_the_night_the_clocks_go_back_the_end_is_compared_in_utc() -> None:
    """2:30 is read as the first one, 0:30 UTC; 3:00 is winter time, 2:00 UTC."""
    night = replace(
        COMPLETE,
        zone="Europe/Berlin",
        starts_local=datetime(2026, 10, 25, 2, 30),
        ends_local=datetime(2026, 10, 25, 3, 0),
    )
    assert problems(night) == []


def test_an_end_needs_a_start() -> None:
    assert problems(replace(COMPLETE, starts_local=None)) == [
        Problem("required", field="starts_local")
    ]


def test_a_start_that_the_clocks_skip_is_named() -> None:
    wall = datetime(2026, 3, 29, 2, 30)
    draft = replace(COMPLETE, zone="Europe/Berlin", starts_local=wall, ends_local=None)
    assert problems(draft) == [
        Problem(
            "time_skipped", {"time": wall, "next": datetime(2026, 3, 29, 3, 30)}, "starts_local"
        )
    ]


def test_an_unknown_zone_is_named() -> None:
    assert problems(replace(COMPLETE, zone="Mars/Olympus")) == [
        Problem("zone_unknown", {"zone": "Mars/Olympus"}, "zone")
    ]


@pytest.mark.parametrize("capacity", [0, -1, 10_001, 2**40])
def test_places_are_a_sensible_number(capacity: int) -> None:
    assert problems(replace(COMPLETE, capacity=capacity)) == [
        Problem("capacity_out_of_range", {"most": 10_000}, "capacity")
    ]


@pytest.mark.parametrize("capacity", [None, 1, 10_000])
def test_places_may_be_left_open(capacity: int | None) -> None:
    assert problems(replace(COMPLETE, capacity=capacity)) == []


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("https://meet.example.org/abc?x=1", True),
        ("http://[::1]:8080/", True),
        ("https://مثال.example/لقاء", True),
        ("javascript:alert(1)", False),
        ("ftp://example.org", False),
        ("meet.example.org", False),
        ("https://", False),
        ("https:// example.org", False),
        ("http://[", False),
    ],
)
def test_a_link_is_a_web_address(link: str, good: bool) -> None:
    assert is_web_link(link) is good
    expected = [] if good else [Problem("link_not_web", field="link")]
    assert problems(replace(COMPLETE, link=link)) == expected


def test_texts_are_cleaned_and_measured() -> None:
    draft, found = cleaned(
        replace(COMPLETE, title=" A\u202eB\x00 ", purpose="one\r\n\r\n\r\ntwo", place="x" * 501)
    )
    assert (draft.title, draft.purpose) == ("AB", "one\n\ntwo")
    assert [(each.code, each.field) for each in found] == [("too_long", "place")]


def test_notes_of_the_answers_are_cleaned() -> None:
    answers = {ConveningQuestion.RESOURCES: Answer(False, " no  money\x00 ")}
    draft, found = cleaned(replace(COMPLETE, answers=answers))
    assert found == []
    assert draft.answers == {ConveningQuestion.RESOURCES: Answer(False, "no money")}


def test_stakes_lose_repetitions_and_empty_lines() -> None:
    stakes = (
        StakeDraft(Stake.COULD_LOSE, " shop  keepers "),
        StakeDraft(Stake.COULD_LOSE, "shop keepers"),
        StakeDraft(Stake.COULD_BLOCK, "shop keepers"),
        StakeDraft(Stake.COULD_BLOCK, "   "),
        StakeDraft(Stake.COULD_BLOCK, "ignored beside a person", stakeholder_id=7),
    )
    draft, found = cleaned(replace(COMPLETE, stakes=stakes))
    assert found == []
    assert draft.stakes == (
        StakeDraft(Stake.COULD_LOSE, "shop keepers"),
        StakeDraft(Stake.COULD_BLOCK, "shop keepers"),
        StakeDraft(Stake.COULD_BLOCK, "", stakeholder_id=7),
    )


def test_stakes_have_a_limit() -> None:
    stakes = tuple(StakeDraft(Stake.COULD_LOSE, f"group {n}") for n in range(101))
    assert problems(replace(COMPLETE, stakes=stakes)) == [
        Problem("too_many_stakes", {"most": 100}, "stakes")
    ]


def stage(stage_id: int, starts_on: date | None = None, ends_on: date | None = None) -> Stage:
    return Stage(stage_id, 1, StageKind.DESIGN, "", stage_id, starts_on, ends_on, "", 1)


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([], None),
        ([stage(1), stage(2)], 1),
        ([stage(1), stage(2, date(2026, 5, 1), date(2026, 5, 31))], 2),
        ([stage(1, ends_on=date(2026, 4, 30)), stage(2, starts_on=date(2026, 5, 1))], 2),
        ([stage(1, date(2025, 1, 1), date(2025, 2, 1)), stage(2, date(2027, 1, 1))], 1),
    ],
)
def test_the_stage_of_the_day_is_suggested_else_the_first(
    stages: list[Stage], expected: int | None
) -> None:
    found = stage_on(stages, date(2026, 5, 2))
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("by", "codes"),
    [(date(2026, 7, 3), ["promise_before_convening"]), (date(2026, 7, 4), []), (None, [])],
)
def test_a_promise_is_kept_on_the_day_at_the_earliest(by: date | None, codes: list[str]) -> None:
    draft = ConveningDraft(
        1, 1, "Workshop", "Why", starts_local=datetime(2026, 7, 4, 18, 30), promise_by=by
    )
    assert [each.code for each in cleaned(draft)[1]] == codes


def test_promise_and_tensions_are_cleaned_and_have_their_length() -> None:
    draft = ConveningDraft(1, 1, "Workshop", promise=" notes\x00 \r\nfor all ", tensions="t" * 2001)
    found, problems = cleaned(draft)
    assert found.promise == "notes\nfor all"
    assert [(each.code, each.field) for each in problems] == [("too_long", "tensions")]
