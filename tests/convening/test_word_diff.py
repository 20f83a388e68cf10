"""What changed between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convening.word_diff import Change, Piece, diff, words

SAME, REMOVED, ADDED = Change.SAME, Change.REMOVED, Change.ADDED
ALPHABET = "ab كتَبَ'\u200c ,.\n1"


def shown(old: str, new: str) -> list[tuple[Change, str]]:
    return [(piece.change, piece.text) for piece in diff(old, new)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The rent, again.", ["The", " ", "rent", ",", " ", "again", "."]),
        ("don't 'stay'", ["don't", " ", "'", "stay", "'"]),
        ("كَتَبَ المُستأجِرون", ["كَتَبَ", " ", "المُستأجِرون"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("3.5 %", ["3", ".", "5", " ", "%"]),
        ("", []),
    ],
)
def test_words_keep_their_marks_and_joiners(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


def test_one_changed_word_is_shown_whole() -> None:
    assert shown("the square is neglected", "the square was neglected") == [
        (SAME, "the square "),
        (REMOVED, "is"),
        (ADDED, "was"),
        (SAME, " neglected"),
    ]


def test_a_changed_vowel_sign_changes_the_word() -> None:
    assert shown("كُتِبَ النص", "كَتَبَ النص") == [
        (REMOVED, "كُتِبَ"),
        (ADDED, "كَتَبَ"),
        (SAME, " النص"),
    ]


def test_changed_words_in_a_row_are_one_change() -> None:
    assert shown("tenants will have to leave", "families cannot afford to leave") == [
        (REMOVED, "tenants will have"),
        (ADDED, "families cannot afford"),
        (SAME, " to leave"),
    ]


def test_the_same_text_is_one_piece_and_no_text_none() -> None:
    assert diff("as it was", "as it was") == [Piece(SAME, "as it was")]
    assert diff("", "") == []
    assert diff("", "new") == [Piece(ADDED, "new")]


@given(st.text(ALPHABET, max_size=40), st.text(ALPHABET, max_size=40))
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(each.text for each in pieces if each.change is not ADDED) == old
    assert "".join(each.text for each in pieces if each.change is not REMOVED) == new
