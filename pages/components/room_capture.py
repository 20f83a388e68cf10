"""Logging in a room, by a script of the browser that outlives a broken connection."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from convening.i18n import Translator, messages
from convening.rooms import VersionInHand
from convening.vocabulary import (
    GROUP_SIGNS,
    Choice,
    DefinitionField,
    Group,
    InvitationStatus,
    Language,
    NoteRelease,
    StatementState,
    Strength,
)
from db.queries.door import guests
from pages.components import store
from pages.components.room_desk import Desk, to_set_up
from pages.components.words import group_heads

Mode = Literal["glance", "write", "aloud"]
_FOLDER = Path(__file__).parent
_JS = "".join(
    (_FOLDER / f"room_{name}.js").read_text(encoding="utf-8")
    for name in ("kept", "outbox", "fields", "saving", "capture", "aloud")
)
_CSS = (_FOLDER / "room_capture.css").read_text(encoding="utf-8")
_SECTION = "capture."
_COUNTED = ("hands", "here")
_TEXTS = [
    key.removeprefix(_SECTION) for key in messages(Language.ENGLISH) if key.startswith(_SECTION)
]

_capture = st.components.v2.component("halqa_room_capture", js=_JS, css=_CSS)


def show(desk: Desk, mode: Mode, t: Translator) -> None:
    """The form; what is saved in it is sent by the browser, and the screen then shows it."""
    _capture(
        data=facts(desk, mode, t),
        key=f"capture_{desk.id}_{mode}",
        on_saved_change=_nothing,
        on_set_up_change=to_set_up,
    )


def facts(desk: Desk, mode: Mode, t: Translator) -> dict[str, Any]:
    """Everything that the script needs while it is on its own."""
    snapshot, room = desk.snapshot, desk.room
    is_open = room is not None and room.is_open
    version = snapshot.version
    asked = [each for each in snapshot.statements if each.state is StatementState.OPEN]
    return {
        "mode": mode,
        "user": desk.viewer.actor.user_id,
        "convening": desk.id,
        "block": room.block_id if room and is_open else None,
        "afterwards": not is_open,
        "anonymous": is_open and room is not None and room.release is not NoteRelease.NOT_OFFERED,
        "version": _version(version, t) if version else None,
        "groups": [
            {
                "value": group.value,
                "sign": GROUP_SIGNS[group],
                "name": t.word(group),
                "present": snapshot.present.heads[group],
                "here": group_heads(group, snapshot.present.heads[group], t),
            }
            for group in Group
        ],
        "people": [] if mode == "glance" else _people(desk),
        "choices": [{"value": each.value, "name": t.word(each)} for each in Choice],
        "statements": [{"id": each.id, "text": each.text} for each in asked],
        "texts": _texts(desk, t) if mode == "aloud" else [],
        "t": _words(t.language),
        "lang": t.language.value,
        "dir": "rtl" if t.rtl else "ltr",
    }


@lru_cache(maxsize=len(Language))  # a tenth of a run, and the same in each
def _words(language: Language) -> Mapping[str, str]:
    t = Translator(language)
    words = {name: t(_SECTION + name, **_asks(name)) for name in _TEXTS}
    words |= {each.value: t.word(each) for each in Strength}
    return words


def _asks(name: str) -> dict[str, str]:
    """The script itself puts in what changes while nobody is connected."""
    asked = {"waiting": ("waiting",), "signed_out": ("waiting",), "more_hands": _COUNTED}
    return {each: f"{{{each}}}" for each in asked.get(name, ())}


def _version(version: VersionInHand, t: Translator) -> dict[str, Any]:
    label = t("room.against", title=version.title, number=version.number)
    return {"id": version.id, "label": label}


def _texts(desk: Desk, t: Translator) -> list[dict[str, str]]:
    """What a helper can read aloud: the question, and the version that is spoken of."""
    room, version = desk.room, desk.snapshot.version
    found = []
    if room is not None and room.question:
        found.append({"title": t("room.question"), "text": room.question})
    if version is not None:
        found += [
            {"title": t.word(part), "text": version.text[part]}
            for part in DefinitionField
            if version.text[part]
        ]
    return found


def _people(desk: Desk) -> list[dict[str, Any]]:
    """Those who are here and are known by name."""
    found = store.read(guests, desk.snapshot.meeting)
    return [
        {"id": each.invitation.stakeholder_id, "name": each.name}
        for each in found
        if each.name
        and each.status is InvitationStatus.ATTENDED
        and each.invitation.stakeholder_id is not None
    ]


def _nothing() -> None:
    """The script says that something was saved, so that the screen is drawn again."""
