"""Lists of people come in whole, or every obstacle is named by its row and column."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convening.imports import people
from convening.imports.people import ColumnMapping, PersonRow, read
from convening.imports.result import Imported, problem
from convening.vocabulary import Capital, Consent, Group, Money, PersonField, Relationship
from tests.convening.imports.archives import book

DATA = Path(__file__).parents[2] / "data" / "selection"
F = PersonField


def problems(text: str, **asked: object) -> tuple[tuple[str, object, object], ...]:
    found = read(text.encode(), **asked).problems  # type: ignore[arg-type]
    return tuple((each.code, each.params["row"], each.params["column"]) for each in found)


def only(text: str, **asked: object) -> PersonRow:
    imported = read(text.encode(), **asked)  # type: ignore[arg-type]
    assert imported.blocking == ()
    return imported.records[0]


def test_the_hundred_respondents_import_as_they_are() -> None:
    imported = read((DATA / "opendlp-respondents.csv").read_bytes())
    assert (len(imported.records), imported.problems) == (100, ())
    assert imported.records[1] == PersonRow(
        row=3,
        name="Li Zemin",
        place="Meadowdale",
        minor=False,
        attributes={
            "unique_id": "2",
            "age_bucket": "Youth",
            "economic_stability": "Middle",
            "gender": "Non-binary",
            "age": "20",
            "ethnicity": "Maritan",
            "address_line_1": "Flat 3, 15 Maple Avenue",
            "province": "Verdelands",
            "education": "2",
            "money_fairness": "2",
            "env_daily_life": "1",
            "belong_shared_space": "1",
            "education_next_gen": "2",
        },
    )


def test_the_twenty_respondents_import_as_they_are() -> None:
    imported = read((DATA / "opendlp-sample_respondents.csv").read_bytes())
    assert (len(imported.records), imported.problems) == (20, ())
    assert imported.records[0] == PersonRow(
        row=2,
        name="Alice Smith",
        place="North",
        email="alice@example.com",
        attributes={"ID": "1", "Gender": "Female", "Age": "18-35"},
    )


@pytest.mark.parametrize(
    ("name", "column"),
    [("opendlp-categories.csv", "category"), ("opendlp-sample_targets.csv", "feature")],
)
def test_a_file_of_quotas_is_recognised_and_refused(name: str, column: str) -> None:
    imported = read((DATA / name).read_bytes())
    assert imported == Imported(problems=(problem("quota_file", 1, column),))
    assert imported.blocking


ARABIC = """الاسم الأول;اسم العائلة;المنظمة;الحي;البريد الإلكتروني;رقم الهاتف;المجموعات;رأس المال الفكري;العلاقة;حالة المنحة;نصل إليه عبر;الموافقة;سنة الميلاد;ملاحظات;اللغة
أحمد;الخطيب;جمعية القنطرة;حي معصوم;ahmad@example.org;٠٧٩١٢٣٤٥٦٧;حارس المجتمع، بوابة;يعرف تاريخ الحي;وثيقة;حاصل على منحة;ليلى حداد;موافق;١٩٨٠;يفضل المساء;العربية
"""  # noqa: E501


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1256"]
)
def test_every_field_is_read_from_an_arabic_list_in_any_encoding(encoding: str) -> None:
    text = ARABIC
    if encoding == "windows-1256":  # it has no Arabic-Indic digits
        text = text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    imported = read(text.encode(encoding), year=2026)
    assert imported.problems == ()
    phone = imported.records[0].phone
    assert imported.records == (
        PersonRow(
            row=2,
            name="أحمد الخطيب",
            organisation="جمعية القنطرة",
            place="حي معصوم",
            email="ahmad@example.org",
            phone=phone,
            groups=frozenset({Group.STEWARD, Group.GATEWAY}),
            capitals={Capital.INTELLECTUAL: "يعرف تاريخ الحي"},
            relationship=Relationship.ESTABLISHED,
            money=Money.GRANTEE,
            reached_through="ليلى حداد",
            consent=Consent.GIVEN,
            birth_year=1980,
            minor=False,
            note="يفضل المساء",
            attributes={"اللغة": "العربية"},
        ),
    )
    assert phone in ("٠٧٩١٢٣٤٥٦٧", "0791234567")


def test_what_a_file_does_not_say_stays_open() -> None:
    assert only("Name,Consent,Under 18\nAmina,,\n") == PersonRow(row=2, name="Amina")


def test_a_contact_column_may_hold_an_address_a_number_and_words() -> None:
    person = only('Name,Contact\nAmina,"amina@example.org; +44 20 7946 0000 (after six)"\n')
    assert (person.email, person.phone) == ("amina@example.org", "+44 20 7946 0000")
    assert person.note == "(after six)"


def test_yes_and_no_columns_place_people_too() -> None:
    text = "Name,Steward,Gateway,Influencer\nAmina,x,no,نعم\n"
    assert only(text).groups == {Group.STEWARD, Group.INFLUENCER}


def test_several_columns_may_fill_one_field_when_a_person_says_so() -> None:
    mapping = ColumnMapping((F.NAME, F.PLACE, F.PLACE, F.NOTE, F.NOTE, F.IGNORE))
    person = only("Name,Town,Province,a,b,c\nAmina,Zarqa,JO-AZ,x,y,z\n", mapping=mapping)
    assert (person.place, person.note, person.attributes) == ("Zarqa, JO-AZ", "x\ny", {})


def test_attributes_of_one_heading_are_kept_apart() -> None:
    person = only("Name,Score,Score,\nAmina,1,2,3\n")
    assert person.attributes == {"Score": "1", "Score (C)": "2", "D": "3"}
    assert problems("Name,\nAmina,3\n") == (("column_without_heading", 1, "B"),)


@pytest.mark.parametrize(
    ("header", "cell", "minor"),
    [
        ("Under 18", "yes", True),
        ("دون 18", "لا", False),
        ("Birth year", "2008", None),
        ("Birth year", "2009", True),
        ("Date of birth", "31.12.2007", False),
        ("Age", "17", True),
        ("العمر", "١٨", False),
        ("Age", "18-35", None),
    ],
)
def test_who_is_under_18_follows_from_what_the_file_says(
    header: str, cell: str, minor: bool | None
) -> None:
    imported = read(f"Name,{header}\nAmina,{cell}\n".encode(), year=2026)
    assert imported.records[0].minor == minor
    codes = [found.code for found in imported.warnings]
    assert codes == (["under_18_without_guardian"] if minor else [])
    assert imported.blocking == ()


def test_with_a_guardians_consent_nothing_is_asked() -> None:
    person = only("Name,Under 18,Consent\nFalcon,yes,guardian\n")
    assert (person.minor, person.consent) == (True, Consent.GUARDIAN)
    assert problems("Name,Under 18,Consent\nFalcon,yes,guardian\n") == ()


def test_every_problem_is_named_by_row_and_column() -> None:
    text = (
        "Name,E-mail,Phone,Group,Relationship,Money,Consent,Birth year\n"
        "Amina,a@example.org,+44 20 7946 0000,steward,close,grantee,yes,1990\n"
        "Omar,b@example.org,0,steward,none,none,no,1990\n"
        ",not an address,9.62791E+11,wizard,complicated,some,perhaps,long ago\n"
    )
    assert problems(text, year=2026) == (
        ("unknown_value", 4, "Birth year"),
        ("unknown_value", 4, "Consent"),
        ("name_missing", 4, "Name"),
        ("unknown_group", 4, "Group"),
        ("unknown_value", 4, "Relationship"),
        ("unknown_value", 4, "Money"),
        ("doubtful_email", 4, "E-mail"),
        ("number_rounded", 4, "Phone"),
    )
    assert len(read(text.encode()).warnings) == 2


def test_a_birth_year_in_the_future_is_asked_about() -> None:
    assert problems("Name,Birth year\nAmina,2027\n", year=2026) == (
        ("unknown_value", 2, "Birth year"),
    )


def test_a_text_longer_than_its_field_is_named_and_a_long_value_cut_in_the_message() -> None:
    assert problems(f"Name,Town\n{'x' * 201},{'y' * 201}\n") == (
        ("cell_too_long", 2, "Name"),
        ("cell_too_long", 2, "Town"),
    )
    (found,) = read(f"Name,Group\nA,{'z' * 300}\n".encode()).problems
    assert found.params["value"] == "z" * 80 + "…"


def test_groups_that_nobody_knows_are_asked_for_and_then_taken() -> None:
    text = "Name,Group\nAmina,savings circle\n"
    assert problems(text) == (("unknown_group", 2, "Group"),)
    told = {"Savings circle": [Group.STEWARD, Group.GATEWAY]}
    assert only(text, value_groups=told).groups == {Group.STEWARD, Group.GATEWAY}
    assert only(text, value_groups={"savings circle": []}).groups == frozenset()


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("Name,Town\n", None, ("no_rows", 1, None)),
        ("Town,Age\nZarqa,7\n", None, ("no_name_column", 1, None)),
        ("Name,Town\nA,B\n", (F.NAME,), ("mapping_mismatch", 1, None)),
        ("Name,Alias\nA,B\n", (F.NAME, F.NAME), ("field_twice", 1, "Alias")),
    ],
)
def test_a_table_or_mapping_that_cannot_be_people_is_refused(
    text: str, fields: tuple[PersonField, ...] | None, expected: tuple[str, int, str | None]
) -> None:
    mapping = ColumnMapping(fields) if fields else None
    assert problems(text, mapping=mapping) == (expected,)


def test_a_file_that_cannot_be_read_is_a_problem_and_no_exception() -> None:
    assert read(b"").problems == (problem("file_empty"),)
    assert problems("Name\nA\n", encoding="zip") == (("unknown_encoding", None, None),)
    assert problems('Name,Note\nA,"x\n') == (("unclosed_quote", 2, None),)


def test_a_workbook_is_read_like_a_text_file() -> None:
    cells = "".join(f"<c t='str'><v>{word}</v></c>" for word in ("Name", "Groups"))
    row = "".join(f"<c t='str'><v>{word}</v></c>" for word in ("Amina", "resident"))
    imported = read(book(f"<row>{cells}</row><row>{row}</row>"))
    assert imported.records == (PersonRow(2, "Amina", groups=frozenset({Group.STEWARD})),)


def test_progress_runs_from_nothing_to_everything() -> None:
    shares: list[float] = []
    read(b"Name,Town\n" + b"A,B\n" * 1200, progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


WORDS = (
    "Name|Surname|الاسم|Group|المجموعات|E-mail|Contact|Phone|Age|Birth year|Under 18|Consent|Money"
    "|Steward|Town||min|category"
)
HEADERS = st.lists(st.sampled_from(WORDS.split("|")), max_size=6)
CELLS = st.text(
    alphabet=st.sampled_from("aZéأ٣1@.;,+=-'\"\t\n\r\x00\u202e\ufeff\ufffd?x "), max_size=8
)


@settings(max_examples=400, deadline=None)
@given(
    HEADERS,
    st.lists(st.lists(CELLS, max_size=7), max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1256"]),
    st.none() | st.lists(st.sampled_from(list(PersonField)), max_size=7),
)
def test_any_list_gives_people_or_places_to_mend(
    header: list[str],
    rows: list[list[str]],
    encoding: str,
    fields: list[PersonField] | None,
) -> None:
    text = "\n".join(";".join(row) for row in [header, *rows])
    mapping = None if fields is None else ColumnMapping(tuple(fields))
    check(read(text.encode(encoding, errors="replace"), mapping=mapping, year=2026))


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_people_or_places_to_mend(data: bytes) -> None:
    check(read(data))
    check(read(b"PK\x03\x04" + data))


RESPONDENTS = (DATA / "opendlp-sample_respondents.csv").read_bytes()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(RESPONDENTS)), st.binary(max_size=3)), max_size=6),
    st.integers(0, len(RESPONDENTS)),
)
def test_a_damaged_file_gives_people_or_places_to_mend(
    changes: list[tuple[int, bytes]], end: int
) -> None:
    data = bytearray(RESPONDENTS)
    for at, change in changes:
        data[at : at + 2] = change
    check(read(bytes(data[:end])))


def check(imported: Imported[PersonRow]) -> None:
    """Records or reasons; each reason with its place; nothing in a record that cannot be stored."""
    assert imported.records or imported.blocking
    assert all({"row", "column"} <= set(found.params) for found in imported.problems)
    rows = [person.row for person in imported.records]
    assert rows == sorted(set(rows))
    for person in imported.records:
        texts = (person.name, person.place, person.note, *person.attributes.values())
        assert not any("\x00" in text or "\u202e" in text for text in texts)
        missing = ("name_missing", person.row)
        named = {(found.code, found.params["row"]) for found in imported.problems}
        assert person.name or missing in named


def test_the_public_names_of_the_module_are_what_a_page_needs() -> None:
    assert set(people.__all__) <= set(dir(people))
