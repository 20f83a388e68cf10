"""Signing in, being locked out, staying signed in and being signed out, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlmodel import Session, select

from convening import passwords
from convening.problems import ConveningError, Invalid, NotFound
from convening.vocabulary import Language, Role, Theme
from db import transaction
from db.commands import login
from db.engine import Engines
from db.queries import accounts
from db.tables.accounts import AuditEvent, LoginAttempt, LoginSession, LoginTicket, User
from tests import builders

PASSWORD = "violet kettle seven roads"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALICE = "alice@example.org"


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(passwords, "DUMMY_HASH", passwords.hash("of nobody"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Noon, until it is moved on."""
    at = [NOON]
    for module in ("db.commands.login", "db.queries.accounts", "db.base", "db.audit"):
        monkeypatch.setattr(f"{module}.now", lambda: at[0])

    def move(by: timedelta) -> None:
        at[0] += by

    return move


@pytest.fixture
def alice(engines: Engines) -> int:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        user_id = builders.user(session, "Alice", Role.ORGANISER)
        user = session.get_one(User, user_id)
        user.password_hash = passwords.hash(PASSWORD)
        user.language, user.theme = "ar", "dark"
    return user_id


def signed_in(engines: Engines, session_id: int) -> bool:
    with transaction.reading(engines) as session:
        return accounts.signed_in(session, session_id) is not None


def begin(engines: Engines, user_id: int, *, keep: bool = False) -> tuple[int, str]:
    """The id and the token of a new login session."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        token = login.begin_session(session, session.get_one(User, user_id), keep=keep).token
        found = accounts.login_session_of(session, token)
        assert found is not None
        return found, token


def fail(engines: Engines, times: int, email: str = ALICE, address: str = "10.0.0.1") -> None:
    for _ in range(times):
        assert login.authenticate(engines, email, "not the password", address) is None


def wait(engines: Engines, email: str = ALICE, address: str = "10.0.0.1") -> int | None:
    """How many minutes a guess has to wait, None when it is heard."""
    try:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.begin_attempt(session, email, address)
            session.rollback()
    except ConveningError as error:
        return int(error.params["count"])
    return None


@pytest.mark.usefixtures("clock")
class TestPassword:
    def test_the_right_password_gives_the_user(self, engines: Engines, alice: int) -> None:
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1") == alice

    @pytest.mark.parametrize("written", ["ALICE@example.org", "  alice@EXAMPLE.org "])
    def test_case_and_blanks_of_the_address_do_not_matter(
        self, engines: Engines, alice: int, written: str
    ) -> None:
        assert login.authenticate(engines, written, PASSWORD, "10.0.0.1") == alice

    @pytest.mark.parametrize(
        ("email", "password"),
        [(ALICE, "violet kettle seven road"), (ALICE, ""), ("nobody@example.org", PASSWORD)],
    )
    @pytest.mark.usefixtures("alice")
    def test_a_wrong_pair_gives_nobody(self, engines: Engines, email: str, password: str) -> None:
        assert login.authenticate(engines, email, password, "10.0.0.1") is None

    def test_who_is_deactivated_cannot_sign_in(self, engines: Engines, alice: int) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.get_one(User, alice).active = False
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1") is None

    def test_who_has_set_no_password_cannot_sign_in(self, engines: Engines, alice: int) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.get_one(User, alice).password_hash = None
        assert login.authenticate(engines, ALICE, "", "10.0.0.1") is None

    @pytest.mark.parametrize("email", ["a\x00b@example.org", "\ud800@example.org", "'; --"])
    def test_strange_addresses_are_nobody(self, engines: Engines, email: str) -> None:
        assert login.authenticate(engines, email, PASSWORD, "10.0.0.1") is None


def test_an_unknown_account_costs_the_same_work_as_a_known_one(
    engines: Engines, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bcrypt is nearly all of the time that an answer takes, and its cost stands in the hash."""
    monkeypatch.undo()
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.get_one(User, alice).password_hash = passwords.hash(PASSWORD)
    costs = []

    def check(_password: str, hashed: str) -> bool:
        costs.append(hashed[:7])
        return False

    monkeypatch.setattr(passwords, "check", check)
    for email in (ALICE, "nobody@example.org"):
        login.authenticate(engines, email, "not the password", "10.0.0.1")
    assert costs == ["$2b$12$", "$2b$12$"]


class TestLockout:
    def test_the_fifth_failure_locks_the_account_for_half_a_minute(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        fail(engines, 4)
        assert wait(engines) is None
        fail(engines, 1)
        assert wait(engines) == 1
        with pytest.raises(ConveningError, match="login_locked"):
            login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1")
        clock(timedelta(seconds=30))
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1") == alice

    @pytest.mark.usefixtures("alice")
    def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(
        self, engines: Engines, clock: Callable[[timedelta], None]
    ) -> None:
        fail(engines, 4)
        waits = []
        for _ in range(8):
            fail(engines, 1)
            waits.append(wait(engines))
            clock(timedelta(minutes=15))
        assert waits == [1, 1, 2, 4, 8, 15, 15, 15]

    @pytest.mark.usefixtures("clock")
    def test_the_right_password_clears_the_count_of_the_account(
        self, engines: Engines, alice: int
    ) -> None:
        fail(engines, 4)
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1") == alice
        fail(engines, 4)
        assert wait(engines) is None

    @pytest.mark.usefixtures("alice", "clock")
    def test_an_unknown_account_locks_like_a_known_one(self, engines: Engines) -> None:
        fail(engines, 5, email="nobody@example.org")
        assert wait(engines, email="nobody@example.org") == 1
        assert wait(engines, email=ALICE) is None

    @pytest.mark.usefixtures("clock")
    def test_fifty_failures_of_one_address_lock_it_for_every_account(
        self, engines: Engines, alice: int
    ) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            for n in range(49):
                login.begin_attempt(session, f"someone{n}@example.org", "10.0.0.1")
        assert wait(engines) is None
        fail(engines, 1, email="someone@example.org")
        assert wait(engines) == 1
        assert wait(engines, address="10.0.0.2") is None
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.2") == alice

    @pytest.mark.usefixtures("clock")
    def test_a_whole_venue_signs_in_from_one_address(self, engines: Engines, alice: int) -> None:
        """Successes do not count, however many there are."""
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1") == alice
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            for _ in range(60):
                attempt = login.begin_attempt(session, ALICE, "10.0.0.1")
                login.finish_attempt(session, attempt, ok=True)
        with transaction.reading(engines) as session:
            assert set(session.exec(select(LoginAttempt.failures))) == {0}

    @pytest.mark.usefixtures("alice")
    def test_failures_are_forgotten_after_a_day(
        self, engines: Engines, clock: Callable[[timedelta], None]
    ) -> None:
        fail(engines, 4)
        clock(timedelta(days=1, seconds=1))
        fail(engines, 4)
        assert wait(engines) is None

    @pytest.mark.usefixtures("alice", "clock")
    def test_guesses_sent_at_once_count_like_guesses_sent_in_turn(self, engines: Engines) -> None:
        heard = []

        def guess() -> None:
            try:
                login.authenticate(engines, ALICE, "not the password", "10.0.0.1")
                heard.append(1)
            except ConveningError:
                pass

        threads = [Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(heard) == 5

    @pytest.mark.usefixtures("clock")
    def test_what_is_stored_names_neither_account_nor_address(
        self, engines: Engines, alice: int
    ) -> None:
        fail(engines, 5)
        with transaction.reading(engines) as session:
            subjects = session.exec(select(LoginAttempt.subject)).all()
            events = session.exec(select(AuditEvent)).all()
        assert sorted(map(len, subjects)) == [64, 64]
        assert not any("alice" in subject or "10.0" in subject for subject in subjects)
        assert [(e.action, e.subject, e.subject_id) for e in events] == [
            ("login_locked", "user", alice)
        ]


class TestTicket:
    def redeem(self, engines: Engines, ticket: str) -> login.NewLogin | None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            return login.redeem_ticket(session, ticket)

    def make(self, engines: Engines, user_id: int, *, keep: bool = False) -> str:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            return login.make_ticket(session, user_id, keep=keep)

    @pytest.mark.usefixtures("clock")
    def test_a_ticket_becomes_a_login_session_once(self, engines: Engines, alice: int) -> None:
        ticket = self.make(engines, alice)
        found = self.redeem(engines, ticket)
        assert found is not None
        assert (found.lasts, found.language, found.theme) == (None, Language.ARABIC, Theme.DARK)
        with transaction.reading(engines) as session:
            session_id = accounts.login_session_of(session, found.token)
        assert session_id is not None
        assert signed_in(engines, session_id)
        assert self.redeem(engines, ticket) is None

    def test_a_ticket_lasts_thirty_seconds(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        first, second = self.make(engines, alice), self.make(engines, alice)
        clock(timedelta(seconds=29))
        assert self.redeem(engines, first) is not None
        clock(timedelta(seconds=1))
        assert self.redeem(engines, second) is None

    @pytest.mark.usefixtures("alice", "clock")
    def test_a_made_up_ticket_is_worth_nothing(self, engines: Engines) -> None:
        assert self.redeem(engines, "made-up") is None

    @pytest.mark.usefixtures("clock")
    def test_a_ticket_dies_with_the_account(self, engines: Engines, alice: int) -> None:
        ticket = self.make(engines, alice)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.get_one(User, alice).active = False
        assert self.redeem(engines, ticket) is None

    @pytest.mark.usefixtures("clock")
    def test_a_ticket_dies_when_all_sessions_are_ended(self, engines: Engines, alice: int) -> None:
        ticket = self.make(engines, alice)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.end_sessions_of(session, alice)
        assert self.redeem(engines, ticket) is None

    @pytest.mark.usefixtures("clock")
    def test_of_two_who_redeem_at_once_one_gets_in(self, engines: Engines, alice: int) -> None:
        ticket = self.make(engines, alice)
        got: list[login.NewLogin | None] = []
        threads = [Thread(target=lambda: got.append(self.redeem(engines, ticket))) for _ in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [each is None for each in got].count(False) == 1

    @pytest.mark.usefixtures("clock")
    def test_nothing_stored_opens_a_session(self, engines: Engines, alice: int) -> None:
        """Who reads the database holds hashes, and a hash is nobody's cookie."""
        ticket = self.make(engines, alice, keep=True)
        found = self.redeem(engines, ticket)
        assert found is not None
        with transaction.reading(engines) as session:
            stored = [
                *session.exec(select(LoginTicket.token_hash)),
                *session.exec(select(LoginSession.token_hash)),
            ]
            assert not {ticket, found.token} & set(stored)
            assert [accounts.login_session_of(session, each) for each in stored] == [None, None]

    @pytest.mark.usefixtures("clock")
    def test_keeping_signed_in_is_told_to_the_browser(self, engines: Engines, alice: int) -> None:
        found = self.redeem(engines, self.make(engines, alice, keep=True))
        assert found is not None
        assert found.lasts == timedelta(days=30)


class TestSession:
    def touch(self, engines: Engines, session_id: int) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.touch(session, session_id)

    def test_half_an_hour_without_use_ends_it(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        session_id, token = begin(engines, alice)
        clock(timedelta(minutes=29, seconds=59))
        assert signed_in(engines, session_id)
        clock(timedelta(seconds=1))
        assert not signed_in(engines, session_id)
        with transaction.reading(engines) as session:
            assert accounts.login_session_of(session, token) is None

    def test_what_a_person_does_renews_it(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        session_id, _ = begin(engines, alice)
        clock(timedelta(minutes=29))
        self.touch(engines, session_id)
        clock(timedelta(minutes=29))
        assert signed_in(engines, session_id)

    def test_nothing_renews_one_that_has_run_out(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        session_id, _ = begin(engines, alice)
        clock(timedelta(minutes=30))
        self.touch(engines, session_id)
        assert not signed_in(engines, session_id)

    def test_twelve_hours_end_it_however_busy(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        session_id, _ = begin(engines, alice)
        for _ in range(28):
            clock(timedelta(minutes=25))
            self.touch(engines, session_id)
        assert signed_in(engines, session_id)
        clock(timedelta(minutes=20))
        assert not signed_in(engines, session_id)

    def test_kept_sessions_last_thirty_days_without_use(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        session_id, _ = begin(engines, alice, keep=True)
        clock(timedelta(days=29))
        self.touch(engines, session_id)
        assert signed_in(engines, session_id)
        clock(timedelta(days=1))
        assert not signed_in(engines, session_id)

    @pytest.mark.usefixtures("clock")
    def test_signing_out_ends_it_at_once(self, engines: Engines, alice: int) -> None:
        session_id, token = begin(engines, alice)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.end_session(session, session_id)
        assert not signed_in(engines, session_id)
        with transaction.reading(engines) as session:
            assert accounts.login_session_of(session, token) is None
            actions = session.exec(select(AuditEvent.action)).all()
        assert list(actions) == ["sign_in", "sign_out"]

    @pytest.mark.usefixtures("clock")
    def test_all_but_the_own_session_can_be_ended(self, engines: Engines, alice: int) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            bob = builders.user(session, "Bob", Role.FACILITATOR)
        own, _ = begin(engines, alice)
        other, _ = begin(engines, alice)
        bobs, _ = begin(engines, bob)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.end_sessions_of(session, alice, except_session_id=own)
        assert [signed_in(engines, each) for each in (own, other, bobs)] == [True, False, True]

    @pytest.mark.usefixtures("clock")
    def test_deactivation_ends_every_session_at_once(self, engines: Engines, alice: int) -> None:
        session_id, token = begin(engines, alice)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.get_one(User, alice).active = False
        assert not signed_in(engines, session_id)
        with transaction.reading(engines) as session:
            assert accounts.login_session_of(session, token) is None

    def test_old_sessions_and_failures_are_forgotten(
        self, engines: Engines, alice: int, clock: Callable[[timedelta], None]
    ) -> None:
        begin(engines, alice)
        fail(engines, 1)
        clock(timedelta(days=31))
        fresh, _ = begin(engines, alice)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.forget_old(session)
        with transaction.reading(engines) as session:
            assert session.exec(select(LoginSession.id)).all() == [fresh]
            assert session.exec(select(LoginAttempt.id)).all() == []


@pytest.mark.usefixtures("clock")
class TestResetFromTheTerminal:
    def test_it_sets_the_password_ends_sessions_and_unlocks(
        self, engines: Engines, alice: int
    ) -> None:
        session_id, _ = begin(engines, alice)
        fail(engines, 5)
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            login.reset_password(session, "Alice@example.org", "seven other roads to violet")
        assert not signed_in(engines, session_id)
        assert login.authenticate(engines, ALICE, PASSWORD, "10.0.0.1") is None
        found = login.authenticate(engines, ALICE, "seven other roads to violet", "10.0.0.1")
        assert found == alice

    @pytest.mark.usefixtures("alice")
    def test_a_weak_password_and_an_unknown_user_are_refused(self, session: Session) -> None:
        with pytest.raises(Invalid):
            login.reset_password(session, ALICE, "short")
        with pytest.raises(NotFound):
            login.reset_password(session, "nobody@example.org", "seven other roads to violet")
