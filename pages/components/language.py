"""The viewer's language: chosen in the browser, kept in a cookie that the middleware reads too."""

import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import Language, Theme

COOKIE = "halqa_language"
THEME_COOKIE = "halqa_theme"


def current() -> Language:
    """The language that was chosen in this browser, or else the one that it asks for."""
    return of(st.context.cookies.get(COOKIE, ""), st.context.headers.get("Accept-Language") or "")


def of(chosen: str, accepted: str) -> Language:
    """The chosen language, or else the first of ours in an Accept-Language header, or English."""
    if chosen in set(Language):
        return Language(chosen)
    asked = (each.split(";")[0].strip().split("-")[0].lower() for each in accepted.split(","))
    return next((Language(each) for each in asked if each in set(Language)), Language.ENGLISH)


def translator() -> Translator:
    return Translator(current())


def theme() -> Theme:
    """Light or dark as chosen in this browser; as on the device until one was chosen."""
    chosen = st.context.cookies.get(THEME_COOKIE, "")
    return Theme(chosen) if chosen in set(Theme) else Theme.SYSTEM
