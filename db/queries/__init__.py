"""Reading: one module a topic; every query takes the session, the actor, and what is asked."""

from db.queries import (
    accounts,
    agenda,
    community,
    convenings,
    initiatives,
    nominations,
    people,
    undo,
)

__all__ = [
    "accounts",
    "agenda",
    "community",
    "convenings",
    "initiatives",
    "nominations",
    "people",
    "undo",
]
