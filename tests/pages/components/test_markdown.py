"""Nothing that a person typed comes alive, and every letter of it stays."""

import html
import string

import pytest

from pages.components.markdown import escape

WORD_JOINER = "\N{WORD JOINER}"


@pytest.mark.parametrize("mark", string.punctuation)
def test_every_punctuation_mark_is_escaped(mark: str) -> None:
    reference = {"[": "&#91;", "]": "&#93;"}.get(mark, f"\\{mark}")
    assert escape(f"a{mark}b").replace(WORD_JOINER, "") == f"a{reference}b"


@pytest.mark.parametrize("text", ["Alice", "O", "حي القنطرة", "Zürich 2026", "", "٣ أشخاص"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\n\nparagraphs", "two paragraphs"),
        ("    code", " code"),
        ("\ttab", " tab"),
        ("a  \nb", "a b"),
        ("non\u00a0breaking", "non\u00a0breaking"),
    ],
)
def test_it_stands_on_one_line(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (":smile:", "\\:|smile\\:"),
        (":material/home:", "\\:|material\\/home\\:"),
        ("https://x.example", "https\\:|\\/\\/x\\.example"),
        ("WWW.x.example", "WWW|\\.x\\.example"),
        ("a@x.example", "a\\@|x\\.example"),
        ("a -> b <= c", "a \\-|\\> b \\<|\\= c"),
        ("9:30", "9\\:30"),
    ],
)
def test_what_streamlit_looks_for_later_is_kept_apart(text: str, escaped: str) -> None:
    assert escape(text) == escaped.replace("|", WORD_JOINER)


def test_what_is_left_reads_as_it_was_typed() -> None:
    text = "![x](http://a.b/c) **b** $m$ :red[c] <i> `d` #1 ~e~ | f > g"
    shown = html.unescape(escape(text).replace(WORD_JOINER, ""))
    assert shown.replace("\\", "") == text
