"""What Alembic runs: one transaction over the connection that ``db.migrate`` hands it."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import AutoString

from db import tables
from db.base import Table, UtcDateTime

assert tables


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name plain types, so that they do not change when a Python class does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
