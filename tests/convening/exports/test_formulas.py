"""No text becomes a formula, and every text comes back as it was."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convening.exports.formulas import is_formula, plain, safe


@pytest.mark.parametrize(
    "text", ["=1+1", "+962", "-x", "@here", "\tx", "\rx", "\nx", "  =1", "\u00a0+1", "＝1", "－1"]
)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text: str) -> None:
    assert is_formula(text)
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Amina", "1-2", "a@b.org", "'quoted'", "(=1)", " x"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert not is_formula(text)
    assert safe(text) == plain(text) == text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n a＝"), max_size=8))
@example("'=1")
@example("''=1")
def test_a_text_survives_the_way_out_and_back(text: str) -> None:
    assert plain(safe(text)) == text
    assert not is_formula(safe(text))
