"""Cells that a spreadsheet must not run.

A text that begins with ``= + - @``, a tab or a carriage return is taken for a formula when a CSV
file is opened, also after blanks and in full-width form (CWE-1236). In CSV an apostrophe before it
makes it text; ``plain`` takes that apostrophe away again when such a file comes back. In XLSX a
cell carries its type, so nothing needs to be added to the text.
"""

import re

_STARTS = r"\s*[=+\-@\t\r\n＝＋－＠]|[\t\r\n]"
_FORMULA = re.compile(_STARTS)
_ESCAPED = re.compile(rf"'(?='*(?:{_STARTS}))")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take ``text`` for a formula."""
    return _FORMULA.match(text) is not None


def safe(text: str) -> str:
    """``text`` as a CSV cell that stays text. ``plain(safe(text)) == text`` for every text."""
    return "'" + text if is_formula(text) or _ESCAPED.match(text) else text


def plain(cell: str) -> str:
    """The text of a CSV cell that ``safe``, or a person, kept from being a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell
