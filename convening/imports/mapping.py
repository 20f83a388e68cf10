"""Which column of a list of people goes where, and which groups a written value stands for.

Everything here is a guess that a person sees and can change before anything is stored.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from convening.imports import headings
from convening.imports.headings import RANKS, key, lookup
from convening.imports.tabular import Table
from convening.vocabulary import Capital, Group, PersonField

CAPITALS = {
    PersonField.SOCIAL: Capital.SOCIAL,
    PersonField.RELATIONAL: Capital.RELATIONAL,
    PersonField.INTELLECTUAL: Capital.INTELLECTUAL,
    PersonField.FINANCIAL: Capital.FINANCIAL,
}
#: Columns that say yes or no to one group, the other layout besides a column of groups.
GROUP_COLUMNS = {
    PersonField.STEWARD: Group.STEWARD,
    PersonField.GATEWAY: Group.GATEWAY,
    PersonField.INFLUENCER: Group.INFLUENCER,
}
#: What several columns may fill together; every other field takes one column.
REPEATABLE = frozenset(
    {
        PersonField.PLACE,
        PersonField.CONTACT,
        PersonField.GROUPS,
        PersonField.NOTE,
        PersonField.ATTRIBUTE,
        PersonField.IGNORE,
        *CAPITALS,
    }
)

_TRUTH = headings.truth()
#: What the values of a column must look like before its heading is believed.
VALUES: dict[PersonField, Mapping[str, object]] = {
    PersonField.RELATIONSHIP: lookup(headings.RELATIONSHIPS),
    PersonField.MONEY: lookup(headings.MONEY),
    PersonField.CONSENT: lookup(headings.CONSENT),
    PersonField.UNDER_18: _TRUTH,
    **dict.fromkeys(GROUP_COLUMNS, _TRUTH),
}
_GROUP_WORDS = lookup(headings.GROUPS)

#: A misspelt heading of at least this length is taken for the word that it is this close to.
_FUZZY_LENGTH, _FUZZY_SCORE = 7, 90
_SEPARATORS = re.compile(r"[;؛,،/|+&\n]")
_AND = re.compile(r"\s+and\s+|\s+و(?:\s+)?", re.IGNORECASE)

ValueGroups = Mapping[str, Iterable[Group]]


@dataclasses.dataclass(frozen=True)
class ColumnMapping:
    """One field for each column of the file, in its order."""

    fields: tuple[PersonField, ...]

    def columns(self, field: PersonField) -> tuple[int, ...]:
        """The positions, from 0, of the columns that go to ``field``."""
        return tuple(index for index, found in enumerate(self.fields) if found == field)

    def with_field(self, index: int, field: PersonField) -> "ColumnMapping":
        return ColumnMapping((*self.fields[:index], field, *self.fields[index + 1 :]))


def guess_mapping(header: Sequence[str], sample: Sequence[Sequence[str]] = ()) -> ColumnMapping:
    """A field for each heading, English or Arabic, in any case and punctuation.

    ``sample`` holds some rows: a column of fixed values (relationship, consent, ...) is believed
    only if half of its values are known, and a column of e-mail addresses needs no heading.
    Of two columns for one field the more usual heading wins and the other becomes an attribute.
    Columns without a place become attributes; empty ones without a heading are ignored.
    """
    values = [[row[i] for row in sample if i < len(row) and row[i]] for i in range(len(header))]
    guesses = [_guess_field(heading, values[i]) for i, heading in enumerate(header)]
    best: dict[PersonField, tuple[int, int]] = {}
    for index, (field, rank) in enumerate(guesses):
        best[field] = min(best.get(field, (rank, index)), (rank, index))
    fields = [
        field if field in _ALWAYS or best[field][1] == index else PersonField.ATTRIBUTE
        for index, (field, _) in enumerate(guesses)
    ]
    return ColumnMapping(tuple(_names_in_order(header, fields)))


#: Place is repeatable, but only a person can say that two columns of places belong together.
_ALWAYS = REPEATABLE - {PersonField.PLACE}


def _guess_field(heading: str, values: list[str]) -> tuple[PersonField, int]:
    if not heading:
        return (PersonField.ATTRIBUTE if values else PersonField.IGNORE), 0
    found = _known_heading(heading)
    if found and _fits(found[0], values):
        return found
    if values and sum("@" in value for value in values) >= 0.8 * len(values):
        return PersonField.EMAIL, 99
    return PersonField.ATTRIBUTE, 0


def _known_heading(heading: str) -> tuple[PersonField, int] | None:
    for text in (heading, re.sub(r"[(\[].*?[)\]]", "", heading)):
        if key(text) in RANKS:
            return RANKS[key(text)]
    if len(key(heading)) < _FUZZY_LENGTH:
        return None
    near = process.extractOne(
        key(heading), RANKS.keys(), scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE
    )
    return RANKS[near[0]] if near else None


def _fits(field: PersonField, values: list[str]) -> bool:
    if field not in VALUES:
        return True
    return 2 * sum(key(value) in VALUES[field] for value in values) >= len(values)


def _names_in_order(header: Sequence[str], fields: list[PersonField]) -> list[PersonField]:
    """ "Name" beside "Surname" is a first name; otherwise a whole name needs no parts."""
    name, parts = PersonField.NAME, (PersonField.FIRST_NAME, PersonField.LAST_NAME)
    if name not in fields:
        return fields
    if PersonField.LAST_NAME in fields and PersonField.FIRST_NAME not in fields:
        index = fields.index(name)
        if RANKS.get(key(header[index])) == (name, 0):
            return [*fields[:index], PersonField.FIRST_NAME, *fields[index + 1 :]]
    return [PersonField.ATTRIBUTE if field in parts else field for field in fields]


def _told(value_groups: ValueGroups | None) -> dict[str, Iterable[Group]]:
    return {key(name): groups for name, groups in (value_groups or {}).items()}


def _known(value: str, told: Mapping[str, Iterable[Group]]) -> frozenset[Group] | None:
    """The groups of one written value: what a person said of it, else the guess, else None."""
    if key(value) in told:
        return frozenset(told[key(value)])
    group = _GROUP_WORDS.get(key(value))
    return frozenset({group}) if group else None


class GroupReader:
    """Reads the cells of a groups column: one value or several, parted by ; , / | + & or "and"."""

    def __init__(self, value_groups: ValueGroups | None = None) -> None:
        self._told = _told(value_groups)
        self._parts: dict[str, dict[str, frozenset[Group] | None]] = {}

    def parts(self, cell: str) -> dict[str, frozenset[Group] | None]:
        """Each value in ``cell`` with its groups, None where it is not known."""
        if cell not in self._parts:
            self._parts[cell] = self._split(cell)
        return self._parts[cell]

    def _split(self, cell: str) -> dict[str, frozenset[Group] | None]:
        whole = _known(cell, self._told)
        if whole is not None:
            return {cell: whole}
        found: dict[str, frozenset[Group] | None] = {}
        for part in filter(None, map(str.strip, _SEPARATORS.split(cell))):
            inner = {piece: _known(piece, self._told) for piece in _AND.split(part) if piece}
            if _known(part, self._told) is None and None not in inner.values():
                found |= inner
            else:
                found[part] = _known(part, self._told)
        return found


def values_of(table: Table, mapping: ColumnMapping) -> dict[str, int]:
    """The distinct values of the groups columns, one for each spelling, and how many rows say it.

    The most frequent first. Values that a page should ask about are those that ``guess_groups``
    does not know.
    """
    reader = GroupReader()
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for row in table.rows:
        for index in mapping.columns(PersonField.GROUPS):
            for part in reader.parts(row.cells[index]):
                counts[spelling.setdefault(key(part), part)] += 1
    return dict(counts.most_common())


def guess_groups(
    values: Iterable[str], names: ValueGroups | None = None
) -> dict[str, frozenset[Group] | None]:
    """A guess for each value, None where a person has to say; ``names`` are a team's own words."""
    told = _told(names)
    return {value: _known(value, told) for value in values}
