"""The viewer's own time: what the browser says its zone is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def zone() -> ZoneInfo:
    """The zone of the browser, UTC where it does not say or says one that is not known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def here(at: datetime | None = None) -> datetime:
    """A moment as the viewer's clock shows it; this moment when none is given."""
    return (at or datetime.now(UTC)).astimezone(zone())
