"""What the maps still ask for, the first steps, and the way to the balance for leadership."""

import streamlit as st

from convening.accounts import SignedIn
from convening.home import Home, MapFacts
from convening.i18n import Translator
from convening.roles import Action, may
from pages.components import going
from pages.components.markdown import bold, escape


def show(found: Home, viewer: SignedIn, t: Translator) -> None:
    """For each initiative its first missing step, and what waits on its map."""
    for each in found.maps:
        edits = may(viewer.actor, Action.EDIT_COMMUNITY, each.initiative.id)
        steps = _steps(each) if edits else []
        if steps or each.unplaced or each.nominations:
            with st.container(border=True, key=f"map_{each.initiative.id}"):
                st.markdown(bold(each.initiative.name))
                for screen, key in steps:
                    going.link(screen, t(key), initiative=each.initiative.id)
                _waiting(each, t)


def first_steps(viewer: SignedIn, t: Translator) -> None:
    """The way from nothing to a balanced room, for whoever can walk it."""
    if not may(viewer.actor, Action.CREATE_INITIATIVE):
        return
    with st.container(border=True, key="home_empty"):
        st.header(t("home.start"), anchor=False)
        st.markdown(
            "\n".join(f"{number}. {escape(t(f'home.step_{number}'))}" for number in (1, 2, 3))
        )
        going.link("initiatives", t("home.create_initiative"), icon=":material/lightbulb:")


def led(found: Home, t: Translator) -> None:
    """Every initiative whose balance leadership can see."""
    if not found.led:
        return
    st.header(t("home.led"), anchor=False)
    for each in found.led:
        going.link("balance", each.name, initiative=each.id, icon=":material/balance:")


def _steps(each: MapFacts) -> list[tuple[str, str]]:
    """The first thing that an initiative lacks, with the screen where it is done."""
    if not each.stages:
        return [("initiatives", "home.add_stage")]
    if not each.people:
        return [("community", "home.import_people")]
    return [] if each.convenings else [("convenings", "home.plan_convening")]


def _waiting(each: MapFacts, t: Translator) -> None:
    initiative = each.initiative.id
    if each.unplaced:
        label = t("home.unplaced", count=each.unplaced)
        going.link("community", label, initiative=initiative, icon=":material/help:")
    if each.nominations:
        label = t("home.nominations", count=each.nominations)
        going.link("community", label, initiative=initiative, icon=":material/person_search:")
