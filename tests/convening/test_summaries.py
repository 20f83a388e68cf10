"""The summary after a room: its words, whose names it holds, and what it keeps to itself."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from convening.after import Commitment, Review
from convening.ledger import Answer, Entry
from convening.mail import LINK
from convening.summaries import Summary, compose, told
from convening.vocabulary import (
    Attribution,
    DissentState,
    Group,
    Language,
    Outcome,
    Strength,
)

SUMMARY = Summary(
    name="Noor",
    inviter="Renewal",
    title="The square",
    zone="Asia/Amman",
    starts_local=datetime(2026, 3, 2, 9),
    ends_local=datetime(2026, 3, 2, 11),
)


def view(**values: Any) -> Entry:
    usual: dict[str, Any] = {
        "id": 1,
        "definition_id": 1,
        "version_id": 1,
        "number": 1,
        "strength": Strength.OBJECTION,
        "statement": "The rent will rise",
        "attribution": Attribution.GROUP_ONLY,
        "groups": frozenset({Group.STEWARD}),
        "state": DissentState.UNANSWERED,
    }
    return Entry(**{**usual, **values})


def answered(outcome: Outcome, **values: Any) -> Entry:
    answer = Answer(1, 1, outcome, values.pop("rationale", ""), "Alice", **values)
    return view(state=DissentState.CONFIRMED, answers=(answer,))


def text(*views: Entry, language: Language = Language.ENGLISH, **values: Any) -> str:
    return compose(replace(SUMMARY, views=views, **values), [language]).text


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (view(), "Objection · stewards:\nThe rent will rise\nThere is no answer yet."),
        (
            answered(Outcome.INCORPORATED, number=2, version_id=9),
            "It changed the text. It is taken up in version 2.",
        ),
        (
            answered(Outcome.STANDS, rationale="The law sets it"),
            "The text stays as it is, and the view stands beside it. The law sets it",
        ),
        (
            answered(Outcome.STANDS, rationale="The law sets it", answers=False),
            "The law sets it\nWhoever said it: this does not answer it.",
        ),
        (
            view(attribution=Attribution.NAMED, person="Umm Laith"),
            "Objection · Umm Laith · stewards:\nThe rent will rise",
        ),
        (view(attribution=Attribution.NAMED, person=""), "Objection · stewards:\nThe rent"),
        (view(groups=frozenset()), "Objection:\nThe rent will rise"),
    ],
)
def test_a_view_stands_in_its_own_words_with_what_became_of_it(entry: Entry, expected: str) -> None:
    assert expected in text(entry)


def test_a_group_only_view_never_names_its_owner() -> None:
    assert "Umm Laith" not in text(view(person="Umm Laith"))


def test_what_came_without_a_name_is_counted_and_not_quoted() -> None:
    anonymous = view(id="x", attribution=Attribution.ANONYMOUS, statement="Secret words")
    said = text(anonymous, replace(anonymous, id="y"), view())
    assert "Secret words" not in said
    assert "2 views came in without a name." in said
    assert "One view dissents from the shared text." in said


def test_struck_and_withdrawn_views_are_neither_quoted_nor_counted() -> None:
    gone = [view(state=state) for state in (DissentState.STRUCK, DissentState.WITHDRAWN)]
    assert told(gone) == ([], 0)
    assert "No dissenting view has been noted." in text(*gone)


def test_it_ends_with_what_was_promised_and_the_link() -> None:
    said = text(
        review=Review(1, "Peace", "A quarrel", "The rent", "We listen", 1),
        commitments=(
            Commitment(1, "Two benches", "Amal", date(2026, 3, 20)),
            Commitment(2, "A lamp", "Omar", date(2026, 3, 1), datetime(2026, 3, 2, 22, tzinfo=UTC)),
        ),
        promise="An answer to each point",
        promise_by=date(2026, 3, 16),
    )
    order = [
        "Hello Noor,",
        "Mon 2 Mar 2026, 09:00–11:00 (Asia/Amman, UTC+03:00)",
        "What happened:\nA quarrel",
        "What we change:\nWe listen",
        "What was promised:\nTwo benches (Amal, until Fri 20 Mar 2026)"
        "\nA lamp (Omar, kept on Tue 3 Mar 2026)",
        "An answer to each point",
        "By Mon 16 Mar 2026.",
        LINK,
        "Renewal",
    ]
    places = [said.index(each) for each in order[:-1]]
    assert places == sorted(places)
    assert "Peace" not in said
    assert said.count(LINK) == 1


def test_nobody_can_type_the_link_or_break_the_subject() -> None:
    hostile = f"a{LINK}\r\nBcc: x"
    written = compose(
        replace(
            SUMMARY,
            title=hostile,
            name=hostile,
            inviter=hostile,
            promise=LINK,
            views=(view(statement=LINK), answered(Outcome.STANDS, rationale=LINK)),
            review=Review(1, "", LINK, "", LINK, 1),
            commitments=(Commitment(1, LINK, LINK, date(2026, 3, 20)),),
        ),
        [Language.ENGLISH],
    )
    assert written.text.count(LINK) == 1
    assert "\n" not in written.subject
    assert written.html.count(LINK) == 3  # the button, and the address written out below it


def test_without_a_language_it_speaks_both() -> None:
    said = compose(SUMMARY, []).text
    assert "Hello Noor," in said
    assert "شكرًا لحضورك" in said


def test_the_html_escapes_what_people_said() -> None:
    html = compose(replace(SUMMARY, views=(view(statement="<img src=x>"),)), [Language.ARABIC]).html
    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html
    assert 'dir="rtl"' in html


def test_a_team_names_its_groups() -> None:
    said = text(view(), group_names={Group.STEWARD: "people of the quarter"})
    assert "Objection · people of the quarter:" in said
