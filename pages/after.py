"""After the room: what it says of itself, what the team makes of it, and what was promised."""

from db import queries
from pages.components import (
    access,
    after_commitments,
    after_pulse,
    after_review,
    after_summary,
    chosen,
    heading,
    language,
    store,
    undoing,
)

viewer = access.require("after")
t = language.translator()
meeting = chosen.convening(t, "after")
found = store.read(queries.after.facts, meeting.id)

heading.show("after", t)
after_pulse.answer(found, t)
if found.over_since is not None:
    after_pulse.show(found, viewer, t)
after_review.show(found.review, t)
after_commitments.show(found, t)
if found.over_since is not None:
    after_summary.show(found, viewer, t)
undoing.offer(meeting.initiative_id, t)
