"""What needs the viewer today, by their roles; and what to do first when nothing is there yet."""

from db import queries
from pages.components import (
    access,
    heading,
    home_accounts,
    home_commitments,
    home_convenings,
    home_dissent,
    home_maps,
    home_notices,
    home_roles,
    language,
    store,
)

viewer = access.require("home")
t = language.translator()
heading.show("home", t)
home_notices.show(viewer, t)

found = store.read(queries.home.home)
home_dissent.show(viewer, t)
if found.maps:
    home_commitments.show(found.commitments, t)
    home_convenings.show(found.upcoming, found.drafts, t)
    home_maps.show(found, viewer, t)
else:
    home_maps.first_steps(viewer, t)
home_maps.led(found, t)
home_accounts.show(found.users, bool(found.maps or found.led), t)
home_roles.show(found, viewer, t)
