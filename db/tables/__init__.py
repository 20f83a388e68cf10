"""Importing this package registers every table with ``db.base.Table.metadata``."""

from db.tables import accounts, community, journal, mail, work

__all__ = ["accounts", "community", "journal", "mail", "work"]

for _table in accounts.User.metadata.tables.values():
    _table.dialect_options["sqlite"]["autoincrement"] = True  # a restored row finds its id free
