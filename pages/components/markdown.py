"""Text of a user in a place that Streamlit reads as Markdown.

Labels, messages, captions, toasts, badges, headings and the options of radio, pills and segmented
controls are read as Markdown. ``st.text``, table cells and the options of select boxes are not:
escaped text would show its backslashes there.
"""

import re
import string
from collections.abc import Iterable

_ESCAPED = {ord(mark): f"\\{mark}" for mark in string.punctuation}
# st.badge puts backslashes of its own before these, which would take the effect from ours
_ESCAPED |= {ord(mark): f"&#{ord(mark)};" for mark in "[]"}
_WORD_JOINER = "\N{WORD JOINER}"  # no width, no break

# Streamlit and its Markdown look for these in the text after the backslashes have been read, so
# that only something between the characters keeps them asleep: :emoji: and :material/icon:, web
# and e-mail addresses, and arrows and dashes made of signs.
_WOKEN_LATE = re.compile(
    r"(?<=:)(?=//|[\w+\-/]+:)|(?<=@)(?=[\w-])|(?<=www)(?=\.)|(?<=[-<>=~])(?=[-<>=~])", re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # an indent would be code, an empty line a paragraph


def escape(text: str) -> str:
    """The text on one line, with nothing in it that Markdown or Streamlit could bring to life."""
    return _WOKEN_LATE.sub(_WORD_JOINER, _BLANKS.sub(" ", text)).translate(_ESCAPED)


def bold(text: str) -> str:
    """Plain text as Markdown that stands out."""
    return f"**{escape(text)}**"


def bullets(lines: Iterable[str]) -> str:
    """Plain texts as the points of a list."""
    return "\n".join(f"- {escape(line)}" for line in lines)
