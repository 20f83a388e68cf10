"""What is exported can be imported again, and the template explains itself in both languages."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convening.exports.people import _HINTS, FIELDS, Format, template, write
from convening.exports.tables import Sheet, write_csv, write_xlsx
from convening.imports.people import PersonRow, guess_mapping, read
from convening.imports.tabular import read_table
from convening.text import clean
from convening.vocabulary import Capital, Consent, Group, Language, Money, Relationship

FORMATS: tuple[Format, ...] = ("csv", "xlsx")

PEOPLE = (
    PersonRow(
        row=2,
        name="=HYPERLINK(x)",
        organisation="+org, with comma",
        place='"Leeds"',
        email="a@example.org",
        phone="+962 79 123 4567",
        groups=frozenset(Group),
        capitals={Capital.SOCIAL: "two\nlines", Capital.FINANCIAL: "-5"},
        relationship=Relationship.ACQUAINTED,
        money=Money.GRANTEE,
        reached_through="ليلى حداد",
        consent=Consent.GUARDIAN,
        minor=True,
        note="@note",
        attributes={"Score": "007", "=h": "'=1"},
    ),
    PersonRow(row=3, name="أحمد الخطيب", minor=False, attributes={"Score": "TRUE", "لغة": "ar"}),
    PersonRow(row=4, name="Omar", consent=Consent.UNKNOWN, relationship=Relationship.NONE),
)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("file_format", FORMATS)
def test_exported_people_come_back_the_same(file_format: Format, language: Language) -> None:
    data = write(PEOPLE, language=language, file_format=file_format)
    imported = read(data)
    assert imported.records == PEOPLE
    assert imported.problems == ()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_people_give_the_same_bytes(file_format: Format, language: Language) -> None:
    first = write(PEOPLE, language=language, file_format=file_format)
    assert write(iter(PEOPLE), language=language, file_format=file_format) == first


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("file_format", FORMATS)
def test_the_templates_columns_are_guessed_without_a_doubt(
    file_format: Format, language: Language
) -> None:
    table = read_table(template(language, file_format))
    assert table.detected.sure
    assert guess_mapping(table.header).fields == FIELDS
    assert [found.code for found in read(template(language, file_format)).problems] == ["no_rows"]


FILLED = {
    Language.ENGLISH: ["steward; influencer", "established", "applicant", "given", "no"],
    Language.ARABIC: ["حارس المجتمع; مؤثر في قضايا المجتمع", "راسخة", "متقدم بطلب", "أعطيت", "لا"],
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_filled_template_imports_with_the_guessed_mapping(
    file_format: Format, language: Language
) -> None:
    table = read_table(template(language, file_format))
    groups, relationship, money, consent, minor = FILLED[language]
    person = ["Amina Darane", "Qantara", "Zarqa", "a@example.org", "0791", groups, "s", "r", "i"]
    person += ["f", relationship, money, "Omar", consent, minor, "note"]
    above = [["(explanation)"]] if file_format == "csv" else []
    rows = [*above, list(table.header), person]
    filled = write_csv(rows) if file_format == "csv" else write_xlsx([Sheet("S", rows)])
    assert read(filled).problems == ()
    assert read(filled).records == (
        PersonRow(
            row=table.header_row + 1,
            name="Amina Darane",
            organisation="Qantara",
            place="Zarqa",
            email="a@example.org",
            phone="0791",
            groups=frozenset({Group.STEWARD, Group.INFLUENCER}),
            capitals=dict(zip(Capital, "srif", strict=True)),
            relationship=Relationship.ESTABLISHED,
            money=Money.APPLICANT,
            reached_through="Omar",
            consent=Consent.GIVEN,
            minor=False,
            note="note",
        ),
    )


@pytest.mark.parametrize("language", list(Language))
def test_the_second_sheet_explains_every_column(language: Language) -> None:
    names = read_table(template(language)).detected.sheets
    table = read_table(template(language), sheet=names[1])
    header = read_table(template(language)).header
    assert tuple(row.cells[0] for row in table.rows) == header
    assert all(row.cells[1] and not set("{}") & set(row.cells[1]) for row in table.rows)


def test_both_languages_explain_the_same_with_the_same_blanks() -> None:
    blanks = [
        {f: {n for _, n, _, _ in string.Formatter().parse(h) if n} for f, h in hints.items()}
        for hints in _HINTS.values()
    ]
    assert blanks[0] == blanks[1]
    assert set(blanks[0]) == set(FIELDS)


def test_words_of_fixed_values_stand_in_the_language_of_the_file() -> None:
    text = write(PEOPLE, language=Language.ARABIC, file_format="csv").decode("utf-8-sig")
    assert "حارس المجتمع; بوابة المجتمع; مؤثر في قضايا المجتمع" in text
    assert "guardian" not in text


WORDS = st.text(alphabet=st.sampled_from("aأé=+-@'\";,\n\t 1_x0041"), max_size=8).map(
    lambda text: clean(text, multiline=True)
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(WORDS.map(clean).filter(bool), WORDS, WORDS), min_size=1, max_size=4),
    st.sampled_from(FORMATS),
)
def test_any_words_come_back_the_same(
    words: list[tuple[str, str, str]], file_format: Format
) -> None:
    people = tuple(
        PersonRow(
            row=number,
            name=name,
            note=note,
            capitals={Capital.SOCIAL: social} if social else {},
        )
        for number, (name, note, social) in enumerate(words, 2)
    )
    assert read(write(people, file_format=file_format)).records == people
