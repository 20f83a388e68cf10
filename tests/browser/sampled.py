"""A server that holds the sample initiatives, in one language, and a user who may see all of it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlmodel import Session, col, select

from convening.vocabulary import ConveningState, Language, Role
from db import transaction
from db.commands import samples
from db.queries import accounts
from db.tables import work
from db.tables.accounts import User
from pages.components import navigation
from tests import builders
from tests.browser import server as servers
from tests.browser.server import Server

NAMES = {Language.ENGLISH: "Amal Haddad", Language.ARABIC: "أمل حداد"}
SCREENS = tuple(page.name for page in navigation.PAGES)


@dataclass(frozen=True)
class Sampled:
    """``user_id`` has every role; the initiative and its next convening are those to look at."""

    server: Server
    language: Language
    user_id: int
    initiative_id: int
    convening_id: int

    def stop(self) -> None:
        self.server.stop()

    def path(self, screen: str, **query: str) -> str:
        """The address of a screen with the initiative and its next convening in hand."""
        name = "" if navigation.page(screen).default else screen
        hand = {"initiative": self.initiative_id, "convening": self.convening_id}
        return f"/{name}?{urlencode(hand | query)}"


def start(folder: Path, language: Language) -> Sampled:
    server = servers.start(folder)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, NAMES[language], *Role)
        user = session.get_one(User, user_id)
        user.email, user.language = "amal@example.org", language.value
    with transaction.writing(server.engines, actor_id=user_id, command="load") as session:
        samples.load(session, accounts.actor(session, user_id))
    with transaction.reading(server.engines) as session:
        ahead = _ahead(session)
        return Sampled(server, language, user_id, ahead.initiative_id, ahead.key)


def _ahead(session: Session) -> work.Convening:
    """The next convening of the first initiative."""
    return session.exec(
        select(work.Convening)
        .where(work.Convening.state == ConveningState.PLANNED.value)
        .order_by(col(work.Convening.initiative_id), col(work.Convening.starts_at))
    ).all()[0]
