"""The first step: six questions whether to convene at all, with another way for every no."""

from dataclasses import replace

import streamlit as st

from convening import readiness
from convening.convening_drafts import ConveningDraft
from convening.i18n import Translator
from convening.readiness import Answer
from convening.vocabulary import ConveningQuestion
from pages.components.markdown import escape


def show(opened: ConveningDraft, t: Translator) -> ConveningDraft:
    """The draft with its title and answers as they stand in the fields."""
    title = st.text_input(
        t("convenings.title"),
        opened.title,
        key=f"convening_title_{opened.id}",
        help=t("convenings.title_help"),
    )
    st.subheader(t("convenings.questions_title"), anchor=False)
    st.caption(t("convenings.questions_help"))
    answers = {}
    for question in ConveningQuestion:
        answer = _ask(question, opened, t)
        if answer is not None:
            answers[question] = answer
    advice = readiness.advice(answers)
    show_advice = st.warning if readiness.noes(answers) else st.info
    with st.container(key="readiness"):
        show_advice(escape(t(advice)))
    return replace(opened, title=title, answers=answers)


def _ask(question: ConveningQuestion, opened: ConveningDraft, t: Translator) -> Answer | None:
    stored = (opened.answers or {}).get(question)
    with st.container(border=True, key=f"question_{question.value}", gap="small"):
        yes = st.segmented_control(
            t.word(question),
            [True, False],
            default=None if stored is None else stored.yes,
            format_func=lambda each: t("common.yes" if each else "common.no"),
            key=f"answer_{question.value}_{opened.id}",
        )
        note = "" if stored is None else stored.note
        if yes is False:
            alternative = t(f"convening_question.{question.value}.alternative")
            st.markdown(escape(t("convenings.instead", alternative=alternative)))
            note = st.text_input(
                t("convenings.question_why"),
                note,
                key=f"why_{question.value}_{opened.id}",
            )
    return None if yes is None else Answer(yes, note)
