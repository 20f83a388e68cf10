"""A name is found in every spelling that search takes for the same, and nothing else is."""

import pytest

from convening.mentions import GAP, Names


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Sara Nasser", "Ask Sara Nasser first.", f"Ask {GAP} first."),
        ("Sara Nasser", "ask SARA  NASSER, then go", f"ask {GAP}, then go"),
        ("Sara Nasser", "Sara\nNasser came", f"{GAP} came"),
        ("Sara Nasser", "Sara came, Nasser did not", "Sara came, Nasser did not"),
        ("Sara Nasser", "Sarah Nasser", "Sarah Nasser"),
        ("Zoë O'Brien", "Zoe O’Brien", GAP),
        ("أحمد حداد", "دعونا احمد حدّاد أمس", f"دعونا {GAP} أمس"),
        ("أحمد حداد", "قلنا لأحمد حداد ذلك", f"قلنا {GAP} ذلك"),
        ("ليلى", "كتبت لَيْلى هذا", f"كتبت {GAP} هذا"),
        ("Al", "All of Al's work, al", f"All of {GAP}'s work, {GAP}"),
    ],
)
def test_a_name_goes_and_the_rest_stays(name: str, text: str, left: str) -> None:
    assert Names([name]).without(text) == left


def test_contacts_are_found_as_they_are_written() -> None:
    names = Names(["Sara Nasser"], ["Sara@example.org", "+962 7 1234", "123"])
    text = "Write to sara@example.org or call +962 7 1234, room 123."
    assert names.without(text) == f"Write to {GAP} or call {GAP}, room 123."


def test_texts_within_lists_and_dicts_are_searched() -> None:
    names = Names(["Sara Nasser"])
    value = {"a": ["by Sara Nasser", 3, None], "Sara Nasser": {"b": "x"}}
    assert names.without_in(value) == {"a": [f"by {GAP}", 3, None], GAP: {"b": "x"}}


def test_the_excerpt_shows_what_stands_around_it() -> None:
    names = Names(["Sara Nasser"])
    assert names.excerpt("Nobody is named here.") == ""
    assert names.excerpt("Ask Sara Nasser.") == "Ask Sara Nasser."
    found = names.excerpt("a" * 100 + " Sara Nasser " + "b" * 100)
    assert found == "…" + "a" * 59 + " Sara Nasser " + "b" * 59 + "…"


def test_only_the_whole_name_is_the_name() -> None:
    names = Names(["Sara Nasser"])
    assert names.is_name("sara nasser")
    assert not names.is_name("Sara Nasser and others")
    assert not names.is_name("")


def test_nobody_is_found_when_nobody_is_looked_for() -> None:
    assert Names().without("Sara") == "Sara"
    assert Names([""], [""]).spans("Sara") == []
