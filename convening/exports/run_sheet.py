"""The run sheet of a convening: its agenda on paper, in the language of whoever prints it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from convening import agenda
from convening.agenda import Block, Timed
from convening.convenings import Convening
from convening.dates import when_in_zone
from convening.durations import after_start, in_words
from convening.exports import typesetting
from convening.i18n import Translator

TEMPLATE = "run_sheet.typ"


@dataclass(frozen=True)
class RunSheet:
    """``stage`` is the stage's name as the viewer reads it."""

    initiative: str
    stage: str
    convening: Convening
    blocks: Sequence[Block]


def write(sheet: RunSheet, t: Translator) -> bytes:
    """The PDF; the same sheet in the same language gives the same bytes."""
    return typesetting.pdf(TEMPLATE, content(sheet, t), t)


def content(sheet: RunSheet, t: Translator) -> dict[str, Any]:
    """What the template sets, all of it worded."""
    meeting = sheet.convening
    timed = agenda.schedule(sheet.blocks, meeting.starts_local, meeting.zone)
    return {
        "title": meeting.title,
        "initiative": sheet.initiative,
        "words": {
            "title": t("run_sheet.title"),
            "page": t("run_sheet.page", page="{page}", pages="{pages}"),
            "columns": [
                t(f"run_sheet.{name}") for name in ("time", "block", "lead", "materials", "notes")
            ],
        },
        "facts": _facts(sheet, t),
        "blocks": [_block(each, t) for each in timed],
    }


def _facts(sheet: RunSheet, t: Translator) -> list[list[str]]:
    meeting = sheet.convening
    facts = {
        "purpose": meeting.purpose,
        "when": when_in_zone(meeting, t) or t("run_sheet.after_start"),
        "length": in_words(agenda.total_minutes(sheet.blocks), t),
        "where": meeting.place,
        "link": meeting.link,
        "stage": sheet.stage,
        "openness": t.word(meeting.openness) if meeting.openness else "",
    }
    return [[t(f"run_sheet.{name}"), value] for name, value in facts.items() if value]


def _block(each: Timed, t: Translator) -> dict[str, str]:
    block = each.block
    if each.starts_local is None or each.ends_local is None:
        time = after_start(each.after)
    else:
        time = f"{t.time(each.starts_local)}–{t.time(each.ends_local)}"
    return {
        "time": time,
        "length": in_words(block.minutes, t),
        "title": block.title,
        "format": "" if t.word(block.format) == block.title else t.word(block.format),
        "goal": block.goal,
        "lead": block.lead,
        "materials": block.materials,
    }
