"""What the ledger says first: how much was raised, what waits, and whose dissent gets answered."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from convening.dissent_figures import Figures, Row, Suppressed
from convening.i18n import Translator
from convening.ledger import TO_ANSWER, TO_ASK, Entry
from convening.vocabulary import DissentState, Group
from pages.components import figure
from pages.components.markdown import escape
from pages.components.words import group_label


def sentence(entries: Sequence[Entry], t: Translator) -> None:
    """How many views there are, and what they wait for."""
    states = Counter(each.state for each in entries)
    waiting = {
        "to_answer": sum(states[each] for each in TO_ANSWER),
        "to_ask": sum(states[each] for each in TO_ASK),
        "to_hear": states[DissentState.ASKED],
    }
    said = [t("dissent.raised", count=len(entries) - states[DissentState.STRUCK])]
    said += [t(f"dissent.{name}", count=count) for name, count in waiting.items() if count]
    if not any(waiting.values()):
        said.append(t("dissent.all_closed"))
    st.text(" ".join(said))


def figures(found: Figures, t: Translator) -> None:
    """Whose dissent gets answered, for the team."""
    with st.expander(t("dissent.whose"), key="dissent_figures"):
        st.text(_reading(found, t))
        _table({group: row for group, row in found.by_group.items() if row.raised}, found.total, t)
        st.caption(escape(t("dissent.counted_by_group")))
        if found.left_out:
            st.caption(escape(t("dissent.left_out", count=found.left_out)))


def leadership(found: Suppressed, t: Translator) -> None:
    """The same for leadership, in place of the ledger."""
    if found.total.raised == 0:
        st.info(t("dissent.none_leadership"))
        return
    st.text(_total(found.total, t))
    _table(found.by_group, found.total, t)
    st.caption(escape(t("dissent.counted_outside")))
    st.caption(escape(t("dissent.withheld_help")))


def _reading(found: Figures, t: Translator) -> str:
    """The group with the smallest share of answers, where the shares can be compared."""
    shares = {group: row.percent for group, row in found.by_group.items()}
    known = {group: share for group, share in shares.items() if share is not None}
    total = _total(found.total, t)
    if len(known) < 2 or len(set(known.values())) == 1:
        return total
    least = min(known, key=known.__getitem__)
    row = found.by_group[least]
    return f"{total} {t('dissent.least', group=least, answered=row.answered, raised=row.raised)}"


def _total(row: Row, t: Translator) -> str:
    if row.raised is None:
        return t("dissent.few_raised")
    if row.answered is None:
        return t("dissent.few_answered", count=row.raised)
    said = t("dissent.answered_of", answered=row.answered, count=row.raised)
    return said if row.days is None else f"{said} {_days(row, t)}"


def _days(row: Row, t: Translator) -> str:
    days = round(row.days or 0)
    return t("dissent.half_within", count=days) if days else t("dissent.same_day")


def _table(rows: Mapping[Group, Row], total: Row, t: Translator) -> None:
    names = [group_label(group, t) for group in rows] + [t("dissent.all_views")]
    listed = [*rows.values(), total]
    columns: dict[str, list[str]] = {t("dissent.column_group"): names}
    for name in ("raised", "answered", "confirmed"):
        columns[t(f"dissent.column_{name}")] = [_figure(getattr(row, name), t) for row in listed]
    columns[t("dissent.column_share")] = [
        "–" if row.percent is None else t.percent(row.percent / 100) for row in listed
    ]
    columns[t("dissent.column_days")] = [
        "–" if row.days is None else t.number(row.days) for row in listed
    ]
    figure.as_table(columns)


def _figure(value: int | None, t: Translator) -> str:
    return t("dissent.withheld") if value is None else t.number(value)
