"""What was promised in a room and is due: past its day, or within the next week."""

from collections.abc import Sequence

import streamlit as st

from convening.after import DueCommitment, due_by
from convening.i18n import Translator
from pages.components import clock, going
from pages.components.markdown import bold

_SHOWN = 5  # the rest stands on the screens of their convenings


def show(due: Sequence[DueCommitment], t: Translator) -> None:
    """The oldest first, each with the way to its convening."""
    today = clock.here().date()
    found = [each for each in due if due_by(each.commitment, today)]
    if not found:
        return
    with st.container(border=True, key="home_commitments"):
        st.markdown(bold(t("home.commitments", count=len(found))))
        for each in found[:_SHOWN]:
            with st.container(gap=None):
                going.link(
                    "after",
                    each.commitment.what,
                    initiative=each.initiative_id,
                    convening=each.convening_id,
                    icon=":material/task_alt:",
                )
                st.text(_line(each, t))
        if len(found) > _SHOWN:
            st.caption(t("home.commitments_more", count=len(found) - _SHOWN))


def _line(each: DueCommitment, t: Translator) -> str:
    late = each.commitment.overdue(clock.here().date())
    return t(
        "home.commitment_late" if late else "home.commitment_due",
        owner=each.commitment.owner,
        date=each.commitment.due_on or "",
        title=each.convening,
    )
