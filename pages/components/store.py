"""Queries and commands on behalf of the viewer: every call checks that the login still lives."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlmodel import Session

from convening.roles import Action, Actor, require
from db import transaction
from db.engine import Engines, current_engines
from db.queries import accounts
from pages.components import identity
from pages.components.patience import patiently

P = ParamSpec("P")
T = TypeVar("T")
engines = current_engines


def read(
    query: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Runs a query as the viewer in a session of its own; waits for a database that is away."""

    def found() -> T:
        with transaction.reading(engines()) as session:
            return query(session, _actor(session), *args, **kwargs)

    return patiently(found)


def write(
    command: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Runs a command as the viewer in one journalled transaction.

    A ConveningError leaves nothing behind; ``components.forms`` shows it beside the form.
    """
    actor = read(lambda _session, viewer: viewer)
    with transaction.writing(
        engines(), actor_id=actor.user_id, command=command.__name__
    ) as session:
        return command(session, _actor(session), *args, **kwargs)


def run(work: Callable[Concatenate[Engines, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work that begins and ends transactions of its own, as the viewer."""
    return work(engines(), read(lambda _session, viewer: viewer), *args, **kwargs)


def later(
    query: Callable[Concatenate[Session, Actor, P], T],
    make: Callable[[T], bytes],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Callable[[], bytes]:
    """The file behind a download button: ``make`` of what the query finds when it is pressed.

    That happens outside of any run of the script, where nobody is the viewer. So it is done as the
    viewer of now, if by then their login still lives and their roles still allow the query.
    """
    login = identity.login_session_id()

    def made() -> bytes:
        with transaction.reading(engines()) as session:
            viewer = accounts.signed_in(session, login) if login is not None else None
            if viewer is None:
                raise PermissionError("the login has ended")
            found = query(session, viewer.actor, *args, **kwargs)
        return make(found)

    return made


def nothing(_session: Session, _actor: Actor) -> None:
    """The query of a file that is made of what is on the screen."""


def permitted(
    _session: Session, actor: Actor, action: Action, initiative_id: int | None = None
) -> Actor:
    """The query of a file that a command makes: the actor, if they may do this."""
    require(actor, action, initiative_id)
    return actor


def _actor(session: Session) -> Actor:
    login = identity.login_session_id()
    found = accounts.signed_in(session, login) if login is not None else None
    if found is None:
        st.rerun()
    return found.actor
