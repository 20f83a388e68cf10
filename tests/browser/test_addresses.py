"""Whatever stands in the address of a screen, nobody learns more by it than by an id of nothing."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from convening.vocabulary import Group, Language, Role, VersionState
from db import transaction
from db.commands import login
from db.tables.accounts import User
from db.tables.community import Nomination
from db.tables.understanding import Definition, DefinitionVersion
from db.tables.work import AgendaBlock
from pages.components.navigation import PAGES
from pages.plain.routes import ROUTES
from tests import builders
from tests.browser import server as servers
from tests.browser.server import ROOT, Server
from tests.websocket import Tab

SECRET = "Another team's secret"
NAME = f"{SECRET}: its name"
MISSING = 999_999_999
# Every parameter that a screen reads, and what it is: an id, one of a few words, or a token.
PARAMETERS = {
    "initiative": "id",
    "convening": "id",
    "definition": "id",
    "version": "word",
    "show": "word",
    "edit": "word",
    "view": "word",
    "entry": "word",
    "link": "token",
}
IDS = ("²", "１", "-1", "0", "1e3", "9" * 40, "None", "", "1 OR 1=1", "%00", "\x00", "../1", "[1]")
WORDS = ("", "nothing", "²", "-1", "9" * 40, "\x00", "<script>", "__class__", "x" * 4000)
# Leadership sees the figures of every initiative, and all screens open without it.
ROLES = (Role.ORGANISER, Role.FACILITATOR, Role.ADMINISTRATOR)
PLAIN = {"next", "answered", "language", "page", "done", "dark"}
SCREENS = tuple("" if page.default else page.name for page in PAGES)


def parameters_in(path: Path) -> Iterator[str]:
    """The parameters that a module reads; a name stands for a constant of the module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = dict(constants_of(tree))
    for node in ast.walk(tree):
        asked: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = node.args[0] if is_query(node.func.value) and node.args else None
        elif isinstance(node, ast.Subscript) and is_query(node.value):
            asked = node.slice
        if isinstance(asked, ast.Constant):
            yield str(asked.value)
        elif isinstance(asked, ast.Name) and asked.id in constants:
            yield constants[asked.id]
        elif isinstance(asked, ast.Name):  # goes through a table of names
            yield from constants["_PARAMETERS"]
        elif asked is not None:
            raise AssertionError(f"{path}: {ast.unparse(asked)}")


def constants_of(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        with suppress(ValueError):
            value = ast.literal_eval(node.value)
            names = node.targets[0]
            if isinstance(names, ast.Tuple):
                yield from zip(map(ast.unparse, names.elts), value, strict=True)
            else:
                yield ast.unparse(names), value


def is_query(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "query_params"


def test_every_parameter_that_a_screen_reads_is_tried_here() -> None:
    paths = [*(ROOT / "pages").glob("*.py"), *(ROOT / "pages" / "components").glob("*.py")]
    assert {name for path in paths for name in parameters_in(path)} == set(PARAMETERS)


def test_every_parameter_that_a_plain_route_reads_is_tried_here() -> None:
    paths = (ROOT / "pages" / "plain").glob("*.py")
    assert {name for path in paths for name in parameters_in(path)} == PLAIN


@pytest.fixture(scope="module")
def guessed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: after so many made-up tokens it lets this address wait."""
    server = servers.start(tmp_path_factory.mktemp("guessed"))
    yield server
    server.stop()


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_a_plain_route_answers_whatever_it_is_asked(guessed: Server, path: str) -> None:
    with httpx.Client(base_url=guessed.url, trust_env=False) as client:
        for value in (*IDS, *WORDS):
            address = re.sub(r"{.*?}", quote(value, safe="") or "x", path)
            for name in PLAIN:
                answer = client.get(address, params={name: value})
                assert answer.status_code < 500, (path, name, value)
                assert "Traceback" not in answer.text


@dataclass(frozen=True)
class Own:
    """Somebody to whom every screen is open, with an initiative, beside a team of others."""

    server: Server
    token: str
    initiative_id: int
    convening_id: int
    foreign_id: int
    foreign_convening_id: int
    foreign_definition_id: int

    def shown(self, screen: str, *query: tuple[str, object]) -> list[str]:
        """The texts of a screen at this address; what was asked for itself is not told apart."""
        asked = urlencode([(name, str(value)) for name, value in query])
        with Tab(self.server.url, token=self.token, screen=screen, query=asked) as tab:
            run = tab.run()
        if screen == "glass":  # whoever may break it chooses among the names of all initiatives
            run = run.replace(NAME.encode(), b"")
        assert SECRET.encode() not in run, (screen, query)
        assert b"unexpected" not in run, (screen, query)
        assert tab.shown, (screen, query, self.server.output[-2000:])
        return [re.sub(r'"run": \d+', "", each) for each in tab.shown]  # the moment of a run


@pytest.fixture(scope="module")
def own(server: Server) -> Own:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, "address-own", *ROLES)
        other = builders.user(session, "address-other", Role.ORGANISER)
        session.get_one(User, user_id).language = Language.ENGLISH.value
        ids: list[tuple[int, int, int]] = []
        for manager, words, name in ((user_id, "Ours", "Ours"), (other, SECRET, NAME)):
            initiative = builders.initiative(session, name, manager=manager)
            stage = builders.stage(session, initiative)
            meeting = builders.convening(session, stage, words, purpose=words)
            person = builders.person(session, initiative, words, Group.STEWARD, place=words)
            builders.invitation(session, meeting, person)
            session.add(AgendaBlock(convening_id=meeting, position=0, title=words, minutes=30))
            session.add(Nomination(initiative_id=initiative, name=words, groups=[]))
            definition = Definition(initiative_id=initiative, title=words)
            session.add(definition)
            session.flush()
            session.add(
                DefinitionVersion(
                    definition_id=definition.key,
                    number=1,
                    statement=words,
                    state=VersionState.IN_DISCUSSION.value,
                )
            )
            ids.append((initiative, meeting, definition.key))
        token = login.begin_session(session, session.get_one(User, user_id)).token
    (mine, meeting, _), (foreign, elsewhere, theirs) = ids
    return Own(server, token, mine, meeting, foreign, elsewhere, theirs)


@pytest.mark.parametrize("screen", SCREENS)
class TestEveryScreen:
    def test_another_teams_initiative_answers_as_one_that_never_was(
        self, own: Own, screen: str
    ) -> None:
        missing = own.shown(screen, ("initiative", MISSING))
        assert own.shown(screen, ("initiative", own.foreign_id)) == missing
        assert own.shown(screen, ("initiative", "²")) == missing
        assert own.shown(screen, ("initiative", own.initiative_id)) != [] != missing

    def test_another_teams_convening_answers_as_one_that_never_was(
        self, own: Own, screen: str
    ) -> None:
        mine = ("initiative", own.initiative_id)
        missing = own.shown(screen, mine, ("convening", MISSING))
        assert own.shown(screen, mine, ("convening", own.foreign_convening_id)) == missing
        assert own.shown(screen, mine, ("convening", "²")) == missing
        foreign = ("initiative", own.foreign_id), ("convening", own.foreign_convening_id)
        own.shown(screen, *foreign)


@pytest.mark.parametrize("value", IDS)
def test_what_is_no_id_answers_as_one_that_never_was(own: Own, value: str) -> None:
    for name, screen in (("initiative", "community"), ("convening", "agenda")):
        rest = () if name == "initiative" else (("initiative", own.initiative_id),)
        missing = own.shown(screen, *rest, (name, MISSING))
        assert own.shown(screen, *rest, (name, value)) == missing


def test_another_teams_definition_answers_as_one_that_never_was(own: Own) -> None:
    for screen in ("definition", "dissent", "opinion"):
        mine = ("initiative", own.initiative_id)
        missing = own.shown(screen, mine, ("definition", MISSING))
        assert own.shown(screen, mine, ("definition", own.foreign_definition_id)) == missing


@pytest.mark.parametrize("mix", [(0, 1), (1, 0), (1, 1, 0), (0, 0)])
def test_a_parameter_that_stands_twice_opens_nothing_more(own: Own, mix: tuple[int, ...]) -> None:
    ids = (own.initiative_id, own.foreign_id)
    for screen in ("community", "convenings", "balance"):
        own.shown(screen, *(("initiative", ids[each]) for each in mix))
    meetings = (own.convening_id, own.foreign_convening_id)
    mine = ("initiative", own.initiative_id)
    for screen in ("agenda", "invitees"):
        own.shown(screen, mine, *(("convening", meetings[each]) for each in mix))


@pytest.mark.parametrize("value", WORDS)
def test_a_word_that_no_screen_knows_changes_nothing(own: Own, value: str) -> None:
    mine = ("initiative", own.initiative_id)
    for screen, name in (
        ("convenings", "edit"),
        ("community", "view"),
        ("definition", "show"),
        ("definition", "version"),
        ("definition", "definition"),
        ("definition", "edit"),
        ("room", "view"),
    ):
        usual = own.shown(screen, mine)
        assert own.shown(screen, mine, (name, value)) == usual


@pytest.mark.parametrize("value", WORDS)
def test_a_link_that_was_never_made_opens_nothing(
    own: Own, value: str, user: Callable[..., int]
) -> None:
    assert user()
    with Tab(own.server.url, query=urlencode({"link": value})) as tab:
        tab.run()
        assert "link_password" not in tab.widgets
        shown = tab.shown
    with Tab(own.server.url, query=urlencode({"link": "x" if value else ""})) as tab:
        tab.run()
        assert tab.shown == shown


def test_nothing_of_all_this_was_an_error(own: Own) -> None:
    assert '"a screen failed"' not in own.server.output
