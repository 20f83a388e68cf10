"""Queries and commands on behalf of the viewer: every call checks that the login still lives."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlmodel import Session

from convening import settings
from convening.roles import Actor
from db import transaction
from db.engine import Engines, engines_for
from db.queries import accounts
from pages.components import identity

P = ParamSpec("P")
T = TypeVar("T")


def engines() -> Engines:
    return engines_for(settings.current().database_url)


def read(
    query: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Runs a query as the viewer in a session of its own."""
    with transaction.reading(engines()) as session:
        return query(session, _actor(session), *args, **kwargs)


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


def _actor(session: Session) -> Actor:
    login = identity.login_session_id()
    found = accounts.signed_in(session, login) if login is not None else None
    if found is None:
        st.rerun()
    return found.actor
