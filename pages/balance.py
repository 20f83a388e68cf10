"""Group by stage over the funnel, against targets; leadership sees it without small counts."""

from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    balance_leadership,
    balance_team,
    chosen,
    heading,
    language,
    store,
)

viewer = access.require("balance")
t = language.translator()
initiative = chosen.initiative(t, "balance")
t = t.with_groups(store.read(queries.community.group_names, initiative.id))
heading.show("balance", t)

if may(viewer.actor, Action.SEE_BALANCE, initiative.id):
    balance_team.show(store.read(queries.balance.whole, initiative.id), initiative, t)
else:
    balance_leadership.show(store.read(queries.balance.suppressed, initiative.id), t)
