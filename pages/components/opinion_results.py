"""What a conversation says: where all agree, where one stands alone, and every statement."""

from collections.abc import Mapping, Sequence

import streamlit as st

from convening import statements, tallies
from convening.anonymity import DECLARED_FROM
from convening.charts import opinion_bars
from convening.charts.opinion_bars import StatementBars
from convening.disclosure import PERCENT_FROM, K
from convening.exports import opinion as by_group
from convening.exports import polis
from convening.i18n import Translator
from convening.opinion import COMPARED_FROM, FEWEST_VOTES
from convening.statements import FEWEST_VOTERS, Reading, Result, Results
from convening.tallies import Tally
from convening.vocabulary import Group, StatementState
from db import queries
from pages.components import figure, paging, state, store
from pages.components.markdown import bold, escape

_PAGES, _PAGE = "opinion_bars", 6
_FIRST = 5  # lines of a list that stand there at once
_ORDERS = ("divided", "consensus", "number")


def show(results: Results, t: Translator) -> None:
    """The answer in a sentence and two lists, the bars, and what may be taken along."""
    over = results.over
    if not over:
        with st.container(border=True, key="opinion_no_results"):
            st.header(t("opinion.no_results"), anchor=False)
            st.text(t("opinion.no_results_help"))
            _still_open(results, t)
        return
    found = statements.read(results)
    st.text(_answer(results, found, t))
    _still_open(results, t)
    if len({group for split in found.splits.values() for group in split}) > 1:
        _lists(results, found, t)
    _bars(over, found, t)
    _notes(over, found, t)
    _leaves(results, t)


def _answer(results: Results, found: Reading, t: Translator) -> str:
    closed = t("opinion.statements_count", count=len(results.over))
    if not any(found.splits.values()):
        people = t("common.people", count=results.conversation.voters)
        return t("opinion.answer_no_groups", statements=closed, people=people)
    together, alone = len(found.together), len(found.alone)
    few = not alone and _groups_that_lean(found.splits) < 3
    said = t(
        "opinion.answer_few_groups" if few else "opinion.answer",
        statements=closed,
        together=together,
        alone=alone,
    )
    if not found.against:
        return said
    return f"{said} {t('opinion.answer_against', against=len(found.against))}"


def _still_open(results: Results, t: Translator) -> None:
    running = [each for each in results.statements if each.statement.state is StatementState.OPEN]
    unvoted = sum(each.over and not each.people for each in results.statements)
    if unvoted:
        st.caption(escape(t("opinion.closed_unvoted", count=unvoted)))
    if running:
        votes = t("opinion.votes_count", count=sum(each.people for each in running))
        st.caption(escape(t("opinion.still_open", count=len(running), voted=votes)))


def _lists(results: Results, found: Reading, t: Translator) -> None:
    """Side by side: what all groups agree with or are against, and where one stands alone."""
    texts = {each.statement.id: each.statement.text for each in results.over}
    left, right = st.columns(2)
    with left, st.container(border=True, key="opinion_together"):
        st.header(t("opinion.together"), anchor=False)
        if not found.together:
            st.text(t("opinion.together_none"))
        _lines([(texts[each], _shared(found.splits[each], True, t)) for each in found.together], t)
        if found.against:
            st.subheader(t("opinion.against"), anchor=False)
            against = [
                (texts[each], _shared(found.splits[each], False, t)) for each in found.against
            ]
            _lines(against, t)
        st.caption(escape(t("opinion.together_help", fewest=COMPARED_FROM, least=FEWEST_VOTES)))
    with right, st.container(border=True, key="opinion_alone"):
        st.header(t("opinion.alone"), anchor=False)
        _lines([(texts[each[0]], _alone(found, *each, t)) for each in found.alone], t)
        if not found.alone:
            few = _groups_that_lean(found.splits) < 3
            st.text(t("opinion.alone_few_groups" if few else "opinion.alone_none"))


def _groups_that_lean(splits: Mapping[int, Mapping[Group, Tally]]) -> int:
    """How many groups cast enough votes on any statement to lean to a side."""
    return len(
        {
            group
            for split in splits.values()
            for group, tally in split.items()
            if tally.votes >= FEWEST_VOTES
        }
    )


def _lines(listed: Sequence[tuple[str, str]], t: Translator) -> None:
    """Statements with their figures: the first few at once, the rest where one asks for them."""
    for text, figures in listed[:_FIRST]:
        _line(text, figures)
    rest = listed[_FIRST:]
    if rest:
        with st.expander(t("opinion.more", count=len(rest))):
            for text, figures in rest:
                _line(text, figures)


def _line(text: str, figures: str) -> None:
    with st.container(gap="xsmall"):
        st.markdown(bold(text))
        st.caption(escape(figures))


def _shared(split: Mapping[Group, Tally], agree: bool, t: Translator) -> str:
    """What each group says of a statement on which they are of one mind."""
    return t.join([_figure(group, split, agree, t) for group in Group if group in split])


def _alone(found: Reading, statement: int, group: Group, others_agree: bool, t: Translator) -> str:
    figure = _figure(group, found.splits[statement], not others_agree, t)
    key = "opinion.alone_disagrees" if others_agree else "opinion.alone_agrees"
    return t(key, figure=figure)


def _figure(group: Group, split: Mapping[Group, Tally], agree: bool, t: Translator) -> str:
    tally = split[group]
    count = tally.agree if agree else tally.disagree
    key = "opinion.agrees" if agree else "opinion.disagrees"
    return t(key, group=group, count=count, votes=tally.votes)


@st.fragment
def _bars(over: Sequence[Result], found: Reading, t: Translator) -> None:
    """Every closed statement as bars, a page at a time."""
    st.header(t("opinion.bars"), anchor=False)
    order = st.segmented_control(
        t("opinion.order"),
        [each for each in _ORDERS if found.consensus or each != "consensus"],
        default=_ORDERS[0],
        required=True,
        format_func=lambda each: t(f"opinion.order_{each}"),
        key="opinion_order",
        label_visibility="collapsed",
    )
    if order != state.get("opinion_order_was"):
        state.put("opinion_order_was", order)
        paging.to_start(_PAGES)
    listed = _ordered(over, found, str(order))
    few = len(over) - len(found.compared) if order == "divided" else 0
    if few:
        key = "opinion.few_last" if found.by_groups else "opinion.few_last_together"
        st.caption(escape(t(key, count=few, fewest=COMPARED_FROM)))
    first, last = paging.slice_of(len(listed), _PAGES, _PAGE)
    bars = [
        StatementBars(
            each.statement.number,
            each.statement.text,
            tallies.total(each.counts.together),
            found.splits[each.statement.id],
            found.consensus.get(each.statement.id),
            frozenset(found.splits[each.statement.id]) - found.large_enough,
        )
        for each in listed[first:last]
    ]
    figure.show(
        opinion_bars.chart(bars, t, dark=figure.dark()),
        key="opinion_bars",
        reading=_reading(listed[0], found, str(order), t),
        table=opinion_bars.table(bars, t),
        t=t,
        note=_note(found, t),
        files=False,
    )
    paging.buttons(len(listed), _PAGES, t, _PAGE)


def _reading(first: Result, found: Reading, order: str, t: Translator) -> str:
    """The order with the statement that it puts first, where votes enough say so."""
    if order == "divided" and not found.compared:
        return t("opinion.bars_few")
    return t("opinion.bars_reading", order=t(f"opinion.order_{order}"), first=first.statement.text)


def _note(found: Reading, t: Translator) -> str:
    """How the bars are read, and what the agreement of all groups is where it is told."""
    note = t(opinion_bars.NOTE)
    if not found.consensus:
        return note
    return f"{note} {t('opinion.agreement_help', fewest=PERCENT_FROM)}"


def _ordered(over: Sequence[Result], found: Reading, order: str) -> list[Result]:
    if order == "number":
        return list(over)
    if order == "consensus":
        return sorted(over, key=lambda each: -found.consensus.get(each.statement.id, -1))
    place = {statement: at for at, statement in enumerate(found.divided)}
    return sorted(over, key=lambda each: place[each.statement.id])


def _notes(over: Sequence[Result], found: Reading, t: Translator) -> None:
    """What is not split, and what is counted besides votes."""
    hands = sum(tallies.total(each.counts.hands).votes for each in over)
    if hands:
        st.caption(escape(t("opinion.hands", count=hands)))
    if found.too_small:
        said = t("opinion.too_small", groups=found.too_small, fewest=DECLARED_FROM)
        st.caption(escape(said))


def _leaves(results: Results, t: Translator) -> None:
    """The file that may be handed out, and the one that stays with the team: single votes tell the
    small counts that the first withholds."""
    conversation = results.conversation
    with st.expander(t("opinion.files"), icon=":material/download:", key="opinion_leaves"):
        st.subheader(t("opinion.leaves"), anchor=False)
        st.download_button(
            t("opinion.export_groups"),
            store.later(
                queries.opinion.results,
                lambda found: by_group.write(found.over, t),
                conversation.id,
            ),
            file_name="opinion-by-group.csv",
            mime="text/csv",
            on_click="ignore",
            key="opinion_export_groups",
        )
        st.caption(escape(t("opinion.export_groups_help", smallest=K)))
        st.subheader(t("opinion.stays"), anchor=False)
        if results.voters_over < FEWEST_VOTERS:
            st.caption(escape(t("opinion.export_too_few", fewest=FEWEST_VOTERS)))
            return
        st.download_button(
            t("opinion.export_polis"),
            store.later(queries.opinion.exported, polis.write, conversation.id),
            file_name="opinion-polis.zip",
            mime="application/zip",
            on_click="ignore",
            key="opinion_export_polis",
        )
        st.caption(escape(t("opinion.export_polis_help")))
