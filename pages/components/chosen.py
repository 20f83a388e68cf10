"""The initiative and the convening in hand: chosen once, in the sidebar and in the URL."""

import re
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

import streamlit as st

from convening.accounts import SignedIn
from convening.convenings import Convening
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.problems import NotFound
from convening.roles import Action, Reach, may, reach
from convening.vocabulary import ConveningState
from db import queries
from pages.components import choices, heading, state, store
from pages.components.markdown import escape

T = TypeVar("T")
_ID = re.compile("[0-9]{1,9}")  # western digits alone: int() reads many more, and fails at "²"
_PARAMETERS = {"initiative": "chosen_initiative", "convening": "chosen_convening"}


def sidebar(viewer: SignedIn, t: Translator) -> None:
    """Both choosers, at the top of the sidebar, and the choice written back to the URL.

    An id in the URL wins over what the tab remembers; one that the viewer may not see is kept,
    so that the screen answers that there is no such thing.
    """
    for parameter, key in _PARAMETERS.items():
        asked = st.query_params.get(parameter)
        if asked is None:
            continue
        identity = int(asked) if _ID.fullmatch(asked) else 0
        if parameter == "initiative" and identity != state.get(key):
            state.drop(_PARAMETERS["convening"])
        state.put(key, identity)
    initiatives = _initiatives(viewer)
    if not initiatives:
        return
    names = [(each.id, each.name) for each in initiatives]
    initiative_id = _choose("initiative", names, names[0][0], t)
    if may(viewer.actor, Action.SEE_CONVENINGS, initiative_id):
        meetings = store.read(queries.convenings.nearby, initiative_id, convening_id())
        if meetings:
            names = [(each.id, label(each, t)) for each in meetings]
            _choose("convening", names, _next(meetings).id, t)


def initiative_id() -> int | None:
    """The id of the initiative in hand, as asked for or chosen."""
    found: int | None = state.get(_PARAMETERS["initiative"])
    return found


def convening_id() -> int | None:
    found: int | None = state.get(_PARAMETERS["convening"])
    return found


def choose_initiative(identity: int) -> None:
    """Takes another initiative in hand; its convenings come with it."""
    state.put(_PARAMETERS["initiative"], identity)
    state.drop(_PARAMETERS["convening"])
    st.query_params["initiative"] = str(identity)
    st.query_params.pop("convening", None)


def choose_convening(identity: int) -> None:
    state.put(_PARAMETERS["convening"], identity)
    st.query_params["convening"] = str(identity)


def forget_convening() -> None:
    """Lets go of a convening that is gone; the next one by date comes to hand."""
    state.drop(_PARAMETERS["convening"])
    st.query_params.pop("convening", None)


def initiative(t: Translator, screen: str) -> Initiative:
    """The initiative in hand; without one the screen says what to do first, and stops."""
    identity = initiative_id()
    if identity is None:
        _stop(t, screen, "initiative", "initiatives")
    return _or_missing(lambda: store.read(queries.initiatives.initiative, identity), t, screen)


def convening(t: Translator, screen: str) -> Convening:
    """The convening in hand, of the initiative in hand."""
    found = initiative(t, screen)
    identity = convening_id()
    if identity is None:
        _stop(t, screen, "convening", "convenings")
    meeting = _or_missing(lambda: store.read(queries.convenings.convening, identity), t, screen)
    if meeting.initiative_id != found.id:
        _missing(t, screen, "convening")
    return meeting


def label(meeting: Convening, t: Translator) -> str:
    """The title with its date, as lists show it."""
    if meeting.starts_local is None:
        return meeting.title
    return f"{meeting.title} · {t.date(meeting.starts_local.date())}"


def _initiatives(viewer: SignedIn) -> list[Initiative]:
    actor = viewer.actor
    for action in (Action.SEE_SUPPRESSED_BALANCE, Action.SEE_DISSENT):
        if reach(actor, action) is not Reach.NOWHERE:
            return store.read(queries.initiatives.listing, action=action)
    return []


def _next(meetings: Sequence[Convening]) -> Convening:
    """The one to come first, or else the last of those that are over."""
    ahead = (ConveningState.PLANNED, ConveningState.DRAFT)
    return next((each for each in meetings if each.state in ahead), meetings[-1])


def _choose(what: str, options: Sequence[tuple[int, str]], usual: int, t: Translator) -> int:
    ids = [each for each, _ in options]
    names = choices.told_apart(dict(options))
    key = _PARAMETERS[what]
    if state.get(key) is None:
        state.put(key, usual)
    current: int = state.get(key)
    widget = f"{key}_of_{hash(tuple(ids))}_{current}"
    chosen = st.sidebar.selectbox(
        t(f"chosen.{what}"),
        ids,
        index=ids.index(current) if current in ids else None,
        format_func=lambda each: names[each],
        key=widget,
    )
    if chosen is not None and chosen != current:
        (choose_initiative if what == "initiative" else choose_convening)(chosen)
        st.rerun()
    if st.query_params.get(what) != str(current):
        st.query_params[what] = str(current)
    return current


def _or_missing(read: Callable[[], T], t: Translator, screen: str) -> T:
    try:
        return read()
    except NotFound as error:
        _missing(t, screen, error.params["what"])


def _missing(t: Translator, screen: str, what: str) -> NoReturn:
    heading.show(screen, t)
    missing(t, what)
    st.stop()


def missing(t: Translator, what: str) -> None:
    """Says that what an address names is not here."""
    st.info(escape(t("chosen.missing", what=t(f"what.{what}"))))


def _stop(t: Translator, screen: str, what: str, first: str) -> NoReturn:
    heading.show(screen, t)
    st.header(t(f"chosen.no_{what}"), anchor=False)
    st.text(t(f"chosen.no_{what}_help"))
    st.page_link(f"{first}.py", label=t(f"chosen.to_{first}"))
    st.stop()
