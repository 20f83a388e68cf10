"""People as CSV and XLSX, in the layout that the import of people reads back, and its template."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from convening.exports.tables import Sheet, write_csv, write_xlsx
from convening.imports import headings
from convening.imports.headings import HEADINGS
from convening.imports.mapping import CAPITALS
from convening.imports.person_rows import PersonRow
from convening.vocabulary import Group, Language, PersonField

Format = Literal["csv", "xlsx"]

#: The columns of a template and of every export, before the attributes.
FIELDS = (
    PersonField.NAME,
    PersonField.ORGANISATION,
    PersonField.PLACE,
    PersonField.EMAIL,
    PersonField.PHONE,
    PersonField.GROUPS,
    PersonField.SOCIAL,
    PersonField.RELATIONAL,
    PersonField.INTELLECTUAL,
    PersonField.FINANCIAL,
    PersonField.RELATIONSHIP,
    PersonField.MONEY,
    PersonField.REACHED_THROUGH,
    PersonField.CONSENT,
    PersonField.UNDER_18,
    PersonField.NOTE,
)

_SHEETS = {
    Language.ENGLISH: ("People", "How to fill it in"),
    Language.ARABIC: ("الأشخاص", "طريقة التعبئة"),
}
_ABOVE = {
    Language.ENGLISH: (
        "One row for each person under the headings. Only the name is needed. Columns that you"
        " add are kept as attributes. You may leave this line where it is."
    ),
    Language.ARABIC: (
        "صف واحد لكل شخص تحت العناوين. الاسم وحده مطلوب. تُحفظ الأعمدة التي تضيفها سماتٍ إضافية."
        " يمكنك ترك هذا السطر في مكانه."
    ),
}
_HINTS: dict[Language, dict[PersonField, str]] = {
    Language.ENGLISH: {
        PersonField.NAME: "The person's name. For somebody under 18, a pseudonym.",
        PersonField.ORGANISATION: "Where the person works or volunteers. May be empty.",
        PersonField.PLACE: "Town, neighbourhood or village.",
        PersonField.EMAIL: "One e-mail address.",
        PersonField.PHONE: "One number, best with the country code.",
        PersonField.GROUPS: "One or several, parted by semicolons: {groups}.",
        PersonField.SOCIAL: "Trust and standing the person can bring, in words they could read.",
        PersonField.RELATIONAL: "Whom the person can bring together, in words they could read.",
        PersonField.INTELLECTUAL: "What the person knows, from life or work.",
        PersonField.FINANCIAL: "Money, rooms or things the person can bring.",
        PersonField.RELATIONSHIP: "To the foundation, one of: {values}.",
        PersonField.MONEY: "Whether the foundation pays a grant, one of: {values}.",
        PersonField.REACHED_THROUGH: "The name of somebody through whom the person is reached.",
        PersonField.CONSENT: "Whether the person agreed to be on the map, one of: {values}.",
        PersonField.UNDER_18: "Is the person under 18? One of: {values}.",
        PersonField.NOTE: "Anything else. The person may ask to read it.",
    },
    Language.ARABIC: {
        PersonField.NAME: "اسم الشخص. لمن هم دون الثامنة عشرة اسم مستعار.",
        PersonField.ORGANISATION: "حيث يعمل الشخص أو يتطوع. يمكن تركها فارغة.",
        PersonField.PLACE: "البلدة أو الحي أو القرية.",
        PersonField.EMAIL: "عنوان بريد إلكتروني واحد.",
        PersonField.PHONE: "رقم واحد، والأفضل مع رمز البلد.",
        PersonField.GROUPS: "مجموعة أو أكثر، تفصل بينها فاصلة منقوطة: {groups}.",
        PersonField.SOCIAL: "ما يحظى به الشخص من ثقة ومكانة، بكلمات يمكنه أن يقرأها عن نفسه.",
        PersonField.RELATIONAL: "من يستطيع الشخص أن يجمع بينهم، بكلمات يمكنه أن يقرأها عن نفسه.",
        PersonField.INTELLECTUAL: "ما يعرفه الشخص من حياته أو من عمله.",
        PersonField.FINANCIAL: "ما يستطيع الشخص تقديمه من مال أو مكان أو أدوات.",
        PersonField.RELATIONSHIP: "العلاقة بالمؤسسة، واحدة من: {values}.",
        PersonField.MONEY: "هل تقدّم المؤسسة منحة؟ واحدة من: {values}.",
        PersonField.REACHED_THROUGH: "اسم من نصل عبره إلى هذا الشخص.",
        PersonField.CONSENT: "هل وافق الشخص على إدراجه في الخريطة؟ واحدة من: {values}.",
        PersonField.UNDER_18: "هل الشخص دون الثامنة عشرة؟ واحدة من: {values}.",
        PersonField.NOTE: "أي شيء آخر. قد يطلب الشخص قراءته.",
    },
}
_TRUTH = {True: headings.YES, False: headings.NO}
_VALUES: Mapping[PersonField, Mapping[object, headings.Words]] = {
    PersonField.RELATIONSHIP: dict(headings.RELATIONSHIPS.items()),
    PersonField.MONEY: dict(headings.MONEY.items()),
    PersonField.CONSENT: dict(headings.CONSENT.items()),
    PersonField.UNDER_18: dict(_TRUTH.items()),
}


def write(
    records: Iterable[PersonRow],
    *,
    language: Language = Language.ENGLISH,
    file_format: Format = "xlsx",
) -> bytes:
    """The records in their order, headings and fixed values in ``language``.

    Attributes follow as columns of their own, in the order in which they first occur. Row numbers
    and birth years are not written. Reading the bytes back with the guessed mapping gives the same
    people, unless an attribute is named like one of the template's columns.
    """
    people = list(records)
    attributes = list(dict.fromkeys(name for person in people for name in person.attributes))
    rows = [
        [*_headings(language), *attributes],
        *([*_cells(p, language), *(p.attributes.get(a, "") for a in attributes)] for p in people),
    ]
    if file_format == "csv":
        return write_csv(rows)
    return write_xlsx([_sheet(language, 0, rows)])


def template(language: Language = Language.ENGLISH, file_format: Format = "xlsx") -> bytes:
    """An empty list to fill in; XLSX explains itself on a second sheet, CSV on its first line."""
    if file_format == "csv":
        return write_csv([[_ABOVE[language]], _headings(language)])
    hints = [
        [_headings(language)[index], _hint(field, language)] for index, field in enumerate(FIELDS)
    ]
    explanation = [[_SHEETS[language][1], _ABOVE[language].rsplit(". ", 1)[0] + "."], *hints]
    return write_xlsx(
        [_sheet(language, 0, [_headings(language)]), _sheet(language, 1, explanation)]
    )


def _sheet(language: Language, index: int, rows: Sequence[Sequence[str]]) -> Sheet:
    return Sheet(_SHEETS[language][index], rows, right_to_left=language == Language.ARABIC)


def _headings(language: Language) -> list[str]:
    return [HEADINGS[field][language][0] for field in FIELDS]


def _hint(field: PersonField, language: Language) -> str:
    groups = "; ".join(headings.GROUPS[group][language][0] for group in Group)
    comma = "، " if language == Language.ARABIC else ", "
    values = comma.join(words[language][0] for words in _VALUES.get(field, {}).values())
    return _HINTS[language][field].format(groups=groups, values=values)


def _cells(person: PersonRow, language: Language) -> list[str]:
    texts = {
        PersonField.NAME: person.name,
        PersonField.ORGANISATION: person.organisation,
        PersonField.PLACE: person.place,
        PersonField.EMAIL: person.email,
        PersonField.PHONE: person.phone,
        PersonField.GROUPS: "; ".join(
            headings.GROUPS[group][language][0] for group in Group if group in person.groups
        ),
        PersonField.REACHED_THROUGH: person.reached_through,
        PersonField.NOTE: person.note,
    }
    texts |= {field: person.capitals.get(capital, "") for field, capital in CAPITALS.items()}
    fixed: dict[PersonField, object] = {
        PersonField.RELATIONSHIP: person.relationship,
        PersonField.MONEY: person.money,
        PersonField.CONSENT: person.consent,
        PersonField.UNDER_18: person.minor,
    }
    for field, value in fixed.items():
        texts[field] = "" if value is None else _VALUES[field][value][language][0]
    return [texts[field] for field in FIELDS]
