"""The viewer's language: chosen in the browser, kept in a cookie that the middleware reads too."""

import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import Language, Theme

COOKIE = "halqa_language"
THEME_COOKIE = "halqa_theme"


def current() -> Language:
    """The language of this browser; English until one was chosen."""
    chosen = st.context.cookies.get(COOKIE, "")
    return Language(chosen) if chosen in set(Language) else Language.ENGLISH


def translator() -> Translator:
    return Translator(current())


def theme() -> Theme:
    """Light or dark as chosen in this browser; as on the device until one was chosen."""
    chosen = st.context.cookies.get(THEME_COOKIE, "")
    return Theme(chosen) if chosen in set(Theme) else Theme.SYSTEM
