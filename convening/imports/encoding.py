"""Which characters the bytes of a text file stand for, and what parts its cells.

Detection is by rules alone, so that the same bytes always give the same answer. Statistical
detectors need more text than a short list of names holds: a single Arabic word among English ones
is enough here.
"""

import codecs
import csv
import re
from io import StringIO
from itertools import islice
from typing import NamedTuple

from convening.problems import ConveningError

#: What a person can choose when the guess is wrong, the usual ones first.
ENCODINGS = (
    "utf-8",
    "windows-1256",
    "windows-1252",
    "utf-16",
    "windows-1250",
    "windows-1251",
    "windows-1254",
    "mac-arabic",
    "mac-roman",
)
DELIMITERS = (",", ";", "\t", "|")

#: From here up a guess is taken without asking.
SURE = 0.9

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PLAIN = re.compile(r"[\t\r\n -~\u00a0-\u024f\u0600-\u06ff\u2010-\u2030\ufeff]")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile(r"[\u0621-\u063a\u0640-\u0652\u067e\u0686\u0688\u0691\u0698\u06a9-\u06d2]+")
_WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßšžÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝŸŠŽ")
#: Signs that stand for letters in other encodings (Central European) when they touch a letter.
_SIGN_AS_LETTER = re.compile(r"(?<=[^\W\d_])[¹³¿¯¼¾£¥]|[¹³¯£¥](?=[^\W\d_])")
_HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_SAMPLE_LINES = 2_000
_SAMPLE_ROWS = 50


class Guess(NamedTuple):
    """A value and how sure it is, 0 to 1; 1 when it was asked for or marked in the file."""

    value: str
    confidence: float


def decode(data: bytes, asked: str | None = None) -> tuple[str, Guess]:
    """The text of ``data`` and its encoding; what cannot be decoded becomes U+FFFD.

    Raises ConveningError: ``unknown_encoding`` (an ``asked`` that is not one of ENCODINGS),
    ``not_a_table`` (the bytes are no text at all).
    """
    if asked and asked not in ENCODINGS:
        raise ConveningError("unknown_encoding", encoding=asked)
    guess = Guess(asked, 1.0) if asked else _guess_encoding(data)
    text = data.decode(guess.value, errors="replace").removeprefix("\ufeff")
    strange = sum(1 for c in text[:20_000] if c < " " and c not in "\t\n\v\f\r")
    if strange > 1 + 0.05 * len(text[:20_000]):
        raise ConveningError("not_a_table")
    return text, guess


def _guess_encoding(data: bytes) -> Guess:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Guess(encoding, 1.0)
    if b"\0" in data and (guess := _guess_utf16(data)):
        return guess
    try:
        data.decode("utf-8")
        return Guess("utf-8", 1.0)
    except UnicodeDecodeError:
        return _guess_broken_utf8(data) or _guess_single_byte(data)


def _guess_utf16(data: bytes) -> Guess | None:
    """UTF-16 without a mark: the byte order that gives letters of the languages in use."""

    def plain(encoding: str) -> float:
        text = data[: 40_000 - 40_000 % 2].decode(encoding, errors="replace")
        return len(_PLAIN.findall(text)) / max(1, len(text))

    best = max(("utf-16-le", "utf-16-be"), key=plain)
    return Guess(best, round(plain(best), 3)) if plain(best) >= 0.7 else None


def _guess_broken_utf8(data: bytes) -> Guess | None:
    """UTF-8 with a few damaged bytes, where far more sequences are whole than broken."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    return Guess("utf-8", 0.5) if whole > 10 * broken else None


def _guess_single_byte(data: bytes) -> Guess:
    """Windows-1256 or Windows-1252.

    In Arabic every letter of a word is above 127; Western accented letters stand between plain
    ones. So each word with a high byte votes for the encoding in which it is a word of one script.
    """
    votes = {"windows-1256": 0.0, "windows-1252": 0.0}
    total = 0
    data = b"\n".join(islice((m.group() for m in _HIGH_LINE.finditer(data)), _SAMPLE_LINES))
    arabic = data.decode("windows-1256", errors="replace")
    western = data.decode("windows-1252", errors="replace")
    for match in _WORD.finditer(arabic):
        if not match.group().isascii():
            total += 1
            votes["windows-1256"] += _ARABIC.fullmatch(match.group()) is not None
    for match in _WORD.finditer(western):
        high = [letter for letter in match.group() if letter > "\x7f"]
        if high and (len(high) < len(match.group()) or len(high) == 1):
            usual = sum(letter in _WESTERN for letter in high) / len(high)
            votes["windows-1252"] += usual
    votes["windows-1252"] -= len(_SIGN_AS_LETTER.findall(western))
    best = max(votes, key=lambda encoding: votes[encoding])
    return Guess(best, round(min(1.0, max(0.0, votes[best]) / max(1, total)), 3))


def guess_delimiter(text: str, asked: str | None = None) -> Guess:
    """What parts the cells of ``text``; ``sep=`` in its first line settles it, as in Excel.

    Otherwise the character that makes wide rows of one width, quoted cells respected. A second
    character that does nearly as well makes the guess less sure. One column alone is a table too.
    Raises ConveningError ``unknown_delimiter`` when ``asked`` is not one of DELIMITERS.
    """
    if asked:
        if asked not in DELIMITERS:
            raise ConveningError("unknown_delimiter", delimiter=asked)
        return Guess(asked, 1.0)
    stated = re.match(r"sep=(.)\r?\n", text)
    if stated and stated.group(1) in DELIMITERS:
        return Guess(stated.group(1), 1.0)
    head = text[:100_000]
    found = {delimiter: _agreement(head, delimiter) for delimiter in DELIMITERS}
    scores = {delimiter: share * (1 - 1 / width) for delimiter, (share, width) in found.items()}
    best, second = sorted(DELIMITERS, key=lambda delimiter: -scores[delimiter])[:2]
    if scores[best] > 0:
        doubt = 0.5 * scores[second] / scores[best]
        return Guess(best, round(found[best][0] * (1 - doubt), 3))
    unused = [delimiter for delimiter in DELIMITERS if delimiter not in head]
    return Guess(unused[0], 1.0) if unused else Guess(",", 0.5)


def _agreement(head: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that are as wide as the header, and that width; (0, 1) for one column."""
    widths = []
    try:
        for row in csv.reader(StringIO(head, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 1
    in_prose = head.count(delimiter + " ") > 0.5 * head.count(delimiter)
    if len(widths) > 1 and widths[0] == 1 and not in_prose:  # a line above the header
        widths = widths[1:]
    if not widths or widths[0] == 1:
        return 0.0, 1
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]
