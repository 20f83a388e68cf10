"""What the people of a room say of it, and the link under which they say it."""

from io import BytesIO

import segno
import streamlit as st

from convening.accounts import SignedIn
from convening.after import PULSE_FROM, After, more_than_present, open_ones, pulse_open
from convening.dates import when_in_zone
from convening.i18n import Translator
from convening.roles import Action, may
from convening.vocabulary import PulseAnswer, PulseQuestion
from db.commands import after as commands
from pages.components import clock, figure, forms, going, links
from pages.components.markdown import bold, escape

_CODE_SCALE = 10  # pixels a module: read from the last row of a hall


def answer(found: After, t: Translator) -> None:
    """Which convening this is, and where things stand after it."""
    meeting = found.meeting
    st.header(escape(meeting.title), anchor=False)
    said = (t.word(meeting.state), when_in_zone(meeting, t))
    st.caption(escape(" · ".join(filter(None, said))))
    if found.over_since is None:
        st.info(escape(t("after.not_over")))
        return
    promised = open_ones(found.commitments)
    late = sum(each.overdue(clock.here().date()) for each in promised)
    parts = [t("after.promised", count=len(promised))]
    if late:
        parts.append(t("after.overdue", count=late))
    people = t("after.present", answered=found.answered, count=found.present)
    if not found.present:
        people = t("after.nobody_present")
    st.markdown(bold(t("after.answer", people=people, promised=" ".join(parts))))


def show(found: After, viewer: SignedIn, t: Translator) -> None:
    """The three questions, as far as they may be told apart, and how to be asked them."""
    with st.container(key="after_pulse"):
        st.subheader(t("after.pulse"), anchor=False)
        if any(each.people for each in found.pulse):
            _counts(found, t)
        else:
            st.text(t("after.pulse_none"))
        if more_than_present(found.pulse, found.present):
            st.warning(escape(t("after.pulse_many")))
        if not pulse_open(found.meeting, found.over_since, clock.here()):
            st.caption(t("after.pulse_over"))
        elif found.token:
            _link(found.token, t)
        else:
            _make(found, t)
        if may(viewer.actor, Action.SEE_PEOPLE, found.meeting.initiative_id):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(t("after.nominations"))
                going.link(
                    "community",
                    t("after.to_nominations"),
                    initiative=found.meeting.initiative_id,
                    view="nominations",
                )


def _counts(found: After, t: Translator) -> None:
    """A sentence, then one line a question; what too few have answered is withheld."""
    held = next(each for each in found.pulse if each.question is PulseQuestion.HELD_BACK)
    if held.answers is not None:
        kept = held.answers[PulseAnswer.YES] + held.answers[PulseAnswer.PARTLY]
        st.text(t("after.held_back", yes=kept, count=held.people))
    rows = {
        t("after.question"): [t.word(each.question) for each in found.pulse],
        **{
            t.word(wanted): [
                t.number(each.answers[wanted]) if each.answers is not None else t("charts.withheld")
                for each in found.pulse
            ]
            for wanted in PulseAnswer
        },
        t("after.people"): [t.number(each.people) for each in found.pulse],
    }
    figure.as_table(rows)
    if any(each.answers is None for each in found.pulse):
        st.caption(t("after.pulse_few", least=PULSE_FROM))


def _make(found: After, t: Translator) -> None:
    st.caption(t("after.pulse_help"))
    pressed = st.button(t("after.make_link"), icon=":material/link:", key="make_link")
    if pressed and forms.submit(commands.make_after_link, found.meeting.id, t=t) is not None:
        forms.saved(t)
        st.rerun()


def _link(token: str, t: Translator) -> None:
    address = f"{links.base()}/pulse/{token}"
    st.caption(t("after.pulse_help"))
    if st.button(t("after.show_code"), icon=":material/qr_code_2:", key="show_code"):
        _code(address, t)
    with st.expander(t("after.links"), key="after_links"):
        st.caption(t("after.link_for"))
        st.code(address, language=None, wrap_lines=True)
        st.caption(t("after.became_for"))
        st.code(f"{links.base()}/became/{token}", language=None, wrap_lines=True)


def _code(address: str, t: Translator) -> None:
    """Large enough for a projector."""

    @st.dialog(t("after.code_title"), width="large")
    def ask() -> None:
        picture = BytesIO()
        segno.make(address, error="m").save(picture, kind="png", scale=_CODE_SCALE, border=4)
        st.image(picture.getvalue(), caption=escape(t("after.code_alt")))
        st.code(address, language=None, wrap_lines=True)

    ask()
