"""Placing a person: the guiding questions of each group, and the sub-circle in it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from convening.community import Placement, SubCircle
from convening.i18n import Translator
from convening.vocabulary import QUESTION_GROUP, Group, GuidingQuestion
from pages.components.markdown import escape
from pages.components.words import group_mark

_OPEN = "open"  # in the group, and nobody has said by which question


def ask(
    current: Mapping[Group, Placement],
    circles: Sequence[SubCircle],
    t: Translator,
    *,
    key: str,
    suggested: Sequence[Group] = (),
) -> dict[Group, Placement]:
    """One question of each group can be chosen, in any combination of groups; none is "not in it".

    ``key`` must change with the person: it keeps one's answers from the next.
    """
    groups: dict[Group, Placement] = {}
    for group in Group:
        placement = current.get(group)
        chosen = _question(group, placement, group in suggested, t, key)
        if chosen is None:
            continue
        question = None if chosen == _OPEN else GuidingQuestion(chosen)
        circle = _circle(group, placement, circles, t, key)
        groups[group] = Placement(question, circle)
    return groups


def question(label: str, t: Translator, *, key: str) -> GuidingQuestion | None:
    """One question of any group, for many people at once."""
    return st.selectbox(
        label,
        list(GuidingQuestion),
        index=None,
        format_func=lambda each: f"{t.word(QUESTION_GROUP[each])}: {t.word(each)}",
        placeholder=t("community.choose_question"),
        key=key,
    )


def _question(
    group: Group, placement: Placement | None, suggested: bool, t: Translator, key: str
) -> str | None:
    options = [each.value for each in GuidingQuestion if QUESTION_GROUP[each] is group]
    default: str | None = None
    if placement is not None:
        default = placement.question.value if placement.question else _OPEN
        if placement.question is None:
            options.append(_OPEN)
    name = f"{group_mark(group)} **{escape(t.word(group))}**"
    hint = f" · {escape(t('community.suggested'))}" if suggested else ""
    return st.pills(
        name + hint,
        options,
        default=default,
        format_func=lambda each: t(f"community.fits.{each}"),
        key=f"{key}_{group}",
        wrap=True,
    )


def _circle(
    group: Group,
    placement: Placement | None,
    circles: Sequence[SubCircle],
    t: Translator,
    key: str,
) -> int | None:
    names = {each.id: each.name for each in circles if each.group is group}
    if not names:
        return None
    now = placement.sub_circle_id if placement else None
    return st.selectbox(
        t("community.sub_circle_of", group=group),
        list(names),
        index=list(names).index(now) if now in names else None,
        format_func=lambda each: names[each],
        placeholder=t("community.no_sub_circle"),
        key=f"{key}_{group}_circle",
    )
