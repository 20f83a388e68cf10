"""Texts in both languages, with CLDR plurals, western digits and dates with the weekday."""

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from convening.problems import Problem
from convening.vocabulary import Group, Language

Message = str | dict[str, str]
_ISOLATE, _POP = "\u2068", "\u2069"  # first strong isolate, and its end
_LTR = "\u200e"  # left-to-right mark
PLURAL_FORMS: dict[Language, tuple[str, ...]] = {
    Language.ENGLISH: ("one", "other"),
    Language.ARABIC: ("zero", "one", "two", "few", "many", "other"),
}


def plural_form(language: Language, count: int) -> str:
    """The CLDR cardinal category of a whole number (unicode.org/cldr, plural rules)."""
    if language is Language.ENGLISH:
        return "one" if count == 1 else "other"
    if count in (0, 1, 2):
        return ("zero", "one", "two")[count]
    if 3 <= count % 100 <= 10:
        return "few"
    return "many" if 11 <= count % 100 <= 99 else "other"


@cache
def messages(language: Language) -> dict[str, Message]:
    """Every text of a language by its dotted key; a table with "other" is one plural text."""
    return flattened(
        files(__package__).joinpath(f"{language.value}.toml").read_text(encoding="utf-8")
    )


def flattened(source: str) -> dict[str, Message]:
    """The texts of a language file by their dotted keys."""
    flat: dict[str, Message] = {}
    _flatten(tomllib.loads(source), "", flat)
    return flat


def _flatten(node: Mapping[str, Any], prefix: str, into: dict[str, Message]) -> None:
    for key, value in node.items():
        if (
            isinstance(value, dict)
            and "other" in value
            and all(isinstance(each, str) for each in value.values())
            and set(value) <= set(PLURAL_FORMS[Language.ARABIC])
        ):
            into[prefix + key] = dict(value)
        elif isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", into)
        else:
            into[prefix + key] = value


class Wording:
    """Words keys, problems, enumerations, numbers and dates in one language.

    The result is plain text: whoever puts it into Markdown escapes it. ``group_names`` are the
    local names that a team gave its groups.
    """

    def __init__(
        self,
        language: str,
        texts: Mapping[str, Message],
        group_names: Mapping[Group, str] | None = None,
        *,
        rtl: bool = False,
    ) -> None:
        self.language = language
        self.rtl = rtl
        self._messages = texts
        self._group_names = dict(group_names or {})

    def __call__(self, key: str | Problem, /, **params: Any) -> str:
        """The text of a key or problem. KeyError when the key is not in the language file.

        A plural text takes its form from ``count``; enumerations, whole numbers, dates and
        sequences among the parameters are worded, everything else is put in as it is.
        """
        if isinstance(key, Problem):
            return self(f"problem.{key.code}", **key.params)
        message = self._messages[key]
        if isinstance(message, dict):
            message = message.get(self.plural_form(int(params["count"])), message["other"])
        return message.format_map({name: self.value(each) for name, each in params.items()})

    def plural_form(self, _count: int) -> str:
        """The form that a plural text takes for a count."""
        return "other"

    def has(self, key: str) -> bool:
        return key in self._messages

    def value(self, value: Any) -> str:
        """One parameter in words."""
        if isinstance(value, Problem):
            return self(value)
        if isinstance(value, StrEnum):
            return self.isolated(self.word(value))
        if isinstance(value, bool):
            return self("common.yes" if value else "common.no")
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, list | tuple | set | frozenset):
            return self.join(self.value(each) for each in value)
        return self.isolated(str(value))

    def isolated(self, text: str) -> str:
        """A name of the other direction, set apart so that it does not reorder its sentence."""
        direction = next(
            (kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), ""
        )
        against = ("L",) if self.rtl else ("R", "AL")
        return f"{_ISOLATE}{text}{_POP}" if direction in against else text

    def word(self, member: StrEnum) -> str:
        """The name of an enumeration's member: key ``<enumeration>.<value>``."""
        if isinstance(member, Group) and member in self._group_names:
            return self.isolated(self._group_names[member])
        key = f"{_snake(type(member).__name__)}.{member.value}"
        return self(f"{key}.name") if f"{key}.name" in self._messages else self(key)

    def of_person(self, group: Group) -> str:
        """What stands beside one person of a group: "steward", or the team's own name for it."""
        if group in self._group_names:
            return self.word(group)
        return self(f"group.{group.value}.of_person")

    def number(self, value: float, digits: int = 0) -> str:
        """Western digits with a thousands separator, in both languages."""
        return f"{value:,.{digits}f}"

    def percent(self, share: float) -> str:
        """A share between 0 and 1 as whole per cent; in Arabic with the sign of CLDR, whose marks
        keep it behind its number after Arabic letters too."""
        sign = f"{_LTR}%{_LTR}" if self.rtl else "%"
        return f"{share * 100:.0f}{sign}"

    def join(self, parts: Any) -> str:
        """A list in words: "a, b and c"."""
        words = list(parts)
        if len(words) < 2:
            return "".join(words)
        head = self("common.list_separator").join(words[:-1])
        return self("common.list_last", head=head, last=words[-1])

    def date(self, day: date) -> str:
        """A day with its weekday: "Sat 21 Nov 2026"."""
        return self(
            "common.date",
            weekday=self(f"weekday.{day.isoweekday()}"),
            day=str(day.day),
            month=self(f"month.{day.month}"),
            year=str(day.year),
        )

    def time(self, at: datetime) -> str:
        return f"{at:%H:%M}"

    def moment(self, at: datetime) -> str:
        return self("common.moment", date=self.date(at.date()), time=self.time(at))


class Translator(Wording):
    """The words of the application, in one of the two languages of its interface."""

    language: Language

    def __init__(self, language: Language, group_names: Mapping[Group, str] | None = None) -> None:
        super().__init__(language, messages(language), group_names, rtl=language is Language.ARABIC)

    def with_groups(self, group_names: Mapping[Group, str]) -> "Translator":
        """The same language with a team's own names for the groups."""
        return Translator(self.language, group_names)

    def plural_form(self, count: int) -> str:
        return plural_form(self.language, count)


@cache
def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
