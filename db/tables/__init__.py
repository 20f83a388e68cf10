"""Importing this package registers every table with ``db.base.Table.metadata``."""

from db.tables import accounts, community, journal, mail, room, understanding, work

__all__ = ["accounts", "community", "journal", "mail", "room", "understanding", "work"]

for _table in accounts.User.metadata.tables.values():
    if _table.autoincrement_column is not None:
        _table.dialect_options["sqlite"]["autoincrement"] = True  # a restored row finds its id free
