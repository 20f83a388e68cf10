"""The run sheet of a convening: its agenda on paper, in the language of whoever prints it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from convening import agenda, walltime
from convening.agenda import Block, Timed
from convening.convenings import Convening
from convening.durations import in_words
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
    total = in_words(agenda.total_minutes(sheet.blocks), t)
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
        "total": f"{t('run_sheet.total')}: {total}",
        "note": "" if meeting.starts_local else t("run_sheet.after_start"),
    }


def _facts(sheet: RunSheet, t: Translator) -> list[list[str]]:
    meeting = sheet.convening
    facts = {
        "purpose": meeting.purpose,
        "when": when(meeting, t),
        "where": meeting.place,
        "link": meeting.link,
        "stage": sheet.stage,
        "openness": t.word(meeting.openness) if meeting.openness else "",
    }
    return [[t(f"run_sheet.{name}"), value] for name, value in facts.items() if value]


def when(meeting: Convening, t: Translator) -> str:
    """Day and times on the wall, with the zone; empty while no date is set."""
    start, end = meeting.starts_local, meeting.ends_local
    if start is None:
        return ""
    if end is None:
        said = t("convenings.when", date=start.date(), start=t.time(start))
    elif end.date() == start.date():
        said = t(
            "convenings.when_until", date=start.date(), start=t.time(start), end=t.time(end)
        )
    else:
        said = t("convenings.when_days", start=start, end=end)
    offset = walltime.offset(meeting.zone, start)
    return t("convenings.in_zone", when=said, zone=meeting.zone, offset=offset)


def _block(each: Timed, t: Translator) -> dict[str, str]:
    block = each.block
    length = in_words(block.minutes, t)
    if each.starts_local is None or each.ends_local is None:
        time = t("agenda.after", minutes=in_words(each.after, t))
    else:
        time = f"{t.time(each.starts_local)}–{t.time(each.ends_local)}"
    return {
        "time": time,
        "length": length,
        "title": block.title,
        "format": t.word(block.format),
        "goal": block.goal,
        "lead": block.lead,
        "materials": block.materials,
    }
