"""Text at the edge of the system: what is removed from it, how long it may be, how it is found.

Every text that a person or a file brings passes ``clean`` once, before a rule or a database sees
it, so that SQLite and PostgreSQL store the same characters. ``fold`` makes the form in which
texts are compared and searched; it is never shown.
"""

import unicodedata
from functools import lru_cache

from convening.problems import Problem

# Embeddings, overrides and isolates can make a text read as something that it is not. The plain
# marks (LRM, RLM, ALM) only help mixed Arabic and Latin to stand in order, so they stay.
_BIDIRECTIONAL = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u200b\u2060\ufeff\ufff9\ufffa\ufffb"
_BREAKS = str.maketrans(dict.fromkeys("\r\n\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029", " "))
_LINES = str.maketrans(
    {**dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n"), "\t": " ", "\x1f": " "}
)

_MARKS = (
    (0x0300, 0x036F),  # Latin, Greek, Cyrillic
    (0x0483, 0x0487),
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),  # Arabic: vowels, hamza and madda above and below, Quranic marks
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x0898, 0x089F),
    (0x08CA, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)

# Letters that no decomposition takes apart. Hamza: the seat stays, a hamza on the line goes.
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i",
        "æ": "ae", "œ": "oe", "þ": "th",
        "ٱ": "ا", "ء": "", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك",
        "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ـ": "",
        "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʿ": "'", "ʾ": "'", "`": "'", "´": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    }
)  # fmt: skip


def _is_kept(character: str) -> bool:
    """False for controls, lone surrogates, noncharacters and the two lists above."""
    code = ord(character)
    if unicodedata.category(character) in ("Cc", "Cs") and character != "\n":
        return False
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return character not in _BIDIRECTIONAL and character not in _INVISIBLE


def clean(text: str, *, multiline: bool = False) -> str:
    """``text`` in NFC, trimmed, without what no database and no reader should get.

    Removed: NUL and the other control characters, lone surrogates, noncharacters, bidirectional
    embeddings, overrides and isolates, zero-width spaces and byte order marks. On one line every
    run of white space becomes one blank. With ``multiline`` each kind of line end becomes a line
    feed, blanks at line ends go, and at most one empty line stands between two lines.
    Nothing is refused, and cleaning twice changes nothing.
    """
    if not is_clean(text):
        if multiline:
            text = text.replace("\r\n", "\n").translate(_LINES)
        else:
            text = text.translate(_BREAKS)
        text = unicodedata.normalize("NFC", "".join(filter(_is_kept, text)))
    if not multiline:
        return " ".join(text.split())
    lines = [line.rstrip() for line in text.strip().split("\n")]
    kept = [line for n, line in enumerate(lines) if line or lines[n - 1]]
    return "\n".join(kept)


def is_clean(text: str) -> bool:
    """Whether a text, and so every part of it, has nothing that ``clean`` removes but blanks."""
    return text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text))


def check_length(text: str, limit: int, field: str | None = None) -> list[Problem]:
    """``too_long`` (params ``limit`` and ``length``, in characters) where ``text`` is over it."""
    if len(text) <= limit:
        return []
    return [Problem("too_long", {"limit": limit, "length": len(text)}, field)]


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    code = ord(character)
    if any(first <= code <= last for first, last in _MARKS):
        return ""
    if unicodedata.category(character) in ("Cf", "Cc", "Cs"):
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def fold(text: str) -> str:
    """The form of ``text`` for search and matching: equal for spellings that people mix.

    Case is folded; Latin diacritics, Arabic vowels and tatweel go; alif with hamza, madda or wasla
    becomes bare alif, waw and yaa lose their hamza, a hamza on the line goes; taa marbuta becomes
    haa, alif maqsura yaa; presentation forms and Persian letters become the plain Arabic ones;
    digits of every script become western. White space runs become one blank. Vowel signs of
    scripts that need them (Devanagari, Thai) stay. Folding twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.replace("`", "'").lower().split())
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    text = "".join(" " if c.isspace() else _folded_character(c) for c in text)
    return " ".join(unicodedata.normalize("NFKC", text).split())
