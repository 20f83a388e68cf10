"""Columns and values are guessed in both languages, and a person can put every guess right."""

import pytest

from convening.imports.headings import GROUPS, HEADINGS, key, lookup
from convening.imports.mapping import (
    ColumnMapping,
    GroupReader,
    guess_groups,
    guess_mapping,
    values_of,
)
from convening.imports.tabular import read_table
from convening.vocabulary import Group, Language, PersonField

F = PersonField
S, G, I = Group.STEWARD, Group.GATEWAY, Group.INFLUENCER  # noqa: E741


def fields(*header: str, rows: tuple[tuple[str, ...], ...] = ()) -> tuple[PersonField, ...]:
    return guess_mapping(header, rows).fields


def test_every_word_for_a_heading_stands_for_one_field() -> None:
    spellings = [key(s) for w in HEADINGS.values() for words in w.values() for s in words]
    assert len(spellings) == len(set(spellings))
    groups = [key(s) for words in GROUPS.values() for ws in words.values() for s in ws]
    assert len(groups) == len(set(groups)) == len(lookup(GROUPS))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("field", list(HEADINGS))
def test_every_heading_is_recognised(field: PersonField, language: Language) -> None:
    for word in HEADINGS[field][language]:
        assert fields(word) == (field,)
        assert fields(f"  {word.upper()}: ") == (field,)


def test_case_punctuation_brackets_and_small_slips_do_not_matter() -> None:
    assert fields("E-MAIL", "first_name", "lastName", "Organizaton", "Place (town or village)") == (
        F.EMAIL, F.FIRST_NAME, F.LAST_NAME, F.ORGANISATION, F.PLACE,
    )  # fmt: skip


def test_columns_without_a_place_become_attributes_and_empty_ones_are_left_out() -> None:
    rows = (("Amina", "", "34", ""), ("Omar", "x", "", ""))
    assert fields("Name", "", "Age", "", rows=rows) == (F.NAME, F.ATTRIBUTE, F.ATTRIBUTE, F.IGNORE)


def test_of_two_columns_for_one_field_the_more_usual_heading_wins() -> None:
    assert fields("Province", "Town", "Name") == (F.ATTRIBUTE, F.PLACE, F.NAME)
    assert fields("Phone", "Mobile") == (F.PHONE, F.ATTRIBUTE)


def test_name_beside_surname_is_a_first_name_and_a_full_name_needs_no_parts() -> None:
    assert fields("Name", "Surname") == (F.FIRST_NAME, F.LAST_NAME)
    assert fields("الاسم", "اسم العائلة") == (F.FIRST_NAME, F.LAST_NAME)
    assert fields("Full name", "Surname") == (F.NAME, F.ATTRIBUTE)
    assert fields("First name", "Last name", "Name") == (F.ATTRIBUTE, F.ATTRIBUTE, F.NAME)


def test_a_heading_of_fixed_values_is_believed_only_with_such_values() -> None:
    married = (("A", "married"), ("B", "single"), ("C", "none"))
    close = (("A", "close"), ("B", "wasta"), ("C", "None"))
    assert fields("Name", "Relationship", rows=married) == (F.NAME, F.ATTRIBUTE)
    assert fields("Name", "Relationship", rows=close) == (F.NAME, F.RELATIONSHIP)
    assert fields("Name", "Steward", rows=(("A", "x"), ("B", ""))) == (F.NAME, F.STEWARD)
    assert fields("Name", "Steward", rows=(("A", "Bob"),)) == (F.NAME, F.ATTRIBUTE)


def test_a_column_of_addresses_needs_no_heading_that_says_so() -> None:
    assert fields("Name", "Login", rows=(("A", "a@b.org"), ("B", ""))) == (F.NAME, F.EMAIL)


def test_a_mapping_can_be_put_right_column_by_column() -> None:
    mapping = ColumnMapping((F.NAME, F.ATTRIBUTE, F.ATTRIBUTE)).with_field(2, F.PLACE)
    assert mapping.fields == (F.NAME, F.ATTRIBUTE, F.PLACE)
    assert mapping.columns(F.ATTRIBUTE) == (1,)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("steward", {"steward": {S}}),
        ("Steward; Gateway", {"Steward": {S}, "Gateway": {G}}),
        ("ساكن", {"ساكن": {S}}),
        ("حارس المجتمع، مؤثر", {"حارس المجتمع": {S}, "مؤثر": {I}}),
        ("حارس وبوابة", {"حارس": {S}, "بوابة": {G}}),
        ("Residents and lawyers", {"Residents": {S}, "lawyers": {I}}),
        ("Friends and neighbours", {"Friends and neighbours": None}),
        ("tenant / mayor | ?", {"tenant": {S}, "mayor": {I}, "?": None}),
        ("", {}),
    ],
)
def test_a_cell_may_name_several_groups(cell: str, expected: dict[str, set[Group] | None]) -> None:
    assert GroupReader().parts(cell) == expected


def test_what_a_person_says_of_a_value_goes_before_the_guess() -> None:
    reader = GroupReader({"Friends and neighbours": [S, G], "mayor": []})
    assert reader.parts("friends AND neighbours; Mayor; lawyer") == {
        "friends AND neighbours": {S, G},
        "Mayor": frozenset(),
        "lawyer": {I},
    }


def test_the_values_of_the_groups_columns_are_listed_once_with_how_many_say_them() -> None:
    table = read_table(b"Name,Group,Circle\nA,steward;x y,\nB,Steward,X-Y\nC,,mayor\n")
    mapping = guess_mapping(table.header)
    assert mapping.columns(F.GROUPS) == (1, 2)
    found = values_of(table, mapping)
    assert found == {"steward": 2, "x y": 2, "mayor": 1}
    assert guess_groups(found, {"x y": [G]}) == {"steward": {S}, "x y": {G}, "mayor": {I}}
    assert guess_groups(found)["x y"] is None
