"""What a viewer sees when the script of a screen fails."""

import logging

import streamlit as st

from convening.problems import ConveningError
from pages.components import forms, language
from pages.plain import logs

_LOG = logging.getLogger("halqa")


def show_error(error: Exception) -> bool:
    """A calm box with the id of the run, which stands in the log beside the error.

    A ConveningError that no form caught is shown as the problem that it is. Streamlit has logged
    the exception before it calls this.
    """
    t = language.translator()
    if isinstance(error, ConveningError):
        forms.problems(error.problems, t)
        return True
    reference = logs.run_id()
    logs.event(_LOG, logging.ERROR, "a screen failed", exception=type(error).__qualname__)
    with st.container(key="unexpected"):
        st.error(t("common.unexpected"))
        st.text(t("common.reference", reference=reference))
    return True
