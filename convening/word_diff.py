"""What changed between two texts, word by word, in any script."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

# Joiners within a word: the two of Arabic and Indic scripts, and the apostrophes of "don't"
_JOINERS = "\u200c\u200d'’"


class Change(Enum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A run of whole words with the same fate."""

    change: Change
    text: str


def words(text: str) -> list[str]:
    """The text in words, runs of white space and single other characters; joined, it is the text.

    A word is a run of letters, marks and digits, so that an Arabic word keeps its vowel signs. An
    apostrophe or a joiner belongs to the word on both sides of it.
    """
    found: list[str] = []
    kind = ""
    for position, character in enumerate(text):
        following = text[position + 1 : position + 2]
        now = _kind(character)
        if character in _JOINERS:
            now = "word" if kind == "word" and following and _kind(following) == "word" else ""
        if now and now == kind:
            found[-1] += character
        else:
            found.append(character)
        kind = now
    return found


def diff(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in reading order, what was removed before what was added there.

    The pieces that are not ADDED, joined, are ``old``, those that are not REMOVED are ``new``.
    White space alone between two changes belongs to them: three changed words in a row are shown
    as one change. Longest matching blocks as in ``difflib`` (Ratcliff and Obershelp).
    """
    before, after = words(old), words(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changes: list[tuple[bool, list[str], list[str]]] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        changes.append((tag == "equal", before[i:j], after[k:m]))
    pieces: list[Piece] = []
    for same, gone, come in _gathered(changes):
        if same:
            pieces.append(Piece(Change.SAME, "".join(gone)))
            continue
        for change, found in ((Change.REMOVED, gone), (Change.ADDED, come)):
            if found:
                pieces.append(Piece(change, "".join(found)))
    return pieces


def _gathered(
    changes: Sequence[tuple[bool, list[str], list[str]]],
) -> Iterator[tuple[bool, list[str], list[str]]]:
    """The changes, those with nothing but white space between them made into one."""
    gone: list[str] = []
    come: list[str] = []
    for position, (same, old, new) in enumerate(changes):
        inside = 0 < position < len(changes) - 1
        if same and not (inside and not "".join(old).strip()):
            if gone or come:
                yield False, gone, come
                gone, come = [], []
            yield True, old, new
        else:
            gone, come = gone + old, come + new
    if gone or come:
        yield False, gone, come


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    return "word" if unicodedata.category(character)[0] in "LMN" else ""
