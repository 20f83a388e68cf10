"""One convening of the list: when, where, who comes, the questions back, what can be done."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

import streamlit as st

from convening import readiness
from convening.convening_drafts import TITLE_LENGTH, is_web_link, missing
from convening.convenings import Convening, is_over, questions, too_early_to_hold
from convening.dates import when_in_zone
from convening.deleted import KEPT_DAYS
from convening.durations import in_words
from convening.i18n import Translator
from convening.overviews import Heads, Overview
from convening.vocabulary import ConveningState, Group
from db.commands import convenings
from pages.components import chosen, clock, convenings_editor, forms
from pages.components.markdown import escape

_SHAPES = {
    Group.STEWARD: ":green[●]",
    Group.GATEWAY: ":orange[■]",
    Group.INFLUENCER: ":blue[▲]",
}
_COLOURS: dict[ConveningState, Literal["gray", "violet", "green"]] = {
    ConveningState.DRAFT: "gray",
    ConveningState.PLANNED: "violet",
    ConveningState.HELD: "green",
    ConveningState.CANCELLED: "gray",
}
_AHEAD = (ConveningState.DRAFT, ConveningState.PLANNED)
_FIELDS = {
    "purpose": "convenings.purpose_field",
    "stage_id": "convenings.stage_id",
    "starts_local": "convenings.starts_local",
}
_COMMANDS: dict[str, Callable[..., Any]] = {
    "hold": convenings.hold_convening,
    "cancel": convenings.cancel_convening,
    "reopen": convenings.reopen_convening,
    "delete": convenings.delete_convening,
}


def show(
    each: Overview,
    labels: Mapping[int, str],
    names: Mapping[Group, str],
    may_plan: bool,
    t: Translator,
) -> None:
    """The card; ``labels`` are the stages by id, ``names`` the groups' local names."""
    meeting = each.convening
    with st.container(border=True, key=f"convening_{meeting.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(escape(meeting.title), anchor=False, width="content")
            st.badge(t.word(meeting.state), color=_COLOURS[meeting.state])
        st.markdown("  \n".join(map(escape, _facts(each, labels[meeting.stage_id], t))))
        st.markdown("  \n".join(_people(each, names, t)))
        asked = _asked(each, t)
        if asked:
            st.markdown("\n".join(f"- {escape(line)}" for line in asked))
        with st.container(horizontal=True):
            _actions(each, may_plan, t)


def distance(meeting: Convening, today: date, t: Translator) -> str:
    """How far its day is: "today", "tomorrow", "in 5 days", "2 days ago"."""
    if meeting.starts_local is None:
        return t("convenings.no_date")
    days = (meeting.starts_local.date() - today).days
    if days == 0:
        return t("convenings.today")
    return t("convenings.in_days" if days > 0 else "convenings.since_days", count=abs(days))


def _facts(each: Overview, stage: str, t: Translator) -> list[str]:
    meeting = each.convening
    when = when_in_zone(meeting, t) or t("convenings.no_date")
    lines = [f"{stage} · {t.word(meeting.kind)}", when, meeting.place, _promise(meeting, t)]
    if meeting.tensions:
        lines.append(t("convenings.tensions_line", tensions=meeting.tensions))
    return [line for line in lines if line]


def _promise(meeting: Convening, t: Translator) -> str:
    if not meeting.promise:
        return ""
    if meeting.promise_by is None:
        return t("convenings.promise_line", promise=meeting.promise)
    return t("convenings.promise_line_by", promise=meeting.promise, date=meeting.promise_by)


def _people(each: Overview, names: Mapping[Group, str], t: Translator) -> list[str]:
    heads, meeting = each.heads, each.convening
    lines = [escape(_counts(heads, meeting, t))]
    if heads.counted:
        key = "were_there" if meeting.state is ConveningState.HELD else "expected"
        groups = " · ".join(_group(group, heads.groups[group], names, t) for group in Group)
        lines.append(escape(t(f"convenings.{key}", groups="\0")).replace("\0", groups))
    length = t("convenings.agenda_none")
    if each.blocks:
        duration = in_words(each.minutes, t)
        length = t("convenings.agenda_length", count=each.blocks, duration=duration)
    return [*lines, escape(length)]


def _counts(heads: Heads, meeting: Convening, t: Translator) -> str:
    if meeting.state is ConveningState.HELD:
        return t("convenings.heads_room", people=t("common.people", count=heads.in_the_room))
    if not heads.invited and not heads.proposed:
        return t("convenings.heads_none")
    if not heads.invited:
        proposed = t("convenings.proposed", count=heads.proposed)
        return t("convenings.heads_proposed", proposed=proposed)
    said = {
        "invited": t("convenings.invited", count=heads.invited),
        "accepted": t("convenings.accepted", count=heads.accepted),
    }
    if meeting.capacity is None:
        return t("convenings.heads", **said)
    places = t("convenings.places", count=meeting.capacity)
    return t("convenings.heads_places", places=places, **said)


def _group(group: Group, count: int, names: Mapping[Group, str], t: Translator) -> str:
    local = names.get(group)
    said = f"{local}: {count}" if local else t(f"group.{group.value}.heads", count=count)
    return f"{_SHAPES[group]} {escape(said)}"


def _asked(each: Overview, t: Translator) -> list[str]:
    """What a draft still needs, what noes and open answers ask back, and the other questions."""
    meeting = each.convening
    if meeting.state not in _AHEAD:
        return []
    asked = []
    if len(readiness.noes(each.answers)) + len(readiness.unanswered(each.answers)):
        asked.append(t(readiness.advice(each.answers)))
    if meeting.state is ConveningState.DRAFT:
        open_fields = [t(_FIELDS[str(problem.field)]) for problem in missing(meeting)]
        asked.insert(0, t("convenings.missing", fields=open_fields))
    if meeting.state is ConveningState.PLANNED and not meeting.promise:
        asked.append(t("convenings.promise_none"))
    return asked + [t(problem) for problem in questions(meeting, each.at_stake, clock.here())]


def _actions(each: Overview, may_plan: bool, t: Translator) -> None:
    meeting = each.convening
    if (
        may_plan
        and meeting.state is not ConveningState.CANCELLED
        and st.button(t("common.edit"), key=f"edit_{meeting.id}", icon=":material/edit:")
    ):
        convenings_editor.open_step(meeting.id)
    if (
        may_plan
        and is_over(meeting, clock.here())
        and st.button(t("convenings.hold"), key=f"hold_{meeting.id}", icon=":material/check:")
    ):
        _decide("hold", meeting, t)
    for screen, icon in (("agenda", "schedule"), ("invitees", "person_add")):
        label = t(f"convenings.{screen}")
        if st.button(label, key=f"{screen}_{meeting.id}", icon=f":material/{icon}:"):
            chosen.choose_convening(meeting.id)
            st.switch_page(f"{screen}.py")
    if meeting.link and is_web_link(meeting.link):
        st.link_button(t("convenings.open_link"), meeting.link, icon=":material/open_in_new:")
    if not may_plan:
        return
    wanted = st.menu_button(
        t("convenings.more"),
        _decisions(meeting),
        format_func=lambda name: t(f"convenings.{name}"),
        key=f"more_{meeting.id}",
    )
    if wanted is not None:
        _decide(wanted, meeting, t)


def _decisions(meeting: Convening) -> list[str]:
    """What can be decided on a convening in its state."""
    if meeting.state not in _AHEAD:
        return ["reopen", "duplicate", "delete"]
    held = meeting.state is ConveningState.PLANNED and not too_early_to_hold(meeting, clock.here())
    return [*(["hold"] if held else []), "duplicate", "cancel", "delete"]


def _decide(wanted: str, meeting: Convening, t: Translator) -> None:
    if wanted == "duplicate":
        title = t("convenings.copy_of", title=meeting.title)[:TITLE_LENGTH]
        made = forms.submit(convenings.duplicate_convening, meeting.id, title, t=t)
        if made is not None:
            forms.saved(t)
            convenings_editor.open_step(made)
        return
    forms.confirm(
        t(f"convenings.{wanted}_title"),
        t(f"convenings.{wanted}_question", title=meeting.title, days=KEPT_DAYS),
        t(f"convenings.{wanted}_yes"),
        _COMMANDS[wanted],
        meeting.id,
        t=t,
    )
