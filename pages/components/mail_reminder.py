"""Reminding those who have not answered, once, when the organiser presses."""

from convening.i18n import Translator
from convening.problems import ConveningError
from db import queries
from db.commands import outbox
from pages.components import chosen, forms, store


def convening_in_hand(initiative_id: int) -> tuple[int | None, frozenset[int]]:
    """The convening in hand, where there is one, and whose invitations could be reminded of."""
    convening_id = chosen.convening_id()
    if convening_id is None:
        return None, frozenset()
    try:
        meeting = store.read(queries.convenings.convening, convening_id)
        if meeting.initiative_id != initiative_id:
            return None, frozenset()
        return meeting.id, store.read(queries.outbox.without_answer, meeting.id)
    except ConveningError:
        return None, frozenset()


def ask(convening_id: int, silent: frozenset[int], t: Translator) -> None:
    """Says how many will get it, and writes the reminders on yes."""
    forms.confirm(
        t("mail.remind"),
        t("mail.remind_question", count=len(silent)),
        t("mail.remind_yes"),
        outbox.queue_reminder,
        convening_id,
        silent,
        t=t,
    )
