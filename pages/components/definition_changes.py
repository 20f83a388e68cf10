"""What changed between any two versions, word by word, in one text or side by side.

A minus and a line through the words stand for what was taken out, a plus and a line below them for
what was added: colour says nothing that they do not. What people wrote is escaped into the page.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

import streamlit as st

from convening.definitions import Version
from convening.i18n import Translator
from convening.vocabulary import DefinitionField
from convening.word_diff import Change, Piece, diff
from pages.components.definition_desk import Desk, states, version_label
from pages.components.markdown import bold, escape

_SIGNS = {Change.REMOVED: "−", Change.ADDED: "+"}
_TAGS = {Change.REMOVED: "del", Change.ADDED: "ins"}
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_FIRST = re.compile(r"\S{,30}")  # stays on one line with its sign
_RETURN = "↵"  # stands for a line break that alone was added or taken out


class Layout(StrEnum):
    INLINE = "inline"
    SIDES = "sides"


def show(desk: Desk, t: Translator) -> None:
    versions = desk.definition.versions
    if len(versions) == 1:
        st.text(t("definition.compare_one"))
        return
    old, new, layout = _choose(desk, t)
    changed = [part for part in DefinitionField if old.text.get(part) != new.text.get(part)]
    if not changed:
        st.text(t("definition.compare_same"))
        return
    _reasons([each for each in versions if old.number < each.number <= new.number], t)
    signs = {"removed": _SIGNS[Change.REMOVED], "added": _SIGNS[Change.ADDED]}
    st.caption(escape(t("definition.compare_legend", **signs)))
    with st.container(key="definition_changes"):
        for part in changed:
            st.subheader(t.word(part), anchor=False)
            _part(old, new, part, layout, t)
    same = [part for part in DefinitionField if part not in changed]
    if same:
        st.caption(escape(t("definition.compare_unchanged", fields=same)))


def inline(old: str, new: str) -> str:
    """Both texts in one, as markup."""
    return _paragraph(diff(old, new), new or old)


def sides(old: str, new: str) -> tuple[str, str]:
    """The older text with what was taken out, and the newer one with what was added, as markup."""
    pieces = diff(old, new)
    before = [each for each in pieces if each.change is not Change.ADDED]
    after = [each for each in pieces if each.change is not Change.REMOVED]
    return _paragraph(before, old), _paragraph(after, new)


def _choose(desk: Desk, t: Translator) -> tuple[Version, Version, Layout]:
    """From which version to which; at first from the one before to the one in hand."""
    versions, number = desk.definition.versions, desk.version.number
    known = {each.number: each for each in versions}
    labels = {each.number: version_label(each, t) for each in versions}
    usual = {"from": max(1, number - 1), "to": number if number > 1 else versions[1].number}
    numbers = {}
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choice"):
        for name, at in usual.items():
            numbers[name] = st.selectbox(
                t(f"definition.compare_{name}"),
                list(labels),
                index=list(labels).index(at),
                format_func=labels.__getitem__,
                key=f"compare_{name}_{desk.definition.id}_{number}_{states(desk.definition)}",
                width=240,
            )
        layout = st.segmented_control(
            t("definition.compare_how"),
            list(Layout),
            default=Layout.INLINE,
            required=True,
            format_func=lambda each: t(f"definition.compare_{each}"),
            key="compare_how",
        )
    return known[numbers["from"]], known[numbers["to"]], layout or Layout.INLINE


def _reasons(versions: Sequence[Version], t: Translator) -> None:
    """What the author of each says changed, and why."""
    for each in versions:
        if len(versions) > 1:
            st.caption(escape(t("definition.number", number=each.number)))
        if each.changed:
            st.markdown(bold(each.changed))
        if each.why:
            st.text(t("definition.because", why=each.why))


def _part(old: Version, new: Version, part: DefinitionField, layout: Layout, t: Translator) -> None:
    before, after = old.text.get(part, ""), new.text.get(part, "")
    if layout is Layout.INLINE:
        st.html(inline(before, after))
        return
    shown = zip((old, new), (before, after), sides(before, after), strict=True)
    for column, (version, text, markup) in zip(st.columns(2, gap="medium"), shown, strict=True):
        with column.container(border=True):
            st.caption(escape(t("definition.number", number=version.number)))
            if text:
                st.html(markup)
            else:
                st.caption(t("conflict.empty"))


def _paragraph(pieces: Sequence[Piece], text: str) -> str:
    """Pieces as one paragraph that runs as its text does."""
    inner = "".join(map(_markup, pieces))
    return f'<p class="word-diff" dir="{_direction(text)}">{inner}</p>'


def _markup(piece: Piece) -> str:
    """A piece as escaped text, in the element that says what became of it; white space at its
    edges stays outside of that, so that no line is drawn through it."""
    if piece.change is Change.SAME:
        return html.escape(piece.text)
    found = _EDGES.fullmatch(piece.text)
    before, words, after = found.groups() if found else ("", piece.text, "")
    if not words:
        words, before, after = _RETURN if "\n" in piece.text else " ", "", before
        after = after if piece.change is Change.ADDED else ""
    tag, sign = _TAGS[piece.change], _SIGNS[piece.change]
    first = _FIRST.match(words)
    begun = first.group() if first else ""
    rest = html.escape(words[len(begun) :])
    marked = f"<span><b>{sign}</b>{html.escape(begun)}</span>{rest}"
    return f"{before}<{tag}>{marked}</{tag}>{after}"


def _direction(text: str) -> str:
    """The direction of its first letter; from left to right where it has none."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
