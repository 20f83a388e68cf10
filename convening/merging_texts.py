"""Merging two edits of one text that began from the same text (a three-way merge, as diff3 does).

Sanjeev Khanna, Keshav Kunal, Benjamin C. Pierce: "A Formal Investigation of Diff3" (2007) says what
such a merge promises: an edit of one side alone is taken, and where both sides touched the same
place, both wordings are kept for a person to choose from.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from convening.word_diff import words

_SENTENCES = re.compile(r"[^\n]*?(?:[.!?؟…]+(?=\s|$)[^\S\n]*|\n+|$)")


@dataclass(frozen=True)
class MergedText:
    """``clean``: both edits are in ``text`` as they were meant. Otherwise the sentences that both
    changed stand in it twice, first mine and then theirs."""

    text: str
    clean: bool


@dataclass(frozen=True)
class _Region:
    """A stretch of base, mine and theirs that belongs together."""

    base: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]


def merge(base: str, mine: str, theirs: str) -> MergedText:
    """Both edits of ``base`` in one text; nothing that either side wrote is lost.

    Words are compared first. Where both changed the same words, whole sentences are: a doubled
    sentence can be read, a doubled word cannot.
    """
    by_words = _pieces(words(base), words(mine), words(theirs))
    if all(piece is not None for piece in by_words):
        return MergedText("".join(piece or "" for piece in by_words), True)
    parts: list[str] = []
    for region in _regions(_sentences(base), _sentences(mine), _sentences(theirs)):
        parts += _one_of(region) or [*_ended(region.mine), *region.theirs]
    return MergedText("".join(parts), False)


def _pieces(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str | None]:
    """The text of each region, None for one that both sides changed."""
    found = []
    for region in _regions(base, mine, theirs):
        chosen = _one_of(region)
        found.append(None if chosen is None else "".join(chosen))
    return found


def _one_of(region: _Region) -> list[str] | None:
    """What the region becomes; None where both sides changed it differently."""
    if region.mine in (region.theirs, region.base):
        return list(region.theirs)
    return list(region.mine) if region.theirs == region.base else None


def _ended(parts: Sequence[str]) -> list[str]:
    """My wording, ended by a line break so that theirs begins on a line of its own."""
    text = "".join(parts)
    return [text if not text or text.endswith("\n") else text.rstrip() + "\n"]


def _regions(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Region]:
    """The three texts cut where all three agree; what lies between was changed by somebody."""
    at_base = at_mine = at_theirs = 0
    for start, length, in_mine, in_theirs in _agreed(base, mine, theirs):
        changed = _Region(base[at_base:start], mine[at_mine:in_mine], theirs[at_theirs:in_theirs])
        if changed.base or changed.mine or changed.theirs:
            yield changed
        same = base[start : start + length]
        if same:
            yield _Region(same, same, same)
        at_base, at_mine, at_theirs = start + length, in_mine + length, in_theirs + length


def _agreed(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Stretches of base that both sides kept: start and length there, starts in mine and theirs.
    The last one is empty and stands at the three ends."""
    kept_mine, kept_theirs = _kept(base, mine), _kept(base, theirs)
    found = []
    m = t = 0
    while m < len(kept_mine) and t < len(kept_theirs):
        (base_m, in_mine, length_m), (base_t, in_theirs, length_t) = kept_mine[m], kept_theirs[t]
        start, end = max(base_m, base_t), min(base_m + length_m, base_t + length_t)
        if start < end:
            shift_m, shift_t = in_mine + start - base_m, in_theirs + start - base_t
            found.append((start, end - start, shift_m, shift_t))
        if base_m + length_m < base_t + length_t:
            m += 1
        else:
            t += 1
    return [*found, (len(base), 0, len(mine), len(theirs))]


def _kept(base: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [(each.a, each.b, each.size) for each in matcher.get_matching_blocks() if each.size]


def _sentences(text: str) -> list[str]:
    """Sentences and lines, each with the white space after it; joined again they are the text."""
    return [part for part in _SENTENCES.findall(text) if part]
