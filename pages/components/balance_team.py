"""The whole balance of an initiative, for its team: funnel, overlaps, and the mix over time."""

from collections.abc import Mapping

import streamlit as st

from convening import funnel
from convening.balance import Shares
from convening.charts import funnel_heatmap, overlaps, ternary
from convening.charts.ternary import MixPoint
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.stage_balance import RoomShares, StageBalance, targets
from convening.vocabulary import FunnelStep, Group
from pages.components import chosen, figure, going
from pages.components.markdown import escape
from pages.components.words import stage_label

_MAP = "map"


def show(found: StageBalance, initiative: Initiative, t: Translator) -> None:
    """The figures, or what has to be there first."""
    if not found.stages or not found.map.people:
        empty(found, initiative, t)
        return
    _funnel(found, t)
    _overlaps(found, t)
    _mix(found, t)


def empty(found: StageBalance, initiative: Initiative, t: Translator) -> None:
    """What the screen is for, and the step that comes first."""
    with st.container(border=True, key="balance_empty"):
        st.header(t("balance.empty"), anchor=False)
        st.text(t("balance.empty_help"))
        if not found.stages:
            going.link("initiatives", t("home.add_stage"), initiative=initiative.id)
        else:
            going.link("community", t("home.import_people"), initiative=initiative.id)


def labels(found: StageBalance, t: Translator) -> dict[str, str]:
    """The names of the stages by the key that charts use."""
    return {str(stage.id): stage_label(stage, t) for stage in found.stages}


@st.fragment
def _funnel(found: StageBalance, t: Translator) -> None:
    """Heads by group, stage and step, as shades or against the targets."""
    names = labels(found, t)
    against = st.segmented_control(
        t("balance.view"),
        [False, True],
        default=False,
        required=True,
        format_func=lambda each: t("balance.against_targets" if each else "balance.heads"),
        key="balance_view",
        label_visibility="collapsed",
    )
    cells = funnel_heatmap.cells(
        found.table,
        {(str(stage), step): each.share for (stage, step), each in found.steps.items()},
        {str(each.id): targets(each, found.map) for each in found.stages},
    )
    figure.show(
        funnel_heatmap.chart(cells, names, t, against_targets=bool(against), dark=figure.dark()),
        key="funnel",
        reading=t(funnel.reading(found.table, {int(key): name for key, name in names.items()})),
        table=funnel_heatmap.table(cells, names, t),
        t=t,
        note=t(funnel_heatmap.NOTE),
    )
    if against:
        unset = [stage_label(each, t) for each in found.stages if not each.targets]
        if unset:
            st.caption(escape(t("balance.map_is_target", stages=unset)))


@st.fragment
def _overlaps(found: StageBalance, t: Translator) -> None:
    """Who is in several groups at once: on the map, or in the rooms of a stage."""
    st.header(t("balance.overlaps"), anchor=False)
    names = labels(found, t)
    rooms = {
        str(stage): shares
        for (stage, step), shares in found.steps.items()
        if step is FunnelStep.IN_THE_ROOM and shares.people
    }
    places: Mapping[str, Shares] = {_MAP: found.map, **rooms}
    words = {_MAP: t("balance.on_the_map")} | {
        each: t("balance.in_the_room", stage=names[each]) for each in rooms
    }
    where = st.selectbox(
        t("balance.whose"), list(places), format_func=words.__getitem__, key="balance_where"
    )
    shares = places[where]
    several = sum(heads for groups, heads in shares.overlaps.items() if len(groups) > 1)
    figure.show(
        overlaps.chart(shares.overlaps, t, dark=figure.dark()),
        key="overlaps",
        reading=t("balance.overlaps_reading", count=several, people=shares.people),
        table=overlaps.table(shares.overlaps, t),
        t=t,
        note=f"{t('balance.counts_in_both')} {t(overlaps.NOTE)}",
    )
    if shares.unplaced:
        st.caption(escape(t("balance.unplaced", count=shares.unplaced)))


def _mix(found: StageBalance, t: Translator) -> None:
    """One point for each convening, in the order of time."""
    rooms = [each for each in found.rooms if each.shares.placed]
    st.header(t("balance.mix"), anchor=False)
    if not rooms:
        st.text(t("balance.mix_empty"))
        return
    points = [
        MixPoint(
            chosen.label(each.convening, t),
            each.shares.share,
            each.shares.heads,
            each.shares.people,
        )
        for each in rooms
    ]
    wanted = [targets(each, found.map) for each in found.stages]
    same = wanted[0] if all(each == wanted[0] for each in wanted) else None
    figure.show(
        ternary.chart(points, t, targets=same, dark=figure.dark()),
        key="ternary",
        reading=_mix_reading(rooms[-1], len(rooms), t),
        table=ternary.table(points, t),
        t=t,
        note=f"{t('balance.counts_in_both')} {t(ternary.NOTE)}",
    )
    if found.earlier:
        st.caption(escape(t("balance.mix_earlier", count=found.earlier)))


def _mix_reading(last: RoomShares, rooms: int, t: Translator) -> str:
    heads = [
        t("invitees.group_heads", group=group, heads=last.shares.heads[group]) for group in Group
    ]
    said = t("invitees.reading", people=t("common.people", count=last.shares.people), groups=heads)
    title = last.convening.title
    return t("balance.mix_reading", count=rooms, title=title, said=said)
