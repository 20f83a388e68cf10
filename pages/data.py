"""Backup and restore, and how long data about people is kept."""

from pages.components import access, data_backups, data_restore, heading, language

viewer = access.require("data")
t = language.translator()
heading.show("data", t)
data_backups.take(t)
data_backups.scheduled(t)
data_restore.show(t)
data_backups.kept_how_long(t)
