"""What the live screens of a room are told of it, read once for all that look on."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session

from convening.i18n import Translator
from convening.roles import Actor
from convening.vocabulary import Language
from db import transaction
from db.engine import current_engines
from db.queries import room, wall, watching
from db.queries.watching import Watcher
from pages.components import wall_data


@dataclass(frozen=True)
class View:
    """How one screen shows its room."""

    screen: Literal["room", "wall"]
    language: Language = Language.ENGLISH
    dark: bool = False


@dataclass(frozen=True)
class Shown:
    """``shape`` names what takes a run of the screen to be shown; ``data`` is what its browser is
    told of a state."""

    shape: str
    data: str


Found = Mapping[tuple[Watcher, View], Shown]


def read(mark: str, screens: Collection[tuple[Watcher, View]]) -> Found:
    """The state ``mark`` of a room, for those of its screens whose login may still see it."""
    with transaction.reading(current_engines()) as session:
        allowed = watching.allowed(session, {watcher for watcher, _ in screens}).allowed
        found: dict[View, Shown] = {}
        for watcher, view in screens:
            if watcher in allowed and view not in found:
                shape, drawn = _view(session, allowed[watcher], watcher.convening_id, view)
                found[view] = Shown(shape, data(mark, shape=shape, drawn=drawn))
    return {(watcher, view): found[view] for watcher, view in screens if watcher in allowed}


def data(mark: str, **shown: Any) -> str:
    """One line of JSON."""
    return json.dumps({"mark": mark} | shown, ensure_ascii=False, separators=(",", ":"))


def _view(
    session: Session, actor: Actor, convening_id: int, view: View
) -> tuple[str, dict[str, Any] | None]:
    """The shape of a screen, and what its browser draws by itself."""
    if view.screen == "room":
        return room.shaped(session, actor, convening_id)[1], None
    found = wall.wall(session, actor, convening_id)
    t = Translator(view.language, found.group_names)
    return wall_data.shape(found), wall_data.changing(found, t, dark=view.dark)
