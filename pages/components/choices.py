"""Choosing one member of an enumeration, in the words of the viewer's language."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import chain, count
from typing import TypeVar

import streamlit as st

from convening.i18n import Translator

Member = TypeVar("Member", bound=StrEnum)
Value = TypeVar("Value")


def told_apart(labels: Mapping[Value, str]) -> dict[Value, str]:
    """The labels, those that others had before with a number behind them.

    A browser says by its label what was chosen in a select box: of two alike it would always be
    the same one, and a menu refuses them.
    """
    found: dict[Value, str] = {}
    taken: set[str] = set()
    for value, label in labels.items():
        again = (f"{label} ({number})" for number in count(2))
        found[value] = next(each for each in chain([label], again) if each not in taken)
        taken.add(found[value])
    return found


def one(label: str, options: type[Member], chosen: Member, t: Translator, *, key: str) -> Member:
    """A select box of every member, with the one that is chosen now."""
    members: Sequence[Member] = list(options)
    return st.selectbox(label, members, index=members.index(chosen), format_func=t.word, key=key)


def one_or_all(label: str, options: type[Member], t: Translator, *, key: str) -> Member | None:
    """A filter: every member, and None for all of them."""
    return one_of({each: t.word(each) for each in options}, label, t, key=key)


def one_of(
    words: Mapping[Value, str],
    label: str,
    t: Translator,
    *,
    key: str,
    on_change: Callable[..., None] | None = None,
    args: tuple[str, ...] = (),
) -> Value | None:
    """A filter over values in words; first stands "all", which is None."""
    places = range(len(words) + 1)  # not the values: a select box takes None for "nothing chosen"
    values, texts = [None, *words], [t("common.all"), *told_apart(words).values()]
    chosen = st.selectbox(
        label, places, format_func=texts.__getitem__, key=key, on_change=on_change, args=args
    )
    return values[chosen]
