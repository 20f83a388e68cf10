"""The night before and the day itself: briefing, preparation visits, check-in."""

from pages.components import access, heading, language

viewer = access.require("door")
t = language.translator()
heading.show("door", t)
