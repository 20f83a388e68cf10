"""The third step: who could block the decision or lose by it, and whether they are invited."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import chain, count

import streamlit as st

from convening.convening_drafts import MOST_STAKES, ConveningDraft, StakeDraft
from convening.convenings import AtStake, stake_questions
from convening.i18n import Translator
from convening.vocabulary import Stake
from db import queries
from db.queries import people
from pages.components import store
from pages.components.markdown import escape

_MOST_OPTIONS = 500  # a longer list is slow on a phone; a search narrows it first

Choice = int | str  # a person's id, or the words for somebody who is not on the map


def show(opened: ConveningDraft, t: Translator) -> ConveningDraft:
    """The draft with those at stake as they stand in the fields."""
    st.subheader(t("convenings.stakes_title"), anchor=False)
    st.caption(t("convenings.stakes_help"))
    stored = [] if opened.id is None else store.read(queries.convenings.at_stake, opened.id)
    names, labels = _people(opened, stored, t)
    stakes = tuple(
        StakeDraft(stake, stakeholder_id=each)
        if isinstance(each, int)
        else StakeDraft(stake, who=each)
        for stake in Stake
        for each in _choose(stake, opened, labels, t)
    )
    _standing(stakes, names, opened.id, t)
    ordered = tuple(each for each in opened.stakes or () if each in stakes)
    added = tuple(each for each in stakes if each not in ordered)
    return replace(opened, stakes=ordered + added, tensions=_tensions(opened, t))


def _tensions(opened: ConveningDraft, t: Translator) -> str:
    return st.text_area(
        t("convenings.tensions"),
        opened.tensions,
        key=f"convening_tensions_{opened.id}",
        help=t("convenings.tensions_help"),
        height="content",
    )


def _people(
    opened: ConveningDraft, stored: list[AtStake], t: Translator
) -> tuple[dict[Choice, str], dict[Choice, str]]:
    """Names and labels of people of the map and of whoever was named already; no label twice."""
    found = store.read(people.find, opened.initiative_id, limit=_MOST_OPTIONS + 1)
    if len(found) > _MOST_OPTIONS:
        text = st.text_input(
            t("convenings.stakes_search"),
            key="stakes_search",
            help=t("convenings.stakes_search_help"),
        )
        found = store.read(people.find, opened.initiative_id, text, limit=_MOST_OPTIONS)
    names: dict[Choice, str] = {each.stakeholder_id or each.name: each.name for each in stored}
    names |= {each.id: each.name for each in found}
    works_for = {each.id: each.organisation for each in found}
    labels: dict[Choice, str] = {}
    for choice, name in names.items():
        at = works_for.get(choice, "") if isinstance(choice, int) else ""
        labels[choice] = _unlike(f"{name} · {at}" if at else name, labels.values())
    return names, labels


def _unlike(label: str, taken: Collection[str]) -> str:
    """The label, numbered where somebody else has the same."""
    again = (f"{label} ({number})" for number in count(2))
    return next(each for each in chain([label], again) if each not in taken)


def _choose(
    stake: Stake, opened: ConveningDraft, labels: Mapping[Choice, str], t: Translator
) -> list[Choice]:
    named = [each.stakeholder_id or each.who for each in opened.stakes or () if each.stake is stake]
    return st.multiselect(
        t(f"convenings.{stake.value}"),
        list(labels),
        default=[each for each in named if each in labels],
        format_func=lambda each: labels.get(each, str(each)),
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        max_selections=MOST_STAKES,
        placeholder=t("convenings.stakes_placeholder"),
        key=f"convening_{stake.value}_{opened.id}",
    )


def _standing(
    stakes: tuple[StakeDraft, ...],
    names: Mapping[Choice, str],
    convening_id: int | None,
    t: Translator,
) -> None:
    """Whether each of them is invited, and the question that follows."""
    statuses = {} if convening_id is None else store.read(queries.convenings.statuses, convening_id)
    named = {
        each.stakeholder_id or each.who: AtStake(
            each.stake,
            names[each.stakeholder_id] if each.stakeholder_id else each.who,
            each.stakeholder_id,
            statuses.get(each.stakeholder_id or 0),
        )
        for each in stakes
    }
    if named:
        st.subheader(t("convenings.stakes_who"), anchor=False)
        lines = (
            t("convenings.stakes_status", name=each.name, status=_status(each, t))
            for each in named.values()
        )
        st.markdown("\n".join(f"- {escape(line)}" for line in lines))
    for problem in stake_questions(list(named.values())):
        st.info(escape(t(problem)))


def _status(each: AtStake, t: Translator) -> str:
    if each.stakeholder_id is None:
        return t("convenings.stakes_off_map")
    if not each.invited or each.status is None:
        return t("convenings.stakes_on_map")
    return t("convenings.stakes_invited", status=each.status)
