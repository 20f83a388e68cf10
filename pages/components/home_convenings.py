"""The next convenings with what they lack, those whose time has passed, and the drafts."""

from collections.abc import Sequence

import streamlit as st

from convening.dates import when
from convening.home import Draft, Upcoming
from convening.i18n import Translator
from convening.vocabulary import Group
from pages.components import clock, going
from pages.components.convenings_card import distance
from pages.components.markdown import bold, bullets, escape
from pages.components.words import stage_label

_GAPS = 2  # the two largest questions; the rest stands on the convening's own screen


def show(upcoming: Sequence[Upcoming], drafts: Sequence[Draft], t: Translator) -> None:
    """The answer in a sentence, then a card for each convening that needs something."""
    ahead = [each for each in upcoming if not each.over]
    passed = [each for each in upcoming if each.over]
    st.header(escape(answer(ahead, t)), anchor=False)
    for each in passed:
        _passed(each, t)
    for each in ahead:
        _card(each, t)
    if drafts:
        _drafts(drafts, t)


def answer(ahead: Sequence[Upcoming], t: Translator) -> str:
    """What comes next, in one sentence."""
    if not ahead:
        return t("home.nothing_ahead")
    first = ahead[0].convening
    far = distance(first, clock.here().date(), t)
    return t("home.next", title=first.title, distance=far)


def _card(each: Upcoming, t: Translator) -> None:
    t = t.with_groups(each.group_names)
    meeting = each.convening
    with st.container(border=True, key=f"next_{meeting.id}"):
        st.markdown(f"{bold(meeting.title)} · {escape(each.initiative.name)}")
        st.caption(escape(f"{stage_label(each.stage, t)} · {when(meeting, t)}"))
        st.text(_people(each, t))
        asked = [t(problem) for problem in each.gaps[:_GAPS]]
        if each.shares.people and not each.shares.placed:
            asked.append(t("invitees.room_unplaced"))
        elif each.shares.placed and each.targets and not asked:
            asked.append(t("home.no_gap"))
        if each.unanswered:
            asked.append(t("home.unanswered", count=each.unanswered))
        if asked:
            st.markdown(bullets(asked))
        going.link(
            "invitees",
            t("home.to_invitees" if each.shares.people else "home.choose_people"),
            initiative=each.initiative.id,
            convening=meeting.id,
            icon=":material/person_add:",
        )


def _people(each: Upcoming, t: Translator) -> str:
    if not each.shares.people:
        return t("home.nobody_yet")
    heads = [
        t("invitees.group_heads", group=group, heads=each.shares.heads[group]) for group in Group
    ]
    people = t("common.people", count=each.shares.people)
    return t("invitees.reading", people=people, groups=t.join(heads))


def _passed(each: Upcoming, t: Translator) -> None:
    meeting = each.convening
    with st.container(border=True, key=f"passed_{meeting.id}"):
        st.markdown(f"{bold(meeting.title)} · {escape(each.initiative.name)}")
        st.text(t("home.was_it_held", when=when(meeting, t)))
        going.link(
            "convenings",
            t("home.to_convenings"),
            initiative=each.initiative.id,
            convening=meeting.id,
            icon=":material/event_available:",
        )


def _drafts(drafts: Sequence[Draft], t: Translator) -> None:
    with st.container(border=True, key="home_drafts"):
        st.markdown(bold(t("home.drafts", count=len(drafts))))
        for each in drafts:
            going.link(
                "convenings",
                f"{each.convening.title} · {each.initiative.name}",
                initiative=each.initiative.id,
                convening=each.convening.id,
                icon=":material/edit:",
            )
