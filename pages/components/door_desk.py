"""What the pieces of the screen of the day share: who may do what now, and which half is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import streamlit as st

from convening import arrival
from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.invitations import absence_open, check_in_open
from convening.roles import Action, may
from convening.vocabulary import ConveningState
from db.queries.door import DoorFacts
from pages.components import clock, forms, language, state

View = Literal["before", "door"]
_VIEW, _SAID, _LAST = "door_view", "door_said", "door_last"


@dataclass(frozen=True)
class Desk:
    """``checks_in``: attendance can be noted now; ``absent``: absence too. ``plans`` and ``times``:
    purpose and agenda can be changed; ``visits``: talks can be planned, and people asked to come;
    ``maps``: people can be put on the map. ``door``: the room is read from who is here."""

    facts: DoorFacts
    viewer: SignedIn
    now: datetime
    door: bool
    checks_in: bool
    absent: bool
    plans: bool
    times: bool
    visits: bool
    maps: bool


def desk(facts: DoorFacts, viewer: SignedIn) -> Desk:
    """What the viewer can do to this convening at this moment."""
    meeting, now, actor = facts.meeting, clock.here(), viewer.actor
    initiative = meeting.initiative_id
    living = meeting.state in (ConveningState.DRAFT, ConveningState.PLANNED)
    notes = may(actor, Action.CHECK_IN, initiative)
    return Desk(
        facts=facts,
        viewer=viewer,
        now=now,
        door=arrival.door_open(meeting, now),
        checks_in=notes and check_in_open(meeting, now),
        absent=notes and absence_open(meeting, now),
        plans=living and may(actor, Action.PLAN_CONVENING, initiative),
        times=living and may(actor, Action.EDIT_AGENDA, initiative),
        visits=living and may(actor, Action.INVITE, initiative),
        maps=may(actor, Action.EDIT_COMMUNITY, initiative),
    )


def view(desk: Desk, t: Translator) -> View:
    """The night before or the door; by itself the one that its time asks for."""
    names: dict[View, str] = {"before": t("door.view_before"), "door": t("door.view_door")}
    usual: View = "door" if desk.door else "before"
    asked = st.query_params.get("view")
    first: View = "before" if asked == "before" else "door" if asked == "door" else usual
    chosen = st.segmented_control(
        t("door.views"),
        list(names),
        default=first,
        required=True,
        format_func=names.__getitem__,
        key=f"{_VIEW}_{desk.facts.meeting.id}",
        label_visibility="collapsed",
    )
    return chosen or usual


def finish(said: str, last: int | None = None) -> None:
    """Says what was done after the rerun that shows it; ``last`` can be taken back there."""
    state.put(_SAID, said)
    state.put(_LAST, last)
    forms.saved(language.translator())
    st.rerun()


def said() -> str:
    """What was done last, until the next thing is."""
    text: str = state.get(_SAID, "")
    return text


def last() -> int | None:
    """The invitation that was noted last in this tab."""
    found: int | None = state.get(_LAST)
    return found
