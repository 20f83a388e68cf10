"""The map as a list of people: what is written, and that reading it gives the same people."""

from dataclasses import replace
from datetime import date

import pytest

from convening.community import PersonName, Placement, Stakeholder, Tie
from convening.exports import community, people
from convening.imports import people as reader
from convening.imports.person_rows import PersonRow
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    Language,
    Money,
    PersonField,
    Relationship,
)

AMINA = Stakeholder(
    id=7,
    initiative_id=1,
    name="أمينة الحداد",
    organisation="Union",
    place="Zarqa",
    email="a@example.org",
    phone="+962 79 123 4567",
    attributes={"Shoe": "38", PersonField.REACHED_THROUGH: "Umm Laith"},
    relationship=Relationship.ACQUAINTED,
    money=Money.GRANTEE,
    reached_through=PersonName(3, "Omar", "Clinic"),
    minor=False,
    consent=Consent.GIVEN,
    consent_on=date(2026, 1, 5),
    note="Evenings only",
    groups={Group.STEWARD: Placement(GuidingQuestion.LIFE_SHAPED, 2), Group.GATEWAY: Placement()},
    capitals={Capital.SOCIAL: "Trust"},
    ties=(Tie(3, "Omar", 4),),
    version=1,
)


def test_a_person_is_one_row_with_what_such_a_list_can_hold() -> None:
    assert community.rows([AMINA]) == [
        PersonRow(
            row=2,
            name="أمينة الحداد",
            organisation="Union",
            place="Zarqa",
            email="a@example.org",
            phone="+962 79 123 4567",
            groups=frozenset({Group.STEWARD, Group.GATEWAY}),
            capitals={Capital.SOCIAL: "Trust"},
            relationship=Relationship.ACQUAINTED,
            money=Money.GRANTEE,
            reached_through="Omar",
            consent=Consent.GIVEN,
            note="Evenings only",
            attributes={"Shoe": "38"},
        )
    ]


def test_a_name_that_nobody_on_the_map_has_is_written_as_it_was() -> None:
    (row,) = community.rows([replace(AMINA, reached_through=None)])
    assert row.reached_through == "Umm Laith"


def test_what_nobody_has_said_is_left_empty() -> None:
    (row,) = community.rows([replace(AMINA, consent=Consent.UNKNOWN, minor=False)])
    assert (row.consent, row.minor) == (None, None)
    (star,) = community.rows([replace(AMINA, consent=Consent.GUARDIAN, minor=True)])
    assert (star.consent, star.minor) == (Consent.GUARDIAN, True)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_reading_the_file_gives_the_same_people(language: Language, kind: people.Format) -> None:
    rows = community.rows([AMINA, replace(AMINA, id=8, name="=Omar", groups={}, capitals={})])
    found = reader.read(people.write(rows, language=language, file_format=kind))
    assert found.problems == ()
    assert list(found.records) == rows
