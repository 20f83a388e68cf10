"""People of the map: what a draft must hold, and what search looks in."""

from dataclasses import replace
from datetime import date

import pytest

from convening.community import (
    SEARCH_LENGTH,
    PersonDraft,
    Placement,
    clean_person,
    looks_like_email,
    search_terms,
    search_text,
)
from convening.problems import Problem
from convening.vocabulary import Capital, Consent, Group, GuidingQuestion

TODAY = date(2026, 3, 2)


def problems(draft: PersonDraft) -> list[Problem]:
    return clean_person(draft, TODAY)[1]


def test_a_name_is_all_that_a_person_needs() -> None:
    assert clean_person(PersonDraft("Amina"), TODAY) == (PersonDraft("Amina"), [])


def test_texts_are_cleaned_and_empty_ones_left_out() -> None:
    draft = PersonDraft(
        "  Amina\u202e  Haddad ",
        organisation=" Tenants'\tunion ",
        note="one\r\n\r\n\r\ntwo",
        attributes={" Age ": " 40 ", "Gender": " ", "": "x"},
        capitals={Capital.SOCIAL: " Neighbours  trust her ", Capital.FINANCIAL: ""},
    )
    assert clean_person(draft, TODAY) == (
        PersonDraft(
            "Amina Haddad",
            organisation="Tenants' union",
            note="one\n\ntwo",
            attributes={"Age": "40"},
            capitals={Capital.SOCIAL: "Neighbours  trust her"},
        ),
        [],
    )


def test_every_problem_of_a_draft_is_named_with_its_field() -> None:
    draft = PersonDraft(
        " ",
        email="amina at example",
        place="x" * 201,
        consent_on=date(2026, 3, 3),
        consent=Consent.GIVEN,
        capitals={Capital.SOCIAL: "x" * 501},
    )
    assert problems(draft) == [
        Problem("required", {}, "name"),
        Problem("too_long", {"limit": 200, "length": 201}, "place"),
        Problem("too_long", {"limit": 500, "length": 501}, "capital_social"),
        Problem("not_an_email", {"text": "amina at example"}, "email"),
        Problem("consent_in_future", {"date": date(2026, 3, 3)}, "consent_on"),
    ]


@pytest.mark.parametrize(
    ("consent", "codes"),
    [
        (Consent.GIVEN, ["guardian_consent"]),
        (Consent.GUARDIAN, []),
        (Consent.UNKNOWN, []),
        (Consent.REFUSED, []),
    ],
)
def test_for_a_person_under_18_only_a_guardian_can_consent(
    consent: Consent, codes: list[str]
) -> None:
    draft = PersonDraft("Star", minor=True, consent=consent)
    assert [each.code for each in problems(draft)] == codes


def test_a_day_without_an_answer_is_dropped() -> None:
    draft = PersonDraft("Amina", consent_on=TODAY)
    assert clean_person(draft, TODAY)[0].consent_on is None
    asked = replace(draft, consent=Consent.REFUSED)
    assert clean_person(asked, TODAY)[0].consent_on == TODAY


def test_a_question_places_a_person_in_its_own_group_alone() -> None:
    right = {Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED), Group.GATEWAY: Placement()}
    wrong = {Group.GATEWAY: Placement(GuidingQuestion.LIFE_SHAPED)}
    assert problems(PersonDraft("Amina", groups=right)) == []
    assert problems(PersonDraft("Amina", groups=wrong)) == [
        Problem("question_of_other_group", {"group": Group.GATEWAY}, "groups")
    ]


def test_nobody_knows_themselves_and_ties_go_from_one_to_five() -> None:
    draft = PersonDraft("Amina", ties={7: 3, 8: 6, 9: 0}, reached_through_id=7, id=7)
    assert problems(draft) == [
        Problem("tie_strength", {"strength": 6}, "ties"),
        Problem("tie_strength", {"strength": 0}, "ties"),
        Problem("tie_to_self", {}, "ties"),
        Problem("reached_through_self", {}, "reached_through"),
    ]


def test_search_text_begins_with_the_folded_name() -> None:
    assert (
        search_text("أمينة الحدّاد", "Tenants", "Zarqa", "A@example.org", "+962 7")
        == "امينه الحداد tenants zarqa a@example.org +962 7"
    )
    assert len(search_text("x" * 500, "y" * 500, "")) == SEARCH_LENGTH


def test_a_search_is_made_of_folded_words() -> None:
    assert search_terms("  أمينة  TENANTS ") == ["امينه", "tenants"]
    assert search_terms(" ") == []


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("a@example.org", True),
        ("أ@مثال.إختبار", True),
        ("a@example", False),
        ("a b@example.org", False),
        ("a@b@example.org", False),
        ("a@example..org", False),
    ],
)
def test_an_address_has_one_at_and_a_dot_after_it(text: str, could_be: bool) -> None:
    assert looks_like_email(text) is could_be
