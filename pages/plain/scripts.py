"""What Streamlit does at every run of a screen's script, and when one fails."""

import logging
from functools import cache

import streamlit as st
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

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


def keep_theme() -> None:
    """Has Streamlit put its theme together once and not at every run of every screen.

    It reads all its options for each of six sections, a sixth of the time of a live screen.
    """
    write = app_session._populate_theme_msg

    @cache
    def written(section: str) -> CustomThemeConfig:
        message = CustomThemeConfig()
        write(message, section)
        return message

    def copy(msg: CustomThemeConfig, section: str = "theme") -> None:
        found = written(section)
        if found.ListFields():  # merging nothing would say that the section is there
            msg.MergeFrom(found)

    app_session._populate_theme_msg = copy
