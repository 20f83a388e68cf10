"""The dialog that starts an agenda from a template, fitted to the convening's length."""

from collections.abc import Sequence

import streamlit as st

from convening import agenda, agenda_templates
from convening.agenda import Block
from convening.convenings import Convening
from convening.durations import in_words
from convening.i18n import Translator
from convening.vocabulary import StageKind
from db import queries
from db.commands import agenda as commands
from pages.components import forms, store
from pages.components.markdown import escape


def choose(meeting: Convening, blocks: Sequence[Block], t: Translator) -> None:
    """Offers the templates, the best suited first, with what each would bring."""

    @st.dialog(t("agenda.template_title"))
    def ask() -> None:
        stages = store.read(queries.initiatives.stages, meeting.initiative_id)
        kinds = {each.id: each.kind for each in stages}
        offered = agenda_templates.suited(
            meeting.kind, kinds.get(meeting.stage_id, StageKind.CUSTOM)
        )
        name = st.selectbox(
            t("agenda.template_choose"),
            [each.name for each in offered],
            format_func=lambda each: t(f"agenda_template.{each}.name"),
            key="template_name",
        )
        replace = False
        if blocks:
            replace = st.radio(
                t("agenda.template_how"),
                [False, True],
                format_func=lambda each: t(
                    "agenda.template_replace" if each else "agenda.template_append"
                ),
                key="template_replace",
            )
        drafts = _preview(name, meeting, t)
        if st.button(t("agenda.template_apply"), type="primary", key="template_apply"):
            done = forms.submit(commands.apply_template, meeting.id, drafts, replace=replace, t=t)
            if done is not None:
                forms.saved(t)
                st.rerun()

    ask()


def _preview(name: str, meeting: Convening, t: Translator) -> tuple[agenda.BlockDraft, ...]:
    template = agenda_templates.template(name)
    drafts = agenda_templates.blocks(template, t, meeting.id, agenda.available_minutes(meeting))
    total = sum(draft.minutes for draft in drafts)
    fitted = total == agenda.available_minutes(meeting)
    key = "agenda.template_fitted" if fitted else "agenda.template_own"
    st.caption(escape(t(f"agenda_template.{name}.use")))
    lines = [
        f"- **{escape(draft.title)}** · {escape(in_words(draft.minutes, t))}" for draft in drafts
    ]
    st.markdown("\n".join(lines))
    st.caption(escape(t(key, duration=in_words(total, t))))
    return drafts
