"""What is removed from text at the edge, how long it may be, and which spellings are one."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convening.problems import Problem
from convening.text import check_length, clean, fold

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Amina   Darane\u00a0 ", "Amina Darane"),
        ("Ami\x00na\x07\x1b", "Amina"),
        ("Amina\ud800 Darane\udfff", "Amina Darane"),
        ("\u202eenarad\u202c \u2066Amina\u2069", "enarad Amina"),
        ("\ufeffAmina\u200b\u2060", "Amina"),
        ("Amina\r\nDarane\tX\u2028Y", "Amina Darane X Y"),
        ("Ame\u0301lie", "Amélie"),
        ("e\x00\u0301", "é"),
        ("a\ufffeb\U0001ffffc\ufdd0", "abc"),
        ("", ""),
    ],
)
def test_a_line_keeps_only_what_everybody_can_store_and_read(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_the_marks_that_order_mixed_arabic_and_latin_stay() -> None:
    assert clean("HIV\u200e إيدز\u200f \u061cx") == "HIV\u200e إيدز\u200f \u061cx"


def test_several_lines_keep_their_lines() -> None:
    written = " one \r\n\r\n\r\n  two\u2029three\x00 \r"
    assert clean(written, multiline=True) == "one\n\n  two\nthree"


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, st.booleans())
@example("\r0\u00a00", True)
def test_cleaning_twice_changes_nothing_and_the_result_can_be_stored(
    written: str, multiline: bool
) -> None:
    cleaned = clean(written, multiline=multiline)
    assert clean(cleaned, multiline=multiline) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    controls = {c for c in cleaned if unicodedata.category(c) == "Cc"}
    assert controls <= ({"\n"} if multiline else set())


def test_a_text_over_its_limit_is_a_problem_with_both_lengths() -> None:
    assert check_length("abcd", 4, "name") == []
    found = Problem("too_long", {"limit": 4, "length": 5}, "name")
    assert check_length("abcde", 4, "name") == [found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("Søren Ødegård", "soren odegard"),
        ("Łukasz Wiśniewski", "lukasz wisniewski"),
        ("İstanbul", "istanbul"),
        ("أحمد", "احمد"),
        ("إيمان آلاء ٱلله", "ايمان الاء الله"),
        ("مؤمن رائد", "مومن رايد"),
        ("علاء", "علا"),
        ("فاطمة", "فاطمه"),
        ("هدى", "هدي"),
        ("مـحـمـد", "محمد"),
        ("مُحَمَّدٌ", "محمد"),
        ("١٢٣ ۴۵۶", "123 456"),
        ("ﻣﺤﻤﺪ ﻻ", "محمد لا"),
        ("علی کریم", "علي كريم"),
        ("O’Brien", "o'brien"),
        ("Jean–Luc", "jean-luc"),
        ("  a \u200f b ", "a b"),
    ],
)
def test_spellings_that_people_mix_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) == fold(other.upper())


def test_different_letters_stay_different() -> None:
    assert len({fold(name) for name in ("حسن", "حسين", "خسن", "Hasan", "Haşan", "Hassan")}) == 5


def test_signs_that_a_script_needs_stay() -> None:
    assert fold("हिन्दी") != fold("हन्द")


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_folding_twice_changes_nothing(written: str) -> None:
    assert fold(fold(written)) == fold(written)
