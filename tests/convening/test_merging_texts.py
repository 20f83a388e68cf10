"""Two edits of one text: what becomes one, and what is kept twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convening.merging_texts import MergedText, merge

WORDS = ["we", "meet", "the", "tenants", "first", "نلتقي", "السكان", "أولًا"]
SENTENCES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(lambda words: " ".join(words)),
    max_size=5,
).map(lambda found: "".join(f"{each}. " for each in found).strip())
ANY_TEXT = st.text(max_size=60) | SENTENCES


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        (
            "Sketch three answers",
            "Sketch three answers with tenants",
            "Today: sketch three answers",
            "Today: sketch three answers with tenants",
        ),
        (
            "Hear the tenants. Then decide.",
            "Hear the tenants and the shopkeepers. Then decide.",
            "Hear the tenants. Then decide together.",
            "Hear the tenants and the shopkeepers. Then decide together.",
        ),
        ("First line\nSecond line", "First line", "First line\nSecond line", "First line"),
        (
            "نسمع السكان. ثم نقرر.",
            "نسمع السكان وأصحاب المحلات. ثم نقرر.",
            "نسمع السكان. ثم نقرر معًا.",
            "نسمع السكان وأصحاب المحلات. ثم نقرر معًا.",
        ),
        ("", "", "Something new", "Something new"),
        ("The same", "Both wrote this", "Both wrote this", "Both wrote this"),
    ],
)
def test_edits_of_different_places_become_one_text(
    base: str, mine: str, theirs: str, merged: str
) -> None:
    assert merge(base, mine, theirs) == MergedText(merged, True)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        (
            "Open. Sketch three answers. We close at six.",
            "Open. Sketch four answers. We close at six.",
            "Open. Sketch five answers. We close at six.",
            "Open. Sketch four answers.\nSketch five answers. We close at six.",
        ),
        (
            "نبدأ. نرسم ثلاث إجابات. هل نتفق؟ ننهي في السادسة.",
            "نبدأ. نرسم أربع إجابات. هل نتفق؟ ننهي في السادسة.",
            "نبدأ. نرسم خمس إجابات. هل نتفق؟ ننهي في السادسة.",
            "نبدأ. نرسم أربع إجابات.\nنرسم خمس إجابات. هل نتفق؟ ننهي في السادسة.",
        ),
        ("", "My words", "Their words", "My words\nTheir words"),
        ("Old.", "", "Old and new.", "Old and new."),
    ],
)
def test_a_sentence_that_both_changed_stands_twice_mine_first(
    base: str, mine: str, theirs: str, merged: str
) -> None:
    assert merge(base, mine, theirs) == MergedText(merged, False)


def test_an_arabic_word_with_its_marks_is_one_word() -> None:
    merged = merge("عَلِمَ الناس.", "عُلِمَ الناس.", "عَلَّمَ الناس.")
    assert merged == MergedText("عُلِمَ الناس.\nعَلَّمَ الناس.", False)


@given(ANY_TEXT, ANY_TEXT)
def test_where_only_i_wrote_my_text_stands(base: str, mine: str) -> None:
    assert merge(base, mine, base) == MergedText(mine, True)


@given(ANY_TEXT, ANY_TEXT)
def test_where_only_they_wrote_theirs_stands(base: str, theirs: str) -> None:
    assert merge(base, base, theirs) == MergedText(theirs, True)


@given(ANY_TEXT, ANY_TEXT)
def test_the_same_edit_of_both_is_one(base: str, both: str) -> None:
    assert merge(base, both, both) == MergedText(both, True)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_who_is_me_changes_nothing_but_the_order(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.clean == other.clean
    if one.clean:
        assert one.text == other.text


@given(SENTENCES, SENTENCES, SENTENCES)
def test_a_word_that_somebody_brought_in_is_in_what_comes_out(
    base: str, mine: str, theirs: str
) -> None:
    before, *after = (set(text.replace(".", " ").split()) for text in (base, mine, theirs))
    merged = set(merge(base, mine, theirs).text.replace(".", " ").split())
    assert set().union(*after) - before <= merged


def test_a_long_text_is_merged_in_a_moment() -> None:
    base = " ".join(f"word{number}" for number in range(900))
    mine, theirs = base.replace("word10 ", "mine "), base.replace("word800 ", "theirs ")
    merged = merge(base, mine, theirs)
    assert merged.clean
    assert ("mine " in merged.text, "theirs " in merged.text) == (True, True)
