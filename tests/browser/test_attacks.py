"""What a script that is no browser tries with sessions, files, and rights that were taken away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlmodel import Session, col, delete, func, select
from streamlit.proto.BackMsg_pb2 import BackMsg

from convening.i18n import Translator
from convening.vocabulary import Group, Language, Role
from db import transaction
from db.commands import login
from db.engine import connect
from db.tables.accounts import LoginSession, TeamMembership, User, UserRole
from db.tables.work import AgendaBlock
from tests import builders
from tests.browser import server as servers
from tests.browser.conftest import PASSWORD, add_user
from tests.browser.server import Server
from tests.conftest import another_database
from tests.websocket import Tab

T = Translator(Language.ENGLISH)
SECRET = b"Secret Person"
FORM = b"sign_in_form"
SIGN_IN = "FormSubmitter:sign_in_form-Sign in"


@dataclass(frozen=True)
class Room:
    """Alice's initiative with one person and an agenda of two blocks; Alice is signed in."""

    server: Server
    alice: int
    token: str
    initiative_id: int
    convening_id: int
    block_ids: tuple[int, int]

    def tab(self, screen: str, token: str | None = None, resume: str = "") -> Tab:
        query = f"initiative={self.initiative_id}&convening={self.convening_id}"
        token = token or self.token
        return Tab(self.server.url, token=token, screen=screen, query=query, resume=resume)

    def order(self) -> list[int]:
        """The blocks of the agenda as they stand in the database."""
        with transaction.reading(self.server.engines) as session:
            rows = session.exec(
                select(AgendaBlock.id)
                .where(AgendaBlock.convening_id == self.convening_id)
                .order_by(col(AgendaBlock.position))
            )
            return [each or 0 for each in rows]

    def change(self, what: Callable[[Session, "Room"], object]) -> None:
        with transaction.writing(self.server.engines, actor_id=None, journalled=False) as session:
            what(session, self)


def begin(server: Server, user_id: int) -> str:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        return login.begin_session(session, session.get_one(User, user_id)).token


@pytest.fixture
def room(server: Server, user: Callable[..., int]) -> Room:
    alice = user(Role.ORGANISER)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        own = builders.initiative(session, manager=alice)
        meeting = builders.convening(session, builders.stage(session, own))
        builders.person(session, own, SECRET.decode(), Group.STEWARD)
        rows = [
            AgendaBlock(convening_id=meeting, position=position, title=title, minutes=30)
            for position, title in enumerate(("Welcome", "Close"))
        ]
        session.add_all(rows)
        session.flush()
        ids = (rows[0].key, rows[1].key)
    return Room(server, alice, begin(server, alice), own, meeting, ids)


@pytest.fixture
def stranger(server: Server, user: Callable[..., int]) -> str:
    """The cookie of somebody who is signed in and on no team."""
    return begin(server, user(Role.ORGANISER))


class TestSessionIds:
    def test_one_that_was_chosen_by_the_browser_is_not_taken(self, room: Room) -> None:
        chosen = str(uuid4())
        with Tab(room.server.url, resume=chosen) as tab:
            assert FORM in tab.run()
            assert tab.session_id not in ("", chosen)

    def test_one_of_a_visitor_is_not_kept_through_sign_in(self, room: Room) -> None:
        """Whoever planted it would otherwise look on."""
        with Tab(room.server.url) as before:
            before.run()
            planted = before.session_id
        with room.tab("account", resume=planted) as after:
            assert FORM not in after.run()
            assert after.session_id != planted

    @pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "another user"])
    def test_somebody_elses_opens_nothing(self, room: Room, stranger: str, signed_in: bool) -> None:
        with room.tab("community") as tab:
            assert SECRET in tab.run()
            session_id = tab.session_id
        for stolen in (session_id, session_id.upper()):
            query = f"initiative={room.initiative_id}"
            token = stranger if signed_in else None
            thief = Tab(
                room.server.url, token=token, screen="community", query=query, resume=stolen
            )
            with thief:
                shown = thief.run()
                assert (FORM in shown, SECRET in shown) == (not signed_in, False)
                assert thief.session_id.casefold() != session_id
        with room.tab("community", resume=session_id) as again:  # its owner goes on with it
            assert SECRET in again.run()
            assert again.session_id == session_id

    def test_replayed_with_its_cookie_after_sign_out_it_opens_nothing(self, room: Room) -> None:
        with room.tab("community") as tab:
            assert SECRET in tab.run()
            room.change(ends)
            for again in (tab, room.tab("community", resume=tab.session_id), room.tab("account")):
                shown = again.run()
                assert (FORM in shown, SECRET in shown, b"sign_out" in shown) == (
                    True,
                    False,
                    False,
                )


def ends(session: Session, room: Room) -> None:
    login.end_sessions_of(session, room.alice)


def loses_role(session: Session, room: Room) -> None:
    session.execute(delete(UserRole).where(col(UserRole.user_id) == room.alice))


def is_deactivated(session: Session, room: Room) -> None:
    session.get_one(User, room.alice).active = False


def leaves_team(session: Session, room: Room) -> None:
    session.execute(delete(TeamMembership).where(col(TeamMembership.user_id) == room.alice))


TAKEN = [ends, loses_role, is_deactivated, leaves_team]


@pytest.mark.parametrize("happens", TAKEN, ids=lambda each: each.__name__)
class TestTakenAway:
    """The tab was drawn while Alice still had the right; then she loses it."""

    def test_the_next_run_shows_nothing(
        self, room: Room, happens: Callable[[Session, Room], None]
    ) -> None:
        with room.tab("community") as tab:
            assert SECRET in tab.run()
            room.change(happens)
            assert SECRET not in tab.run()

    def test_a_button_that_was_drawn_before_does_nothing(
        self, room: Room, happens: Callable[[Session, Room], None]
    ) -> None:
        first, second = room.block_ids
        with room.tab("agenda") as tab:
            tab.run()
            tab.run(press=f"down_{first}")
            assert room.order() == [second, first]  # so that the button is one that works
            room.change(happens)
            tab.run(press=f"down_{second}")
            assert room.order() == [second, first]

    def test_a_dialog_that_was_open_before_does_nothing(
        self, room: Room, happens: Callable[[Session, Room], None]
    ) -> None:
        """A dialog runs by itself, without the frame and the guard of its screen."""
        first, second = room.block_ids
        with room.tab("agenda") as tab:
            tab.run()
            tab.run(choose=(f"more_{first}", T("agenda.delete")))
            room.change(happens)
            tab.run(press="confirm_yes")
            assert room.order() == [first, second]

    def test_a_file_that_was_offered_before_is_not_made(
        self, room: Room, happens: Callable[[Session, Room], None]
    ) -> None:
        with room.tab("community") as tab:
            tab.run()
            tab.run(choose=("community_more", T("community.export")))
            address, said = tab.download("export_csv")
            assert (address.endswith(".csv"), said) == (True, "")
            room.change(happens)
            address, said = tab.download("export_csv")
            assert (address, said) == ("", "Failed to generate file for download")


class TestFiles:
    def ask(
        self, room: Room, method: str, address: str, token: str | None, **options: object
    ) -> int:
        cookies = {"halqa_login": token} if token else {}
        headers = {"origin": room.server.url}
        with httpx.Client(
            base_url=room.server.url, cookies=cookies, headers=headers, trust_env=False
        ) as browser:
            # as the front end does it, so that a refusal is not one for want of this
            browser.get("/_stcore/health")
            xsrf = browser.cookies.get("_streamlit_xsrf") or ""
            answer = browser.request(
                method,
                address,
                headers={"X-Xsrftoken": xsrf},
                **options,  # type: ignore[arg-type]
            )
            assert SECRET not in answer.content or answer.status_code == 200
            return answer.status_code

    def upload(self, room: Room, address: str, token: str | None) -> int:
        files = {"file": ("list.csv", b"Name\nAmal\n", "text/csv")}
        return self.ask(room, "PUT", address, token, files=files)

    def test_an_upload_needs_the_login_that_it_was_offered_to(
        self, room: Room, stranger: str
    ) -> None:
        with room.tab("community") as tab:
            tab.run()
            address = tab.upload_address()
            assert self.upload(room, address, None) == 403
            assert self.upload(room, address, "made-up") == 403
            assert self.upload(room, address, stranger) == 403
            assert self.ask(room, "DELETE", address, stranger) == 403
            assert self.upload(room, f"/_stcore/upload_file/{uuid4()}/{uuid4()}", room.token) == 403
            assert self.upload(room, address, room.token) == 204
            room.change(ends)
            assert self.upload(room, address, room.token) == 403

    def test_a_file_needs_the_login_that_its_address_was_sent_to(
        self, room: Room, stranger: str
    ) -> None:
        with room.tab("community") as tab:
            tab.run()
            tab.run(choose=("community_more", T("community.export")))
            address, _ = tab.download("export_csv")
            assert self.ask(room, "GET", address, None) == 403
            assert self.ask(room, "GET", address, "made-up") == 403
            assert self.ask(room, "GET", address, stranger) == 403
            assert self.ask(room, "GET", f"/{address}", stranger) in (403, 404)
            assert self.ask(room, "GET", address, room.token) == 200
            room.change(ends)
            assert self.ask(room, "GET", address, room.token) == 403

    def test_a_file_is_not_made_for_the_tab_of_somebody_else(
        self, room: Room, stranger: str
    ) -> None:
        with room.tab("community") as tab, room.tab("account", stranger) as thief:
            tab.run()
            tab.run(choose=("community_more", T("community.export")))
            thief.run()
            thief.files = tab.files
            with pytest.raises(TimeoutError):  # the request is dropped
                thief.download("export_csv", seconds=2)


def test_what_no_screen_sends_does_not_reach_streamlit(room: Room) -> None:
    with room.tab("account") as tab:
        tab.run()
        tab.send(BackMsg(set_run_on_save=True))
        tab.send(BackMsg(app_heartbeat=True))
        while (answer := tab.receive()).WhichOneof("type") != "heartbeat_ack":
            assert not answer.session_status_changed.run_on_save


@pytest.fixture(params=["sqlite", "postgresql"])
def two_servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two processes on one database, as replicas behind a proxy would be."""
    environ = {}
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        environ["HALQA_DATABASE_URL"] = another_database(url, "replicas")
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    environ.setdefault("HALQA_DATABASE_URL", f"sqlite:///{folders[0] / 'halqa.sqlite3'}")
    one = servers.start(folders[0], **environ)
    two = servers.start(folders[1], **environ)
    yield one, two
    one.stop()
    two.stop()


def test_ten_wrong_passwords_lock_the_account_whatever_the_process(
    two_servers: tuple[Server, Server],
) -> None:
    engines = connect(two_servers[0].environ["HALQA_DATABASE_URL"])
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        add_user(session, "Alice", Role.ORGANISER)
    said = []
    wrong = {"E-mail address": "alice@example.org", "Password": "not the password"}
    right = {**wrong, "Password": PASSWORD}
    with Tab(two_servers[0].url) as one, Tab(two_servers[1].url) as two:
        for tab in (one, two):
            tab.run()
        for tab in (one, two) * 5:
            shown = tab.run(press=SIGN_IN, values=wrong)
            said.append(b"There were too many attempts" in shown)
        assert said == [False] * login.FREE_FAILURES + [True] * (10 - login.FREE_FAILURES)
        for tab in (one, two):
            assert b"There were too many attempts" in tab.run(press=SIGN_IN, values=right)
    with transaction.reading(engines) as session:
        assert session.exec(select(func.count()).select_from(LoginSession)).one() == 0
    engines.dispose()
