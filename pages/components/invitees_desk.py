"""What the pieces of the invitees screen share: who may do what now, and what is in hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from convening.dates import when_in_zone
from convening.i18n import Translator
from convening.invitations import check_in_open, usual_basis
from convening.vocabulary import Basis, ConveningState, Group, Part
from db.commands import invitations
from db.queries.rooms import RoomFacts
from pages.components import choices, clock, forms, going, language, state
from pages.components.markdown import escape
from pages.components.words import stage_label

Side = Literal["list", "map"]
_SIDE, _SAID, _PART = "invitees_side", "invitees_said", "invitees_part"


@dataclass(frozen=True)
class Desk:
    """``invites``: people can be invited and moved; ``checks_in``: attendance can be noted;
    ``walk_ins``: whoever is added now has come without an invitation."""

    facts: RoomFacts
    invites: bool
    checks_in: bool
    walk_ins: bool

    @property
    def fills(self) -> bool:
        """Whether people can still be asked to come."""
        return self.invites and not self.walk_ins

    @property
    def adds(self) -> bool:
        return self.fills or self.walk_ins


def desk(facts: RoomFacts, *, may_invite: bool, may_check_in: bool) -> Desk:
    """What the viewer can do to this convening at this moment."""
    meeting = facts.meeting
    ahead = meeting.state in (ConveningState.DRAFT, ConveningState.PLANNED)
    open_now = check_in_open(meeting, clock.here())
    return Desk(
        facts=facts,
        invites=may_invite and meeting.state is not ConveningState.CANCELLED,
        checks_in=may_check_in and open_now,
        walk_ins=may_check_in and open_now and not (may_invite and ahead),
    )


def primary(desk: Desk) -> str | None:
    """The words of the screen's first action: choosing people, or adding who came."""
    if desk.fills:
        return "invitees.choose"
    return "invitees.add_walk_ins" if desk.walk_ins else None


def where(desk: Desk, t: Translator) -> None:
    """Which convening this is, when, in which stage, and what was just done."""
    meeting = desk.facts.meeting
    st.header(escape(meeting.title), anchor=False)
    stage = stage_label(desk.facts.stage, t)
    when = when_in_zone(meeting, t) or t("invitees.no_date")
    st.caption(escape(f"{stage} · {t.word(meeting.state)} · {when}"))
    said = state.take(_SAID)
    if said:
        st.info(escape(said), icon=":material/check:")


def filters(desk: Desk, t: Translator) -> Basis:
    """Who counts in the figure, and with which part people are added."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="invitees_filters"):
        basis = st.segmented_control(
            t("invitees.who_counts"),
            list(Basis),
            default=usual_basis(desk.facts.meeting),
            required=True,
            format_func=t.word,
            key=f"invitees_basis_{desk.facts.meeting.id}",
            wrap=True,
        )
        if desk.adds:
            with st.container(width=240):
                choices.one(t("invitees.as_part"), Part, Part.TAKING_PART, t, key=_PART)
    return basis or usual_basis(desk.facts.meeting)


def side(desk: Desk, t: Translator) -> Side:
    """Which list stands beside the balance: those with an invitation, or the map."""
    count = len(desk.facts.invitations)
    if not desk.adds:
        return "list"
    names: dict[Side, str] = {
        "list": t("invitees.side_list", count=count),
        "map": t("invitees.side_map"),
    }
    if state.get(_SIDE) is None:
        turn_to("list" if count else "map")
    chosen = st.segmented_control(
        t("invitees.side"),
        list(names),
        required=True,
        format_func=names.__getitem__,
        key=_SIDE,
        label_visibility="collapsed",
    )
    return "map" if chosen == "map" else "list"


def turn_to(side: Side) -> None:
    """Shows the other list from here on."""
    state.put(_SIDE, side)


def add(desk: Desk, stakeholder_ids: Sequence[int], t: Translator) -> None:
    """Adds people with the part in hand, and says who went on the waitlist."""
    command = invitations.add_walk_ins if desk.walk_ins else invitations.invite
    part = Part(state.get(_PART, Part.TAKING_PART))
    done = forms.submit(command, desk.facts.meeting.id, list(stakeholder_ids), part, t=t)
    if done is None:
        return
    said = t("invitees.added", count=len(done.placed)) if done.placed else ""
    if done.waitlisted:
        waiting = t("invitees.waitlisted", count=len(done.waitlisted))
        said = f"{said} {waiting}".strip()
    finish(said)


def finish(said: str) -> None:
    """Says what was done, and that it is saved, after the rerun that shows it."""
    state.put(_SAID, said)
    forms.saved(language.translator())
    state.bump("invitees_tables")
    st.rerun()


def table_key(name: str) -> str:
    """A key for a table with a selection: another one after every change, so nothing stays
    selected that now stands elsewhere."""
    return f"{name}_{state.counter('invitees_tables')}"


def in_words(groups: Collection[Group], t: Translator) -> str:
    """The groups of a person, in their usual order."""
    return t.join(t.word(group) for group in Group if group in groups)


def to_community(desk: Desk, label: str) -> None:
    going.link("community", label, initiative=desk.facts.meeting.initiative_id)
