"""Backup and restore, and how long data about people is kept."""

from pages.components import access, heading, language

viewer = access.require("data")
t = language.translator()
heading.show("data", t)
