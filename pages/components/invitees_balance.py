"""The balance of the room in hand: heads first, then the figure, then what to ask."""

import streamlit as st

from convening.balance import OVERLAPS
from convening.charts import group_shares
from convening.charts.group_shares import Yardstick
from convening.i18n import Translator
from convening.room_balance import RoomBalance
from convening.vocabulary import Basis, Group
from pages.components import figure, forms, going
from pages.components.invitees_desk import Desk
from pages.components.markdown import bold, bullets, escape


def show(view: RoomBalance, desk: Desk, t: Translator) -> None:
    """The answer, the figure, the other counts, and the questions."""
    came = view.basis is Basis.ATTENDED
    st.header(t("invitees.balance" if came else "invitees.chosen"), anchor=False)
    st.text(places(view, t))
    if not view.shares.people:
        st.text(t("invitees.nobody_counts" if desk.facts.invitations else "invitees.nobody_chosen"))
    else:
        _figure(view, t)
    _reference(view, desk, t)
    if view.shares.people:
        st.markdown(bullets(_counts(view, t)))
    if view.problems:
        with st.container(border=True, key="invitees_questions"):
            st.markdown(bold(t("invitees.to_ask")))
            asked = [forms.wording(each, t) for each in view.problems]
            st.markdown(bullets(asked))


def reading(view: RoomBalance, t: Translator) -> str:
    """Head counts in one sentence: "Of 23 people: stewards 4, gateways 9, influencers 12."."""
    heads = [
        t("invitees.group_heads", group=group, heads=view.shares.heads[group]) for group in Group
    ]
    people = t("common.people", count=view.shares.people)
    return t("invitees.reading", people=people, groups=t.join(heads))


def places(view: RoomBalance, t: Translator) -> str:
    """How many places are taken, of how many."""
    taken, all_places = view.capacity.taken, view.capacity.places
    if all_places is None:
        return t("invitees.places_open", count=taken)
    said = t("invitees.places", taken=taken, count=all_places)
    return f"{said} {t('invitees.places_full')}" if view.capacity.full else said


def _figure(view: RoomBalance, t: Translator) -> None:
    bars = group_shares.bars(view.shares, view.targets if view.shares.placed else {})
    people = view.shares.people
    yardstick: Yardstick = "map" if view.from_the_map else "target"
    table = group_shares.table(bars, people, t, unit="share", yardstick=yardstick)
    table.insert(2, t("invitees.share"), [t.percent(view.shares.share[each]) for each in Group])
    table[t("invitees.working")] = [view.parts[group].working for group in Group]
    table[t("invitees.staged")] = [view.parts[group].staged for group in Group]
    figure.show(
        group_shares.chart(bars, people, t, unit="share", yardstick=yardstick, dark=figure.dark()),
        key="group_shares",
        reading=reading(view, t),
        table=table,
        t=t,
        note=_note(view, t),
    )


def _note(view: RoomBalance, t: Translator) -> str:
    note = t(group_shares.SHARE_NOTE)
    left_out = view.shares.unplaced
    return f"{note} {t('invitees.not_in_bars', count=left_out)}" if left_out else note


def _reference(view: RoomBalance, desk: Desk, t: Translator) -> None:
    """Says that the map stands in for targets, and where they are set."""
    if not view.from_the_map:
        return
    st.caption(escape(t("invitees.from_the_map" if view.targets else "invitees.no_reference")))
    if desk.invites:
        initiative = desk.facts.meeting.initiative_id
        going.link("initiatives", t("invitees.set_targets"), initiative=initiative)


def _counts(view: RoomBalance, t: Translator) -> list[str]:
    """New faces, who is in several groups, who works and who appears."""
    shares = view.shares
    lines = [t("invitees.new_faces", count=view.new_faces, people=shares.people)]
    several = {each: shares.overlaps[each] for each in OVERLAPS if len(each) > 1}
    total = sum(several.values())
    if total:
        said = [
            t("invitees.overlap", groups=[t.word(g) for g in Group if g in each], count=heads)
            for each, heads in several.items()
            if heads
        ]
        lines.append(t("invitees.in_several", count=total, overlaps=t.join(said)))
    work = [
        t("invitees.group_work", group=g, working=view.parts[g].working, heads=shares.heads[g])
        for g in Group
        if shares.heads[g]
    ]
    if work:
        lines.append(t("invitees.work", groups=t.join(work)))
    return lines
