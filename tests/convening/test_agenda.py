"""When blocks begin, what the agenda is asked back, and what keeps a block from being saved."""

from datetime import datetime

import pytest

from convening import agenda
from convening.agenda import Block, BlockDraft
from convening.problems import Problem
from convening.vocabulary import BlockFormat as Format


def blocks(*lengths: tuple[int, Format] | int) -> list[Block]:
    return [
        Block(n + 1, 1, n, minutes, f"Block {n}", form, "", "", "", 1)
        for n, (minutes, form) in enumerate(
            (each, Format.CIRCLE) if isinstance(each, int) else each for each in lengths
        )
    ]


def times(found: list[agenda.Timed]) -> list[str]:
    return [f"{each.starts_local:%d %H:%M}-{each.ends_local:%H:%M}" for each in found]


def test_start_times_follow_from_the_order() -> None:
    found = agenda.schedule(blocks(15, 30, 5), datetime(2026, 5, 2, 10, 0), "Asia/Amman")
    assert times(found) == ["02 10:00-10:15", "02 10:15-10:45", "02 10:45-10:50"]
    assert [each.after for each in found] == [0, 15, 45]


def test_without_a_start_only_the_minutes_from_it_are_known() -> None:
    found = agenda.schedule(blocks(15, 30))
    assert [(each.after, each.starts_local, each.ends_local) for each in found] == [
        (0, None, None),
        (15, None, None),
    ]


def test_an_agenda_goes_on_past_midnight() -> None:
    found = agenda.schedule(blocks(60, 60), datetime(2026, 5, 2, 23, 30), "UTC")
    assert times(found) == ["02 23:30-00:30", "03 00:30-01:30"]


def test_blocks_keep_their_length_when_the_clocks_go_forward() -> None:
    found = agenda.schedule(blocks(45, 30), datetime(2026, 3, 29, 1, 30), "Europe/Berlin")
    assert times(found) == ["29 01:30-03:15", "29 03:15-03:45"]


def test_blocks_keep_their_length_when_the_clocks_go_back() -> None:
    found = agenda.schedule(blocks(60, 60), datetime(2026, 10, 25, 2, 0), "Europe/Berlin")
    assert times(found) == ["25 02:00-02:00", "25 02:00-03:00"]


def test_the_length_of_the_convening_is_measured_in_utc() -> None:
    from tests.convening.test_convenings import MEETING

    assert agenda.available_minutes(MEETING) == 120


def test_an_empty_agenda_is_asked_nothing() -> None:
    assert agenda.questions([], 120) == []


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (60, []),
        (None, []),
        (45, [Problem("agenda_over", {"count": 15})]),
        (90, [Problem("agenda_under", {"count": 30})]),
    ],
)
def test_the_length_is_held_against_the_end(available: int | None, expected: list[Problem]) -> None:
    assert agenda.questions(blocks(20, 40), available) == expected


def test_two_hours_without_a_break_are_enough() -> None:
    assert agenda.questions(blocks(60, 60), None) == []
    assert agenda.questions(blocks(60, 65), None) == [Problem("agenda_no_break", {"count": 125})]
    assert agenda.questions(blocks(60, (10, Format.BREAK), 65), None) == []


def test_an_audience_is_asked_when_it_works() -> None:
    staged = blocks((40, Format.PANEL), (21, Format.PRESENTATION), (10, Format.BREAK), 60)
    assert agenda.questions(staged, None) == [
        Problem("agenda_mostly_staged", {"staged": 61, "working": 121})
    ]
    assert agenda.questions(blocks((60, Format.PANEL), 60), None) == []


def test_a_block_is_cleaned_and_checked() -> None:
    draft, problems = agenda.cleaned(
        BlockDraft(1, title=" Opening\x00 ", minutes=0, lead="x" * 201, goal="a\n\n\nb")
    )
    assert (draft.title, draft.goal) == ("Opening", "a\n\nb")
    assert [(each.code, each.field) for each in problems] == [
        ("too_long", "lead"),
        ("minutes_out_of_range", "minutes"),
    ]


@pytest.mark.parametrize("minutes", [1, 1440])
def test_a_block_lasts_from_a_minute_to_a_day(minutes: int) -> None:
    assert agenda.cleaned(BlockDraft(1, title="x", minutes=minutes))[1] == []
    assert agenda.cleaned(BlockDraft(1, title="", minutes=1441))[1] == [
        Problem("required", field="title"),
        Problem("minutes_out_of_range", {"most": 1440}, "minutes"),
    ]
