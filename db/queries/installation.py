"""What this installation runs on, for administrators."""

from sqlmodel import Session, col, func, select

from convening.roles import Action, Actor, require
from db.tables.work import Initiative


def database(session: Session, actor: Actor) -> str:
    """The database in words: product, version and place, never user or password."""
    require(actor, Action.MANAGE_ACCOUNTS)
    connection = session.connection()
    url = connection.engine.url
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    if connection.dialect.name == "sqlite":
        return f"SQLite {version}: {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL {version}: {url.host or ''}{port}/{url.database}"


def samples(session: Session, actor: Actor) -> int:
    """How many of the sample initiatives are loaded."""
    require(actor, Action.MANAGE_SAMPLE_DATA)
    query = select(func.count(col(Initiative.id))).where(col(Initiative.sample).is_(True))
    return session.exec(query).one()
