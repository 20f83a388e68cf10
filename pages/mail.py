"""Every message that leaves: what was sent, what failed and why, what is to be handed over."""

from convening.roles import Action, may
from pages.components import (
    access,
    chosen,
    heading,
    language,
    mail_answer,
    mail_filters,
    mail_list,
    mail_message,
    mail_reminder,
)

viewer = access.require("mail")
t = language.translator()
initiative = chosen.initiative(t, "mail")
may_write = may(viewer.actor, Action.INVITE, initiative.id)
meeting_id, without_answer = mail_reminder.convening_in_hand(initiative.id)
remind = may_write and bool(without_answer)

if heading.show("mail", t, action="mail.remind" if remind else None) and meeting_id is not None:
    mail_reminder.ask(meeting_id, without_answer, t)
mail_answer.server(viewer, initiative, t)
wanted = mail_filters.scope(initiative.id, meeting_id, t)
box = mail_answer.show(wanted, t)
wanted = mail_filters.narrowed(wanted, box.counts, t)
picked = mail_list.show(wanted, t)
if picked is not None:
    mail_message.show(picked, may_write, t)
