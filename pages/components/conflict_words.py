"""What the fields of a draft are called, and their values in words, where two editors met."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from convening.community import Placement
from convening.conflicts import MISSING, Difference
from convening.i18n import Translator
from convening.readiness import Answer
from convening.vocabulary import Capital, ConveningQuestion, DefinitionField, Group, Range

# Field and value: words for a value that is an id; an entry's field ends in ``.entry``
Named = Callable[[str, Any], str | None]
_ENTRIES: Mapping[str, type[StrEnum]] = {
    "capitals": Capital,
    "groups": Group,
    "names": Group,
    "targets": Group,
    "reasons": Group,
    "answers": ConveningQuestion,
    "text": DefinitionField,
}


def nothing_named(_field: str, _value: Any) -> str | None:
    """For drafts that hold no ids."""
    return None


def field(path: str, t: Translator, named: Named = nothing_named) -> str:
    """The label of a field, with the entry of it where it has several."""
    name, _, entry = path.partition(".")
    label = t(f"conflict.field.{name}")
    if not entry:
        return label
    if name in _ENTRIES:
        entry = t.word(_ENTRIES[name](entry))
    return t("conflict.entry", field=label, entry=named(f"{name}.entry", entry) or entry)


def value(difference: Difference, side: Any, t: Translator, named: Named = nothing_named) -> str:
    """One side's value, as plain text."""
    return _words(difference.name, side, t, named)


def _words(name: str, side: Any, t: Translator, named: Named) -> str:
    known = named(name, side)
    if known is not None:
        return known
    if side is MISSING or side is None or side == "":
        return t("conflict.empty")
    if isinstance(side, Placement):
        return t("conflict.in_group") if side.question is None else t.word(side.question)
    if isinstance(side, Answer):
        return " · ".join(filter(None, (t.value(side.yes), side.note)))
    if isinstance(side, Range):
        return f"{t.percent(side.min)}–{t.percent(side.max)}"
    if isinstance(side, datetime):
        return t.moment(side)
    if isinstance(side, StrEnum):
        return t.word(side)
    if isinstance(side, bool | int | date):
        return t.value(side)
    if isinstance(side, tuple):
        parts = (_words(name, each, t, named) for each in side if each not in (None, ""))
        return " · ".join(parts) or t("conflict.empty")
    return str(side)
