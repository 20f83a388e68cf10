"""What the pieces of the room's screen share: the snapshot, who looks at it, and at what time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.rooms import Room, RoomSnapshot
from convening.walltime import local
from pages.components import clock, state

View = Literal["facilitate", "write", "help", "set_up"]
VIEWS: tuple[View, ...] = ("facilitate", "write", "help", "set_up")
_VIEW, _WANTED = "room_view", "room_view_wanted"


@dataclass(frozen=True)
class Desk:
    snapshot: RoomSnapshot
    viewer: SignedIn
    now: datetime

    @property
    def id(self) -> int:
        return self.snapshot.meeting.id

    @property
    def room(self) -> Room | None:
        return self.snapshot.room

    def clock(self, at: datetime, t: Translator) -> str:
        """What the clocks in the room show at this moment."""
        return t.time(local(at, self.snapshot.meeting.zone))


def desk(snapshot: RoomSnapshot, viewer: SignedIn) -> Desk:
    return Desk(snapshot, viewer, clock.here())


def again() -> NoReturn:
    """Draws the room anew: its fragment alone, unless the whole screen is running anyway."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def to_set_up() -> None:
    """Goes where the version in hand is chosen; for a widget to call before the screen is drawn."""
    state.put(_WANTED, "set_up")


def view(t: Translator) -> View:
    """Who sits at this screen: the facilitator, the scribe, a helper; ``?view=`` opens one."""
    asked = st.query_params.get("view")
    first = next((each for each in VIEWS if each == asked), VIEWS[0])
    wanted = state.take(_WANTED)
    if wanted is not None:
        state.put(_VIEW, wanted)
    chosen = st.segmented_control(
        t("room.view"),
        VIEWS,
        default=None if wanted else first,
        required=True,
        format_func=lambda each: t(f"room.view_{each}"),
        key=_VIEW,
        label_visibility="collapsed",
    )
    found: View = chosen or first
    if found != asked:
        st.query_params["view"] = found
    return found
