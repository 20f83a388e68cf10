"""The parts that a message is made of, as plain text and as HTML; all user text is escaped here.

HTML of messages is of its own kind: inline styles, tables of facts, nothing from outside.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from convening.i18n import Translator

LINK = "[[link]]"  # stands where the personal link belongs until the message is sent
CODE_ID = "check-in"  # the Content-ID of the QR code
_RLM = "\u200f"  # makes a line of Arabic run from the right, whatever its first letter is
_ISOLATES = str.maketrans(dict.fromkeys("\u2066\u2067\u2068\u2069"))

_FONT = "font-family:'Noto Sans','Noto Sans Arabic',Arial,sans-serif;font-size:16px;line-height:1.6"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5c75;color:#ffffff;"
    "text-decoration:none;font-weight:bold"
)


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Words:
    """What people of the initiative wrote, in their own lines, below its label."""

    label: str
    text: str


@dataclass(frozen=True)
class Facts:
    """Labels with their values, one a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PersonalLink:
    """The one link of the message; ``label`` says what opens."""

    label: str


Part = Paragraph | Words | Facts | PersonalLink


@dataclass(frozen=True)
class Block:
    """The message in one language; ``code`` is the caption of the QR code, "" for none."""

    t: Translator
    parts: tuple[Part, ...]
    code: str = ""


def on_one_line(text: str) -> str:
    """For a subject or a name: without the marks that set a name of the other script apart."""
    return " ".join(text.translate(_ISOLATES).split())


def as_text(blocks: Sequence[Block]) -> str:
    """The blocks under each other, with a rule between them."""
    return "\n\n* * *\n\n".join(_block_text(each) for each in blocks) + "\n"


def as_html(blocks: Sequence[Block], title: str) -> str:
    """A whole document; each block carries its own language and direction."""
    first = blocks[0].t
    rule = '<hr style="border:0;border-top:1px solid #d9d4cb;margin:28px 0">'
    body = rule.join(_block_html(each) for each in blocks) + _code_html(blocks)
    return (
        f'<!doctype html>\n<html lang="{first.language}" dir="{_direction(first)}">\n<head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title></head>\n"
        '<body style="margin:0;padding:0;background:#f6f4f0">\n'
        '<div style="max-width:600px;margin:0 auto;padding:28px 24px;background:#ffffff;'
        f'color:#22201c;{_FONT}">{body}</div>\n</body>\n</html>\n'
    )


def _block_text(block: Block) -> str:
    paragraphs = [_part_text(each) for each in block.parts]
    lines = "\n\n".join(paragraphs).split("\n")
    return "\n".join(_RLM + line if block.t.rtl and _has_arabic(line) else line for line in lines)


def _has_arabic(line: str) -> bool:
    """Whether there is anything in it to run from the right; what people typed may be English."""
    return any(unicodedata.bidirectional(each) in ("R", "AL") for each in line)


def _part_text(part: Part) -> str:
    match part:
        case Paragraph(text):
            return text
        case Words(label, text):
            return f"{label}:\n{text}"
        case Facts(rows):
            return "\n".join(f"{label}: {value}" for label, value in rows)
        case PersonalLink(label):
            return f"{label}:\n{LINK}"


def _block_html(block: Block) -> str:
    side = "right" if block.t.rtl else "left"
    inner = "\n".join(_part_html(each, side) for each in block.parts)
    return (
        f'<div lang="{block.t.language}" dir="{_direction(block.t)}" style="text-align:{side}">'
        f"\n{inner}\n</div>"
    )


def _part_html(part: Part, side: str) -> str:
    match part:
        case Paragraph(text):
            return f'<p style="margin:0 0 16px">{escape(text)}</p>'
        case Words(label, text):
            return (
                f'<p style="margin:0 0 4px;font-weight:bold">{escape(label)}</p>'
                f'<p dir="auto" style="margin:0 0 16px;white-space:pre-line">{escape(text)}</p>'
            )
        case Facts(rows):
            lines = "".join(_fact_html(label, value, side) for label, value in rows)
            return f'<table role="presentation" style="margin:0 0 16px">{lines}</table>'
        case PersonalLink(label):
            return (
                f'<p style="margin:20px 0"><a href="{LINK}" style="{_BUTTON}">{escape(label)}</a>'
                f'</p><p dir="ltr" style="margin:0 0 16px;text-align:{side};font-size:13px;'
                f'word-break:break-all"><a href="{LINK}" style="color:#0b5c75">{LINK}</a></p>'
            )


def _fact_html(label: str, value: str, side: str) -> str:
    shown = f"<bdi>{escape(value)}</bdi>"
    if value.startswith(("https://", "http://")) and " " not in value:
        shown = f'<a href="{escape(value)}" style="color:#0b5c75">{shown}</a>'
    cell = f"padding:3px 0;text-align:{side};vertical-align:top"
    gap = f"padding-{'left' if side == 'right' else 'right'}:16px"
    return (
        f'<tr><th style="{cell};{gap};font-weight:normal;color:#6b665d;white-space:nowrap">'
        f'{escape(label)}</th><td style="{cell}">{shown}</td></tr>'
    )


def _code_html(blocks: Sequence[Block]) -> str:
    """The QR code once, below all languages, with its caption in each."""
    coded = [each for each in blocks if each.code]
    if not coded:
        return ""
    captions = "".join(
        f'<p lang="{each.t.language}" dir="{_direction(each.t)}" style="margin:0 0 4px">'
        f"{escape(each.code)}</p>"
        for each in coded
    )
    return (
        '<div style="margin-top:24px;padding-top:20px;border-top:1px solid #d9d4cb;'
        f'text-align:center;font-size:14px">{captions}<img src="cid:{CODE_ID}" width="180" '
        f'height="180" alt="{escape(coded[0].code)}" style="display:block;margin:8px auto 0"></div>'
    )


def _direction(t: Translator) -> str:
    return "rtl" if t.rtl else "ltr"
