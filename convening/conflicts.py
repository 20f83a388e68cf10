"""Two editors of one record: what each of them changed, and what has to be chosen.

A draft is compared field by field with the record as it was read and as it is now. A mapping is
compared entry by entry, a set of things element by element, so that two people who each add
something never have to choose. What belongs together (a start and its zone) is one field.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from convening.merging_texts import MergedText, merge

D = TypeVar("D")
IDENTITY = frozenset({"id", "version", "row", "invitation_id", "known"})
# What is read as prose and merged, not chosen; an entry of a mapping counts by the mapping's name
LONG_TEXTS = frozenset(
    {
        "barriers", "capitals", "goal", "impact", "issue", "materials", "mission", "activities",
        "note", "needs_note", "promise", "purpose", "reason", "tensions", "widening",
        "expected", "tried", "outcome", "text", "changed", "why", "happened", "change",
    }
)  # fmt: skip
# Fields that make sense only together, by the name under which they are chosen
TOGETHER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"when": ("starts_local", "ends_local", "zone"), "consent": ("consent", "consent_on")}
)


class Missing:
    """The value of an entry that is not there."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


@dataclass(frozen=True)
class Edit:
    """Who saved a record last, and when; ``by`` is empty where nobody has an account for it."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Difference:
    """A field that both changed, and differently. ``path`` is its name, with the entry after a dot
    where it is a mapping's (``capitals.social``); ``key`` is that entry."""

    path: str
    base: Any
    mine: Any
    theirs: Any
    key: Any = None

    @property
    def name(self) -> str:
        """The field without its entry."""
        return self.path.partition(".")[0]

    @property
    def is_text(self) -> bool:
        """Whether both can be read and written into one text."""
        prose = all(isinstance(each, str | Missing) for each in (self.base, self.mine, self.theirs))
        return prose and self.name in LONG_TEXTS

    def merged(self) -> MergedText:
        """Both texts in one; only for a difference that ``is_text``."""
        texts = ("" if each is MISSING else each for each in (self.base, self.mine, self.theirs))
        return merge(*texts)


@dataclass(frozen=True)
class Conflict(Generic[D]):
    """``settled`` is theirs with all that only I changed; paths tell who changed what alone."""

    settled: D
    taken_over: tuple[str, ...]
    kept: tuple[str, ...]
    differences: tuple[Difference, ...]

    def resolved(self, chosen: Mapping[str, Any]) -> D:
        """The draft to save, with a value for each difference by its path. KeyError for one that
        nothing was chosen for."""
        values = {(each.path, each.key): chosen[each.path] for each in self.differences}
        return _put(self.settled, values)


def compare(base: D, mine: D, theirs: D) -> Conflict[D]:
    """What to do with ``mine`` after somebody saved ``theirs``; all three are drafts of one type.

    ``base`` is the record as it was read. A field that is None in mine and a mapping, set or tuple
    in the others says nothing about it, and theirs stays. The result carries the version of theirs.
    """
    was, own, now = _leaves(base), _leaves(mine), _leaves(theirs)
    silent = _silent(mine, theirs)
    taken, kept, differences = list[str](), list[str](), list[Difference]()
    values: dict[tuple[str, Any], Any] = {}
    for leaf in dict.fromkeys((*now, *own, *was)):
        path, key = leaf
        if path.partition(".")[0] in silent:
            continue
        before, here, there = (side.get(leaf, MISSING) for side in (was, own, now))
        if here == there:
            continue
        if here == before:
            taken.append(path)
        elif there == before:
            kept.append(path)
            values[leaf] = here
        else:
            differences.append(Difference(path, before, here, there, key))
    settled = _put(theirs, values)
    return Conflict(settled, _once(taken), _once(kept), tuple(differences))


def _silent(mine: Any, theirs: Any) -> set[str]:
    return {
        each.name
        for each in fields(mine)
        if getattr(mine, each.name) is None and _is_many(getattr(theirs, each.name))
    }


def _once(paths: Sequence[str]) -> tuple[str, ...]:
    """Each field once; the elements of a set go by the name of the set."""
    return tuple(dict.fromkeys(path.removesuffix(".*") for path in paths))


def _leaves(draft: Any) -> dict[tuple[str, Any], Any]:
    """Every value of a draft by its path and entry; an element of a set is True.

    An entry without text is none: fields that stand empty are drafts of nothing.
    """
    found: dict[tuple[str, Any], Any] = {}
    for name, value in _united(draft).items():
        if isinstance(value, Mapping):
            found |= {(f"{name}.{key}", key): entry for key, entry in value.items() if entry != ""}
        elif _is_set(value):
            found |= {(f"{name}.*", element): True for element in value}
        else:
            found[(name, None)] = value
    return found


def _united(draft: Any) -> dict[str, Any]:
    values = {
        each.name: getattr(draft, each.name) for each in fields(draft) if each.name not in IDENTITY
    }
    for name, parts in TOGETHER.items():
        if all(part in values for part in parts):
            whole = _Together(values.pop(part) for part in parts)
            values[name] = whole
    return values


class _Together(tuple[Any, ...]):
    """The values of fields that are chosen as one."""


def _put(draft: D, values: Mapping[tuple[str, Any], Any]) -> D:
    """The draft with these leaves changed."""
    changed: dict[str, Any] = {}
    for (path, key), value in values.items():
        name, _, _entry = path.partition(".")
        if name in TOGETHER and isinstance(value, tuple):
            changed |= dict(zip(TOGETHER[name], value, strict=True))
            continue
        whole = changed.get(name, getattr(draft, name))
        if isinstance(whole, Mapping) or (whole is None and path not in (name, f"{name}.*")):
            changed[name] = _with_entry(whole or {}, key, value)
        elif path == f"{name}.*":
            changed[name] = _with_element(whole, key, value is True)
        else:
            changed[name] = value
    return replace(draft, **changed)  # type: ignore[type-var]


def _with_entry(whole: Mapping[Any, Any], key: Any, value: Any) -> dict[Any, Any]:
    others = {each: entry for each, entry in whole.items() if each != key or value is not MISSING}
    return others if value is MISSING else {**others, key: value}


def _with_element(whole: Any, element: Any, there: bool) -> Any:
    if isinstance(whole, frozenset | set):
        return whole | {element} if there else whole - {element}
    left = tuple(each for each in whole or () if each != element)
    return (*left, element) if there else left


def _is_set(value: Any) -> bool:
    """A plain tuple is a set in an order; a named tuple (a range) is one value."""
    return isinstance(value, Collection) and (
        isinstance(value, frozenset | set | list) or type(value) is tuple
    )


def _is_many(value: Any) -> bool:
    return isinstance(value, Mapping) or _is_set(value)
