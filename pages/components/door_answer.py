"""Who is missing, as the first thing on the screen of the day, and what can still be changed."""

import streamlit as st

from convening import arrival
from convening.arrival import Arrivals, GroupArrival
from convening.briefing import COMING, Briefing
from convening.dates import when_in_zone
from convening.exports import briefing as wording
from convening.i18n import Translator
from convening.vocabulary import ConveningState, InvitationStatus
from pages.components import door_changes, forms, going
from pages.components.door_desk import Desk
from pages.components.markdown import bold, bullets, escape
from pages.components.words import group_heads, group_mark, stage_label

_NAMES = 8  # more than that is a list, and the list stands below


def where(desk: Desk, t: Translator) -> None:
    """Which convening this is, when, in which stage."""
    meeting = desk.facts.meeting
    st.header(escape(meeting.title), anchor=False)
    when = when_in_zone(meeting, t) or t("door.no_date")
    said = (stage_label(desk.facts.stage, t), t.word(meeting.state), when, meeting.place)
    st.caption(escape(" · ".join(filter(None, said))))


def nobody(desk: Desk, t: Translator) -> None:
    """What the screen is for while nobody was asked, and the first step."""
    with st.container(border=True, key="door_empty"):
        st.header(t("door.empty"), anchor=False)
        st.text(t("door.empty_help"))
        if desk.visits:
            meeting = desk.facts.meeting
            going.link(
                "invitees",
                t("door.choose_people"),
                initiative=meeting.initiative_id,
                convening=meeting.id,
            )


def show(desk: Desk, briefing: Briefing, t: Translator, *, names: bool) -> None:
    """Who of those expected is here, or has said yes; and the groups that do not come.

    ``names``: whoever is not here yet stands here by name, because no list of them follows.
    """
    facts = desk.facts
    found = arrival.arrivals(facts.invitations)
    with st.container(key="door_answer", gap="small"):
        if desk.door:
            st.markdown(bold(_here(found, desk, t)))
        else:
            st.markdown(bold(wording.answer(briefing, t)))
        lines = [
            f"{group_mark(each.group)} {escape(_group(each, desk, t))}" for each in found.groups
        ]
        st.markdown("  \n".join(lines))
        if desk.door and names and found.here < found.expected:
            st.text(_missing(desk, t))
    asked = arrival.questions(facts.meeting, facts.invitations, facts.targets, desk.now)
    if asked:
        with st.container(border=True, key="door_questions"):
            st.markdown(bold(t("door.group_missing")))
            st.markdown(bullets(forms.wording(each, t) for each in asked))
            _offers(desk, t)


def _offers(desk: Desk, t: Translator) -> None:
    """What can still be changed before the start: the purpose, the times, and who is asked."""
    meeting = desk.facts.meeting
    with st.container(horizontal=True, key="door_offers"):
        if desk.plans and st.button(
            t("door.change_purpose"), icon=":material/edit:", key="door_purpose"
        ):
            door_changes.purpose(meeting, t)
        if desk.times and desk.facts.blocks:
            if st.button(t("door.retime"), icon=":material/schedule:", key="door_retime"):
                door_changes.retime(desk.facts, t)
        elif desk.times:
            going.link(
                "agenda",
                t("door.to_agenda"),
                initiative=meeting.initiative_id,
                convening=meeting.id,
            )
    if desk.visits:
        label = t("door.who_else")
        going.link("invitees", label, initiative=meeting.initiative_id, convening=meeting.id)


def _here(found: Arrivals, desk: Desk, t: Translator) -> str:
    over = desk.facts.meeting.state is ConveningState.HELD
    key = "door.were_here" if over else "door.are_here"
    return t(key, count=found.here, expected=found.expected)


def _group(each: GroupArrival, desk: Desk, t: Translator) -> str:
    """A group's heads: "4 stewards of 9 expected are here"."""
    if desk.door:
        heads = group_heads(each.group, each.here, t)
        return t("door.group_here", heads=heads, count=each.here, expected=each.expected)
    heads = group_heads(each.group, each.expected, t)
    if not each.unanswered:
        return t("door.group_accepted", heads=heads, count=each.expected)
    waiting = t("briefing.unanswered_count", count=each.unanswered)
    return t("door.group_waiting", heads=heads, count=each.expected, waiting=waiting)


def _missing(desk: Desk, t: Translator) -> str:
    """Those who said yes and are not here, by name while they are few."""
    names = [
        each.name
        for each in desk.facts.guests
        if each.name and each.status in COMING and each.status is not InvitationStatus.ATTENDED
    ]
    shown = names[:_NAMES]
    if len(names) > _NAMES:
        shown.append(t("invitees.more_missing", count=len(names) - _NAMES))
    return t("door.not_here_yet", names=shown) if shown else ""
