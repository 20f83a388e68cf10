"""The frame around every screen: language, sign-in, navigation."""

import base64
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.problems import ConveningError
from convening.roles import Reach, reach
from db import transaction
from db.commands import login
from db.queries import accounts
from pages.components import (
    access,
    browser,
    chosen,
    feedback_give,
    forms,
    language,
    links,
    navigation,
    setup,
    sign_in,
    signing_out,
    state,
    store,
)
from pages.components.markdown import escape
from pages.plain import logs

ASSETS = Path(__file__).parent / "assets"


def run() -> None:
    logs.begin_run()
    t = language.translator()
    viewer = access.viewer()
    state.belongs_to(viewer.session_id if viewer else None)
    page = _navigation(viewer, t)
    st.set_page_config(
        page_title=f"{page.title} · {t('app.name')}" if viewer else t("app.name"),
        page_icon=_icon(),
        layout="wide" if viewer else "centered",
        initial_sidebar_state="collapsed" if _spec(page).fills else "auto",
    )
    if viewer is None:
        _wall(t)
        return
    _sidebar(viewer, _spec(page).name, t)
    forms.greet()
    try:
        page.run()
    except ConveningError as error:
        forms.problems(error.problems, t)


def _navigation(viewer: SignedIn | None, t: Translator) -> StreamlitPage:
    """Every screen is known to it, for a deep link to survive sign-in; it shows what roles open."""
    sections: dict[str, list[st.Page]] = {}
    for spec in navigation.PAGES:
        title = t(f"section.{spec.section}") if spec.section else ""
        page = st.Page(
            f"{spec.name}.py",
            title=t(f"screen.{spec.name}"),
            icon=spec.icon,
            default=spec.default,
            visibility="visible" if viewer and _opens(viewer, spec) else "hidden",
        )
        sections.setdefault(title, []).append(page)
    return st.navigation(sections, position="sidebar" if viewer else "hidden", expanded=True)


def _spec(page: StreamlitPage) -> navigation.Page:
    return navigation.page(page.url_path or "home")


def _opens(viewer: SignedIn, spec: navigation.Page) -> bool:
    return spec.action is None or reach(viewer.actor, spec.action) is not Reach.NOWHERE


def _wall(t: Translator) -> None:
    """Whatever was asked for, a visitor gets sign-in, a link's form, or the first set-up."""
    with transaction.reading(store.engines()) as session:
        nobody = accounts.nobody(session)
    token = st.query_params.get("link")
    if nobody:
        setup.show(t)
    elif token:
        links.show(t, token)
    else:
        sign_in.show(t)
    browser.choices(t)


def _sidebar(viewer: SignedIn, screen: str, t: Translator) -> None:
    logo = ASSETS / "logo.svg"
    if logo.is_file():
        st.logo(str(logo), size="large")
    chosen.sidebar(viewer, t)
    with st.sidebar.container(key="frame_foot"):
        feedback_give.entry(screen, viewer, t)
        st.caption(escape(viewer.name))
        browser.choices(t)
        browser.run_after_restart()
        signing_out.guard(viewer.actor.user_id, t)
        if st.button(t("common.sign_out"), key="sign_out"):
            with transaction.writing(store.engines(), actor_id=None, journalled=False) as session:
                login.end_session(session, viewer.session_id)
            state.forget_all()
            browser.sign_out()
            st.stop()


def _icon() -> str | None:
    """Our own icon, in the page itself: one named by Streamlit comes from another host."""
    path = ASSETS / "favicon.png"
    if not path.is_file():
        return None
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


run()
