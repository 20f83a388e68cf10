"""A wall in words and measures, for the component that draws it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import segno

from convening import settings
from convening.anonymity import GROUP_PRESENT
from convening.charts import theme
from convening.i18n import Translator
from convening.tallies import Tally
from convening.vocabulary import Choice, Group, RoomState
from convening.walls import Split, Wall, WallStatement
from db import room_codes

_BORDER = 4  # modules of white around a QR code, without which it is not read
_PLACES = {name: f"{{{name}}}" for name in ("first", "last", "all")}  # the browser counts them


def shape(wall: Wall) -> str:
    """The browser draws by itself whatever changes while the way in stays the same."""
    return "" if wall.state is None else f"{wall.state} {wall.code}"


def of(wall: Wall, t: Translator, *, dark: bool) -> dict[str, Any]:
    """Everything that stands on the wall, in the language of ``t``."""
    return changing(wall, t, dark=dark) | {
        "dir": "rtl" if t.rtl else "ltr",
        "lang": t.language.value,
        "join": _way_in(wall, t) if wall.token else None,
        "whole": t("wall.whole_screen"),
        "part": {name: t(f"wall.part_{name}", **_PLACES) for name in ("one", "several", "next")},
    }


def changing(wall: Wall, t: Translator, *, dark: bool) -> dict[str, Any]:
    """What can change without another shape."""
    return {
        "question": wall.question or wall.title,
        "now": _now(wall, t),
        "counts": _counts(wall, t),
        "statements": [_statement(each, t, dark=dark) for each in wall.statements],
        "said": {"title": t("wall.said"), "notes": list(wall.said)} if wall.said else None,
    }


def _now(wall: Wall, t: Translator) -> str:
    if wall.state is RoomState.OPEN:
        return wall.block
    return t("wall.closed" if wall.state is RoomState.CLOSED else "wall.not_open")


def _counts(wall: Wall, t: Translator) -> list[str]:
    if wall.state not in (RoomState.OPEN, RoomState.CLOSED):
        return []
    # What is over is not told as if somebody could still come
    nobody = wall.state is RoomState.CLOSED and not wall.joined
    found = [t("wall.nobody_joined") if nobody else t("wall.joined", count=wall.joined)]
    if wall.notes:
        found.append(t("wall.notes", count=wall.notes))
    return found


def _way_in(wall: Wall, t: Translator) -> dict[str, Any]:
    address = settings.current().address
    return {
        "title": t("wall.join"),
        "how": t("wall.scan", address=f"{address.split('://', 1)[1]}/join"),
        "code": room_codes.spaced(wall.code),
        "promise": t("wall.no_account"),
        "alt": t("wall.qr"),
        "qr": qr(f"{address}/join/{wall.token}"),
    }


@lru_cache(maxsize=64)  # making one takes longer than everything else on the wall
def qr(text: str) -> Mapping[str, Any]:
    """A QR code as the path of its dark modules in a square of ``size``."""
    rows = segno.make(text, error="m", micro=False).matrix
    dark = [
        f"M{x + _BORDER} {y + _BORDER}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    ]
    return {"size": len(rows) + 2 * _BORDER, "path": "".join(dark)}


def _statement(statement: WallStatement, t: Translator, *, dark: bool) -> dict[str, Any]:
    found = statement.split
    said = t("wall.voted", count=statement.voted)
    if found is not None and found.everyone is None and not found.groups:
        said = f"{said} {t('wall.too_few')}"
    elif found is not None and len(found.groups) < len(Group):
        said = f"{said} {t('wall.small_groups', count=GROUP_PRESENT)}"
    return {
        "id": statement.id,
        "text": t("wall.statement", number=statement.number, text=statement.text),
        "said": said,
        "split": None if found is None else _split(found, t, dark=dark),
    }


def _split(split: Split, t: Translator, *, dark: bool) -> dict[str, Any]:
    colours = theme.palette(dark)
    rows = [] if split.everyone is None else [_row(t("wall.everyone"), split.everyone, t)]
    for row in rows:
        row["colour"] = colours.text
    for group, tally in split.groups.items():
        alone = group in split.hands_alone
        row = _row(t("wall.hands_alone", group=group) if alone else t.word(group), tally, t)
        rows.append(row | {"colour": colours.groups[group], "shape": _shape(group)})
    return {"for": t.word(Choice.AGREE), "against": t.word(Choice.DISAGREE), "rows": rows}


def _row(name: str, tally: Tally, t: Translator) -> dict[str, Any]:
    votes = max(1, tally.votes)
    return {
        "name": name,
        "for": tally.agree / votes,
        "against": tally.disagree / votes,
        "told": t("wall.told", agree=tally.agree, disagree=tally.disagree, passed=tally.pass_),
    }


def _shape(group: Group) -> str:
    return theme.GROUP_SHAPES[group]
