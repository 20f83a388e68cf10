"""Reading: one module a topic; every query takes the session, the actor, and what is asked."""

from db.queries import (
    accounts,
    agenda,
    balance,
    community,
    convenings,
    home,
    initiatives,
    invitations,
    nominations,
    people,
    rooms,
    undo,
)

__all__ = [
    "accounts",
    "agenda",
    "balance",
    "community",
    "convenings",
    "home",
    "initiatives",
    "invitations",
    "nominations",
    "people",
    "rooms",
    "undo",
]
