"""Reading: one module a topic; every query takes the session, the actor, and what is asked."""

from db.queries import accounts, convenings, initiatives

__all__ = ["accounts", "convenings", "initiatives"]
