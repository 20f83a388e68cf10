"""What the holder of a receipt code may do, and what may be shown to everybody who was there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from convening import receipts
from convening.ledger import Answer, Entry
from convening.problems import Problem
from convening.receipts import ChangedPart, Receipt
from convening.vocabulary import (
    Attribution,
    DefinitionField,
    DissentState,
    Group,
    NoteState,
    Outcome,
    Strength,
)
from convening.word_diff import Change, Piece

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANSWER = Answer(1, 1, Outcome.STANDS, "Because", "Alice", asked_at=NOON, responded_at=NOON)
ENTRY = Entry(
    id=1,
    definition_id=1,
    version_id=2,
    number=2,
    strength=Strength.CONCERN,
    statement="Rents rise",
    attribution=Attribution.GROUP_ONLY,
    groups=frozenset({Group.STEWARD}),
    state=DissentState.ASKED,
    answers=(ANSWER,),
)
RECEIPT = Receipt(1, "Rents rise", None, entry=ENTRY)


def in_state(state: DissentState) -> Receipt:
    return replace(RECEIPT, entry=replace(ENTRY, state=state))


@pytest.mark.parametrize("state", list(DissentState))
def test_a_view_that_was_not_withdrawn_or_struck_is_still_its_owners(state: DissentState) -> None:
    alive = state not in (DissentState.WITHDRAWN, DissentState.STRUCK)
    found = in_state(state)
    assert (found.may_reply, found.may_withdraw, found.may_publish) == (alive, alive, alive)


def test_there_is_nothing_to_reply_to_before_an_answer() -> None:
    waiting = replace(ENTRY, answers=(), state=DissentState.UNANSWERED)
    found = replace(RECEIPT, entry=waiting)
    assert (found.may_reply, found.may_withdraw, found.may_publish) == (False, True, False)


def test_what_was_said_of_an_answer_stays_once_a_version_is_adopted_with_it() -> None:
    before = replace(RECEIPT, adopted_at=NOON - timedelta(seconds=1))
    after = replace(RECEIPT, adopted_at=NOON)
    assert (before.may_reply, before.may_withdraw) == (True, True)
    assert (after.may_reply, after.may_withdraw, after.may_publish) == (False, False, True)


def test_publishing_is_asked_about_where_the_text_stays_as_it_is() -> None:
    taken_up = replace(ANSWER, outcome=Outcome.INCORPORATED)
    found = replace(RECEIPT, entry=replace(ENTRY, answers=(taken_up,)))
    assert found.may_publish is False


def test_the_time_to_reply_is_seven_days_and_the_second_no_is_the_last() -> None:
    assert RECEIPT.until == NOON + timedelta(days=7)
    assert in_state(DissentState.CONFIRMED).until is None
    second = replace(ANSWER, round=2)
    assert [
        replace(RECEIPT, entry=replace(ENTRY, answers=each)).last_round
        for each in ((ANSWER,), (ANSWER, second))
    ] == [False, True]


def test_a_note_that_dissents_from_nothing_is_read_and_added_to_alone() -> None:
    found = Receipt("a", "Thank you", None, note_state=NoteState.HELD)
    assert (found.may_reply, found.may_withdraw, found.may_publish) == (False, False, False)
    assert (found.anonymous, found.takes_additions) == (True, False)


def test_a_group_is_named_where_five_were_there_or_its_owner_agreed() -> None:
    both = replace(ENTRY, groups=frozenset({Group.STEWARD, Group.GATEWAY}))
    present = {Group.STEWARD: 5, Group.GATEWAY: 4}
    assert receipts.groups_to_show(both, present) == {Group.STEWARD}
    agreed = replace(both, agreed_to_publish=True)
    assert receipts.groups_to_show(agreed, present) == {Group.STEWARD, Group.GATEWAY}
    refused = replace(both, agreed_to_publish=False)
    assert receipts.groups_to_show(refused, present) == {Group.STEWARD}


@pytest.mark.parametrize(("agreed", "name"), [(None, ""), (False, ""), (True, "Umm Laith")])
def test_a_name_is_shown_where_its_owner_agreed_to_the_wording_too(
    agreed: bool | None, name: str
) -> None:
    named = replace(
        ENTRY, attribution=Attribution.NAMED, person="Umm Laith", agreed_to_publish=agreed
    )
    assert receipts.name_to_show(named) == name


def test_the_changed_parts_alone_are_shown_in_reading_order() -> None:
    old = {DefinitionField.STATEMENT: "Rents rise", DefinitionField.SCOPE: "The quarter"}
    new = {
        DefinitionField.STATEMENT: "Rents rise fast",
        DefinitionField.SCOPE: "The quarter",
        DefinitionField.KNOWN: "Prices",
    }
    assert receipts.changed_parts(old, new) == (
        ChangedPart(
            DefinitionField.STATEMENT,
            (Piece(Change.SAME, "Rents rise"), Piece(Change.ADDED, " fast")),
        ),
        ChangedPart(DefinitionField.KNOWN, (Piece(Change.ADDED, "Prices"),)),
    )


def test_long_stretches_without_a_change_are_cut() -> None:
    pieces = [
        Piece(Change.SAME, "a b c d e f g "),
        Piece(Change.ADDED, "NEW"),
        Piece(Change.SAME, "\nh i j k l m n o "),
        Piece(Change.REMOVED, "OLD"),
        Piece(Change.SAME, " p q r"),
    ]
    assert [each.text for each in receipts.shortened(pieces, around=2)] == [
        "… f g ",
        "NEW",
        "\nh i … n o ",
        "OLD",
        " p q r",
    ]


def test_an_addition_needs_words_and_room() -> None:
    assert receipts.cleaned_addition("  And\x00 the shops ", 0) == ("And the shops", [])
    found = [
        [(each.code, each.field) for each in receipts.cleaned_addition(text, number)[1]]
        for text, number in ((" ", 0), ("x" * 2001, 0), ("x", 10))
    ]
    assert found == [
        [("required", "addition")],
        [("too_long", "addition")],
        [("too_many_additions", "addition")],
    ]
    assert Problem("required", field="addition") in receipts.cleaned_addition("", 3)[1]


@pytest.mark.parametrize("typed", ["", "1", "not-an-id", "{}", "../../x"])
def test_an_id_that_is_none_is_left_out(typed: str) -> None:
    assert receipts.form_id(typed) == ""


def test_what_the_nameless_do_is_kept_to_the_day() -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert receipts.coarse(NOON) == midnight
    assert receipts.coarse(NOON, NOON - timedelta(hours=1)) == NOON - timedelta(hours=1)
    assert receipts.coarse(NOON, NOON - timedelta(days=3)) == midnight
