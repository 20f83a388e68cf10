"""One row of a list of people, and how it is read by a mapping."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from convening.imports import headings
from convening.imports.headings import key
from convening.imports.mapping import CAPITALS, GROUP_COLUMNS, VALUES, ColumnMapping, GroupReader
from convening.imports.result import Findings
from convening.imports.tabular import Row, Table, column_letter
from convening.text import clean, fold
from convening.vocabulary import Capital, Consent, Group, Money, PersonField, Relationship

#: Characters; longer ones are mostly a sentence that slipped into the wrong column.
LIMITS: Mapping[PersonField, int] = {
    PersonField.NAME: 200,
    PersonField.ORGANISATION: 200,
    PersonField.PLACE: 200,
    PersonField.EMAIL: 254,
    PersonField.PHONE: 50,
    PersonField.REACHED_THROUGH: 200,
}
#: Somebody younger needs a guardian's consent and stands on the map under a pseudonym.
ADULT = 18

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_PHONE = re.compile(r"\+?[\d(][\d ()./-]{4,}\d")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_SHOWN = 80
_AGE = re.compile(r"\d{1,3}(\.0)?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
Value = TypeVar("Value", bound=StrEnum)


_NOTHING: Mapping[Any, str] = MappingProxyType({})
_NOBODY: frozenset[Group] = frozenset()


class PersonRow(NamedTuple):
    """One person as the file has them. Empty texts and None mean that the file does not say.

    A tuple: a file holds twenty thousand, and a frozen dataclass takes three times as long to make.
    """

    row: int
    name: str
    organisation: str = ""
    place: str = ""
    email: str = ""
    phone: str = ""
    groups: frozenset[Group] = _NOBODY
    capitals: Mapping[Capital, str] = _NOTHING
    relationship: Relationship | None = None
    money: Money | None = None
    reached_through: str = ""
    consent: Consent | None = None
    birth_year: int | None = None
    minor: bool | None = None
    note: str = ""
    attributes: Mapping[str, str] = _NOTHING


def _on_one_line(cell: str) -> str:
    """``clean`` of a cell whose other characters were cleaned when the table was read."""
    return " ".join(cell.split())


class RowReader:
    """Turns rows into people by one mapping and notes what is wrong with each."""

    def __init__(
        self,
        table: Table,
        mapping: ColumnMapping,
        groups: GroupReader,
        year: int | None,
        findings: Findings,
    ) -> None:
        self._table, self._groups, self._year, self._findings = table, groups, year, findings
        self._columns = {field: mapping.columns(field) for field in PersonField}
        self._attributes = self._attribute_names()
        self._ages = [i for i in self._attributes if key(table.header[i]) in headings.AGE]
        self._capitals = [(f, capital) for f, capital in CAPITALS.items() if self._columns[f]]
        self._truths = [(f, group) for f, group in GROUP_COLUMNS.items() if self._columns[f]]
        self._named = self._name_columns()
        self._dated = any(
            (self._columns[PersonField.UNDER_18], self._columns[PersonField.BIRTH_YEAR], self._ages)
        )

    def _attribute_names(self) -> dict[int, str]:
        """A name of its own for each attribute, where the file has a heading twice too."""
        names: dict[int, str] = {}
        for index in self._columns[PersonField.ATTRIBUTE]:
            name = self._table.column_name(index)
            letter = column_letter(index)
            names[index] = f"{name} ({letter})" if name in names.values() else name
        return names

    def person(self, row: Row) -> PersonRow:
        email, phone, note = self._contact(row)
        birth_year = self._birth_year(row)
        minor = self._minor(row, birth_year) if self._dated else None
        consent = self._value(row, PersonField.CONSENT, Consent)
        if minor and consent != Consent.GUARDIAN:
            self._add("under_18_without_guardian", row, self._named[0])
        return PersonRow(
            row=row.number,
            name=self._name(row),
            organisation=self._line(row, PersonField.ORGANISATION),
            place=self._line(row, PersonField.PLACE),
            email=email,
            phone=phone,
            groups=self._group_set(row),
            capitals={c: words for f, c in self._capitals if (words := self._text(row, f))},
            relationship=self._value(row, PersonField.RELATIONSHIP, Relationship),
            money=self._value(row, PersonField.MONEY, Money),
            reached_through=self._line(row, PersonField.REACHED_THROUGH),
            consent=consent,
            birth_year=birth_year,
            minor=minor,
            note=note,
            attributes={n: row.cells[i] for i, n in self._attributes.items() if row.cells[i]},
        )

    def _text(self, row: Row, field: PersonField) -> str:
        """The words of every column that goes to ``field``, a line each."""
        columns = self._columns[field]
        return "\n".join([row.cells[i] for i in columns if row.cells[i]]) if columns else ""

    def _line(self, row: Row, field: PersonField) -> str:
        """The same on one line, and no longer than the field may be."""
        columns = self._columns[field]
        if not columns:
            return ""
        line = ", ".join([_on_one_line(row.cells[i]) for i in columns if row.cells[i]])
        limit = LIMITS[field]
        if len(line) > limit:
            self._add("cell_too_long", row, columns[0], limit=limit, length=len(line))
        return line[:limit]

    def _add(self, code: str, row: Row, index: int, **params: object) -> None:
        if isinstance(value := params.get("value"), str) and len(value) > _SHOWN:
            params["value"] = value[:_SHOWN] + "…"
        self._findings.add(code, row.number, self._table.column_name(index), **params)

    def _name_columns(self) -> tuple[int, ...]:
        parts = (PersonField.FIRST_NAME, PersonField.LAST_NAME)
        return self._columns[PersonField.NAME] or tuple(
            index for part in parts for index in self._columns[part]
        )

    def _name(self, row: Row) -> str:
        columns = self._named
        name = " ".join([_on_one_line(row.cells[i]) for i in columns if row.cells[i]])
        limit = LIMITS[PersonField.NAME]
        if not name:
            self._add("name_missing", row, columns[0])
        if len(name) > limit:
            self._add("cell_too_long", row, columns[0], limit=limit, length=len(name))
        return name[:limit]

    def _contact(self, row: Row) -> tuple[str, str, str]:
        """E-mail, phone, and what else there is to say: a contact column may hold all three."""
        email, phone = self._line(row, PersonField.EMAIL), self._line(row, PersonField.PHONE)
        if email and not _EMAIL.fullmatch(email):
            self._add("doubtful_email", row, self._columns[PersonField.EMAIL][0], value=email)
        if _ROUNDED.fullmatch(phone):
            self._add("number_rounded", row, self._columns[PersonField.PHONE][0], value=phone)
        if not self._columns[PersonField.CONTACT]:
            return email, phone, self._text(row, PersonField.NOTE)
        contact = self._text(row, PersonField.CONTACT)
        if not email and (found := _EMAIL.search(contact)) and len(found.group()) <= 254:
            email, contact = found.group(), contact.replace(found.group(), " ", 1)
        if not phone and (found := _PHONE.search(contact)) and len(found.group()) <= 50:
            phone, contact = found.group(), contact.replace(found.group(), " ", 1)
        rest = clean(contact, multiline=True).strip(" ,;/|-\n")
        return email, phone, "\n".join(filter(None, (rest, self._text(row, PersonField.NOTE))))

    def _group_set(self, row: Row) -> frozenset[Group]:
        found: set[Group] = set()
        for index in self._columns[PersonField.GROUPS]:
            for value, groups in self._groups.parts(row.cells[index]).items():
                if groups is None:
                    self._add("unknown_group", row, index, value=value)
                found |= groups or frozenset()
        found |= {group for field, group in self._truths if self._truth(row, field)}
        return frozenset(found)

    def _known_value(self, row: Row, field: PersonField) -> object:
        """What the cell stands for; None where it is empty or, with a problem, not understood."""
        for index in self._columns[field]:
            cell = row.cells[index]
            if cell and key(cell) not in VALUES[field]:
                self._add("unknown_value", row, index, value=cell)
            return VALUES[field].get(key(cell)) if cell else None
        return None

    def _value(self, row: Row, field: PersonField, kind: type[Value]) -> Value | None:
        if not self._columns[field]:
            return None
        value = self._known_value(row, field)
        return value if isinstance(value, kind) else None

    def _truth(self, row: Row, field: PersonField) -> bool | None:
        value = self._known_value(row, field)
        return value if isinstance(value, bool) else None

    def _birth_year(self, row: Row) -> int | None:
        for index in self._columns[PersonField.BIRTH_YEAR]:
            cell = row.cells[index]
            found = _YEAR.search(fold(cell))
            year = int(found.group()) if found else None
            if cell and (year is None or (self._year and year > self._year)):
                self._add("unknown_value", row, index, value=cell)
                return None
            return year
        return None

    def _minor(self, row: Row, birth_year: int | None) -> bool | None:
        """Under 18 as the file says it, else by the year of birth, else by an age; None when open.

        In the year of the eighteenth birthday only the person knows.
        """
        told = self._truth(row, PersonField.UNDER_18)
        if told is not None:
            return told
        if birth_year and self._year:
            age = self._year - birth_year
            return None if age == ADULT else age < ADULT
        ages = [fold(row.cells[i]) for i in self._ages]
        return next((int(age) < ADULT for age in ages if _AGE.fullmatch(age)), None)
