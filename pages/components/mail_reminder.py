"""Reminding those who have not answered, once, when the organiser presses."""

from convening.i18n import Translator
from convening.problems import ConveningError
from db import queries
from db.commands import outbox
from pages.components import chosen, forms, store


def convening_in_hand(initiative_id: int) -> tuple[int | None, int]:
    """The convening in hand, where there is one, and how many of its people could be reminded."""
    convening_id = chosen.convening_id()
    if convening_id is None:
        return None, 0
    try:
        meeting = store.read(queries.convenings.convening, convening_id)
        if meeting.initiative_id != initiative_id:
            return None, 0
        return meeting.id, store.read(queries.outbox.without_answer, meeting.id)
    except ConveningError:
        return None, 0


def ask(convening_id: int, count: int, t: Translator) -> None:
    """Says how many will get it, and writes the reminders on yes."""
    forms.confirm(
        t("mail.remind"),
        t("mail.remind_question", count=count),
        t("mail.remind_yes"),
        outbox.queue_reminder,
        convening_id,
        t=t,
    )
