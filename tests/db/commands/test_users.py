"""Administrators invite, change and shut accounts, and cannot lock everybody out."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening import passwords
from convening.accounts import AccountDraft, NewLink
from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import Language, LinkPurpose, Role, UserState
from db import transaction
from db.commands import account, login, users
from db.engine import Engines
from db.queries import accounts
from db.queries import users as listing
from db.tables.accounts import AccountLink, AuditEvent, LoginSession, User
from tests import builders, statements

PASSWORD = "olive terrace at noon"
BOB = AccountDraft("Bob", "Bob@Example.org", frozenset({Role.FACILITATOR}), Language.ARABIC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def able(session: Session, name: str, *roles: Role) -> int:
    """A user who can sign in."""
    user_id = builders.user(session, name, *roles)
    session.get_one(User, user_id).password_hash = "$2b$04$unused"
    session.flush()
    return user_id


@pytest.fixture
def ada(session: Session) -> Actor:
    user_id = able(session, "Ada", Role.ADMINISTRATOR)
    return accounts.actor(session, user_id)


def refused(call: Callable[..., Any], *args: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [(each.code, each.field) for each in caught.value.problems]


def signed_in(session: Session, user_id: int) -> LoginSession:
    login.begin_session(session, session.get_one(User, user_id))
    newest = select(LoginSession).order_by(col(LoginSession.id).desc())
    found = session.exec(newest).first()
    assert found is not None
    return found


def alive(session: Session, row: LoginSession) -> bool:
    session.refresh(row)
    return accounts.signed_in(session, row.key) is not None


def events(session: Session) -> list[tuple[str, int | None, dict[str, Any]]]:
    rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
    return [(row.action, row.subject_id, row.details) for row in rows]


class TestInvite:
    def test_somebody_invited_has_roles_and_no_password(self, session: Session, ada: Actor) -> None:
        link = users.invite_user(session, ada, BOB)
        found = listing.account(session, ada, link.user_id)
        assert (found.name, found.email) == ("Bob", "bob@example.org")
        assert (found.roles, found.state) == (frozenset({Role.FACILITATOR}), UserState.INVITED)
        assert session.get_one(User, link.user_id).language == "ar"

    def test_the_link_lasts_seven_days_and_stands_nowhere(
        self, session: Session, ada: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        monkeypatch.setattr(users, "now", lambda: at)
        link = users.invite_user(session, ada, BOB)
        row = session.exec(select(AccountLink)).one()
        assert (link.purpose, link.expires_at) == (LinkPurpose.INVITE, at + timedelta(days=7))
        assert link.token not in (row.token_hash, row.purpose)
        assert len(link.token) == 22

    def test_the_link_sets_a_password_once(self, session: Session, ada: Actor) -> None:
        link = users.invite_user(session, ada, BOB)
        assert account.set_password_by_link(session, link.token, PASSWORD) == link.user_id
        user = session.get_one(User, link.user_id)
        assert passwords.check(PASSWORD, user.password_hash or "")
        assert listing.state(user) is UserState.ACTIVE
        again = refused(account.set_password_by_link, session, link.token, PASSWORD)
        assert again == [("link_not_open", None)]

    def test_two_people_cannot_have_one_address(self, session: Session, ada: Actor) -> None:
        users.invite_user(session, ada, BOB)
        draft = AccountDraft("Robert", " BOB@example.org", frozenset({Role.MEMBER}))
        assert refused(users.invite_user, session, ada, draft) == [("email_taken", "email")]

    def test_everything_wrong_is_told_at_once(self, session: Session, ada: Actor) -> None:
        draft = AccountDraft(" ", "bob@@example", frozenset())
        assert refused(users.invite_user, session, ada, draft) == [
            ("required", "name"),
            ("email_invalid", "email"),
            ("required", "roles"),
        ]

    def test_the_log_holds_ids_and_codes(self, session: Session, ada: Actor) -> None:
        link = users.invite_user(session, ada, BOB)
        assert events(session) == [
            ("invite_user", link.user_id, {"roles": ["facilitator"]}),
            ("make_link", link.user_id, {"purpose": "invite"}),
        ]


class TestLinks:
    def test_a_second_link_makes_the_first_worthless(self, session: Session, ada: Actor) -> None:
        first = users.invite_user(session, ada, BOB)
        second = users.make_link(session, ada, first.user_id)
        assert listing.open_link(session, first.token) is None
        found = listing.open_link(session, second.token)
        assert found is not None
        assert (found.name, found.purpose) == ("Bob", LinkPurpose.INVITE)

    def test_a_link_for_somebody_with_a_password_is_for_a_new_one(
        self, session: Session, ada: Actor
    ) -> None:
        bob = able(session, "Bob", Role.MEMBER)
        assert users.make_link(session, ada, bob).purpose is LinkPurpose.PASSWORD

    def test_a_link_ends_when_its_days_are_over(
        self, session: Session, ada: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link = users.invite_user(session, ada, BOB)
        for module in (account, listing):
            monkeypatch.setattr(module, "now", lambda: link.expires_at)
        assert listing.open_link(session, link.token) is None
        outcome = refused(account.set_password_by_link, session, link.token, PASSWORD)
        assert outcome == [("link_not_open", None)]

    @pytest.mark.parametrize("token", ["", "made-up", "\x00", "\ud800"])
    def test_a_made_up_token_opens_nothing(self, session: Session, token: str) -> None:
        assert listing.open_link(session, token) is None
        outcome = refused(account.set_password_by_link, session, token, PASSWORD)
        assert outcome == [("link_not_open", None)]

    def test_a_weak_password_leaves_the_link_open(self, session: Session, ada: Actor) -> None:
        link = users.invite_user(session, ada, BOB)
        outcome = refused(account.set_password_by_link, session, link.token, "short")
        assert outcome == [("password_too_short", "password")]
        assert listing.open_link(session, link.token) is not None

    def test_a_new_password_by_link_signs_out_everywhere_and_ends_a_lock(
        self, session: Session, ada: Actor
    ) -> None:
        bob = able(session, "Bob", Role.MEMBER)
        browser = signed_in(session, bob)
        for _ in range(login.FREE_FAILURES):
            login.begin_attempt(session, "bob@example.org", "192.0.2.1")
        assert refused(login.begin_attempt, session, "bob@example.org", "192.0.2.1") == [
            ("login_locked", None)
        ]
        link = users.make_link(session, ada, bob)
        account.set_password_by_link(session, link.token, PASSWORD)
        assert alive(session, browser) is False
        assert login.begin_attempt(session, "bob@example.org", "192.0.2.1").user_id == bob

    def test_nobody_deactivated_gets_a_link(self, session: Session, ada: Actor) -> None:
        link = users.invite_user(session, ada, BOB)
        users.deactivate_user(session, ada, link.user_id)
        assert listing.open_link(session, link.token) is None
        assert refused(users.make_link, session, ada, link.user_id) == [("user_not_active", None)]
        users.reactivate_user(session, ada, link.user_id)
        assert listing.open_link(session, link.token) is None


class TestEdit:
    def test_roles_are_a_set_that_is_replaced(self, session: Session, ada: Actor) -> None:
        bob = builders.user(session, "Bob", Role.FACILITATOR, Role.MEMBER)
        roles = frozenset({Role.MEMBER, Role.ORGANISER, Role.LEADERSHIP})
        users.edit_user(session, ada, AccountDraft("Bobby", "bob@example.org", roles, id=bob))
        found = listing.account(session, ada, bob)
        assert (found.name, found.roles) == ("Bobby", roles)
        assert events(session)[-1] == (
            "edit_user",
            bob,
            {
                "changed": ["name"],
                "roles_added": ["leadership", "organiser"],
                "roles_removed": ["facilitator"],
            },
        )

    def test_roles_count_from_the_next_rerun(self, session: Session, ada: Actor) -> None:
        bob = able(session, "Bob", Role.ORGANISER)
        browser = signed_in(session, bob)
        roles = frozenset({Role.MEMBER})
        users.edit_user(session, ada, AccountDraft("Bob", "bob@example.org", roles, id=bob))
        found = accounts.signed_in(session, browser.key)
        assert found is not None
        assert found.actor.roles == roles

    def test_a_second_administrator_who_edits_is_noticed(
        self, session: Session, ada: Actor
    ) -> None:
        bob = builders.user(session, "Bob", Role.MEMBER)
        draft = AccountDraft(
            "Bob B", "bob@example.org", frozenset({Role.MEMBER}), id=bob, version=1
        )
        users.edit_user(session, ada, draft)
        assert refused(users.edit_user, session, ada, draft) == [("changed_meanwhile", None)]

    def test_an_address_that_somebody_has_is_refused(self, session: Session, ada: Actor) -> None:
        bob = builders.user(session, "Bob", Role.MEMBER)
        draft = AccountDraft("Bob", "ada@example.org", frozenset({Role.MEMBER}), id=bob)
        assert refused(users.edit_user, session, ada, draft) == [("email_taken", "email")]

    def test_a_missing_user_is_not_found(self, session: Session, ada: Actor) -> None:
        draft = AccountDraft("Bob", "bob@example.org", frozenset({Role.MEMBER}), id=999)
        for call in (
            lambda: users.edit_user(session, ada, draft),
            lambda: users.deactivate_user(session, ada, 999),
            lambda: users.reactivate_user(session, ada, 999),
            lambda: users.end_sessions(session, ada, 999),
            lambda: users.make_link(session, ada, 999),
            lambda: listing.account(session, ada, 999),
        ):
            with pytest.raises(NotFound):
                call()


class TestSessions:
    def test_deactivation_signs_out_at_once(self, session: Session, ada: Actor) -> None:
        bob = able(session, "Bob", Role.MEMBER)
        browser = signed_in(session, bob)
        assert alive(session, browser) is True
        users.deactivate_user(session, ada, bob)
        assert alive(session, browser) is False
        users.reactivate_user(session, ada, bob)
        assert alive(session, browser) is False
        assert listing.account(session, ada, bob).state is UserState.ACTIVE

    def test_end_sessions_ends_those_of_one_user(self, session: Session, ada: Actor) -> None:
        bob, eve = (able(session, name, Role.MEMBER) for name in ("Bob", "Eve"))
        bobs, eves = [signed_in(session, bob), signed_in(session, bob)], signed_in(session, eve)
        assert listing.account(session, ada, bob).sessions == 2
        users.end_sessions(session, ada, bob)
        assert [alive(session, each) for each in (*bobs, eves)] == [False, False, True]
        found = listing.account(session, ada, bob)
        assert (found.sessions, found.last_seen) == (0, bobs[1].last_active_at)


class TestLastAdministrator:
    def test_the_last_one_keeps_role_and_account(self, session: Session, ada: Actor) -> None:
        draft = AccountDraft("Ada", "ada@example.org", frozenset({Role.MEMBER}), id=ada.user_id)
        assert refused(users.edit_user, session, ada, draft) == [("last_administrator", None)]
        outcome = refused(users.deactivate_user, session, ada, ada.user_id)
        assert outcome == [("last_administrator", None)]

    def test_with_another_one_able_the_role_can_go(self, session: Session, ada: Actor) -> None:
        able(session, "Eve", Role.ADMINISTRATOR)
        draft = AccountDraft("Ada", "ada@example.org", frozenset({Role.MEMBER}), id=ada.user_id)
        users.edit_user(session, ada, draft)
        assert accounts.actor(session, ada.user_id).roles == {Role.MEMBER}

    def test_neither_the_invited_nor_the_deactivated_count(
        self, session: Session, ada: Actor
    ) -> None:
        builders.user(session, "Invited", Role.ADMINISTRATOR)
        gone = able(session, "Gone", Role.ADMINISTRATOR)
        users.deactivate_user(session, ada, gone)
        outcome = refused(users.deactivate_user, session, ada, ada.user_id)
        assert outcome == [("last_administrator", None)]

    def test_two_cannot_shut_each_other_at_the_same_time(self, engines: Engines) -> None:
        with transaction.writing(engines, actor_id=None) as session:
            ids = [able(session, name, Role.ADMINISTRATOR) for name in ("Ada", "Eve")]
            ada, eve = (accounts.actor(session, user_id) for user_id in ids)
        outcomes: list[str] = []
        together = threading.Barrier(2)

        def shut(actor: Actor, other: Actor) -> None:
            together.wait()
            try:
                with transaction.writing(engines, actor_id=actor.user_id) as session:
                    users.deactivate_user(session, actor, other.user_id)
                outcomes.append("done")
            except ConveningError as error:
                outcomes.append(error.code)

        threads = [threading.Thread(target=shut, args=pair) for pair in ((ada, eve), (eve, ada))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["done", "last_administrator"]


class TestListing:
    def test_the_same_number_of_statements_for_many_as_for_few(
        self, session: Session, ada: Actor
    ) -> None:
        few = statements.count(session, listing.listing, ada)
        for number in range(20):
            signed_in(session, able(session, f"User {number}", Role.MEMBER))
        assert len(listing.listing(session, ada)) == 21
        assert statements.count(session, listing.listing, ada) == few

    def test_it_says_who_manages_an_initiative_alone(self, session: Session, ada: Actor) -> None:
        people = builders.people(session)
        counts = {each.name: each.manages_alone for each in listing.listing(session, ada)}
        assert counts == {"Ada": 0, "Alice": 1, "Bob": 0, "Charlie": 1, "Dana": 0}
        users.deactivate_user(session, ada, people.charlie.user_id)
        assert listing.account(session, ada, people.charlie.user_id).manages_alone == 0

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
    def test_nobody_else_sees_or_changes_accounts(
        self, session: Session, ada: Actor, role: Role
    ) -> None:
        other = accounts.actor(session, builders.user(session, "Other", role))
        draft = AccountDraft("Ada", "new@example.org", frozenset(Role), id=ada.user_id)
        attempts: list[Callable[[], Any]] = [
            lambda: listing.listing(session, other),
            lambda: listing.account(session, other, ada.user_id),
            lambda: users.invite_user(session, other, BOB),
            lambda: users.edit_user(session, other, draft),
            lambda: users.deactivate_user(session, other, ada.user_id),
            lambda: users.reactivate_user(session, other, ada.user_id),
            lambda: users.end_sessions(session, other, ada.user_id),
            lambda: users.make_link(session, other, ada.user_id),
        ]
        for attempt in attempts:
            with pytest.raises(Forbidden):
                attempt()
        assert len(session.exec(select(User)).all()) == 2


def test_a_link_is_not_its_record(session: Session, ada: Actor) -> None:
    """What is written about a link never holds the token that opens it."""
    link: NewLink = users.invite_user(session, ada, BOB)
    rows = [*session.exec(select(AuditEvent)), *session.exec(select(AccountLink))]
    assert all(link.token not in str(row.model_dump()) for row in rows)
