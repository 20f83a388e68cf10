"""Users change their own password, profile and sessions, and nobody else's."""

import pytest
from sqlmodel import Session, col, select

from convening import passwords
from convening.accounts import ProfileDraft
from convening.problems import ConveningError, NotFound
from convening.roles import Actor
from convening.vocabulary import Language, Role, Theme
from db.commands import account, login
from db.queries import accounts, users
from db.tables.accounts import AuditEvent, LoginSession, User
from tests import builders

OLD = "olive terrace at noon"
NEW = "seven boats leave early"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def alice(session: Session) -> Actor:
    user_id = builders.user(session, "Alice", Role.ORGANISER)
    session.get_one(User, user_id).password_hash = passwords.hash(OLD)
    session.flush()
    return accounts.actor(session, user_id)


def browser(session: Session, user_id: int) -> int:
    login.begin_session(session, session.get_one(User, user_id))
    newest = select(LoginSession.id).order_by(col(LoginSession.id).desc())
    found = session.exec(newest).first()
    assert found is not None
    return found


def alive(session: Session, login_session_id: int) -> bool:
    session.expire_all()
    return accounts.signed_in(session, login_session_id) is not None


def codes(caught: pytest.ExceptionInfo[ConveningError]) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in caught.value.problems]


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    session: Session, alice: Actor
) -> None:
    here, there = browser(session, alice.user_id), browser(session, alice.user_id)
    account.change_password(session, alice, OLD, NEW, here)
    assert (alive(session, here), alive(session, there)) == (True, False)
    user = session.get_one(User, alice.user_id)
    assert passwords.check(NEW, user.password_hash or "")
    assert not passwords.check(OLD, user.password_hash or "")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("not the old one", NEW, ("password_wrong", "old_password")),
        ("", NEW, ("password_wrong", "old_password")),
        (OLD, OLD, ("password_same", "password")),
        (OLD, "short", ("password_too_short", "password")),
    ],
)
def test_a_password_stays_when_something_is_wrong(
    session: Session, alice: Actor, old: str, new: str, problem: tuple[str, str]
) -> None:
    other = browser(session, alice.user_id)
    with pytest.raises(ConveningError) as caught:
        account.change_password(session, alice, old, new, None)
    assert codes(caught) == [problem]
    assert alive(session, other)
    assert passwords.check(OLD, session.get_one(User, alice.user_id).password_hash or "")


def test_an_account_without_a_password_has_no_old_one(session: Session) -> None:
    bob = accounts.actor(session, builders.user(session, "Bob", Role.MEMBER))
    with pytest.raises(ConveningError) as caught:
        account.change_password(session, bob, "", NEW, None)
    assert codes(caught) == [("password_wrong", "old_password")]


def test_a_profile_is_name_language_and_theme(session: Session, alice: Actor) -> None:
    draft = ProfileDraft("أليس", Language.ARABIC, Theme.DARK, version=1)
    account.edit_profile(session, alice, draft)
    user = session.get_one(User, alice.user_id)
    assert (user.name, user.language, user.theme, user.version) == ("أليس", "ar", "dark", 2)
    event = session.exec(select(AuditEvent)).one()
    assert (event.action, event.details) == (
        "edit_profile",
        {"changed": ["name", "language", "theme"]},
    )


def test_a_name_is_cleaned_and_must_be_there(session: Session, alice: Actor) -> None:
    account.edit_profile(
        session, alice, ProfileDraft(" Al\u202eice\x00 ", Language.ENGLISH, Theme.SYSTEM)
    )
    assert session.get_one(User, alice.user_id).name == "Alice"
    for name, code in (("\u200b ", "required"), ("a" * 201, "too_long")):
        draft = ProfileDraft(name, Language.ENGLISH, Theme.SYSTEM)
        with pytest.raises(ConveningError) as caught:
            account.edit_profile(session, alice, draft)
        assert codes(caught) == [(code, "name")]


def test_a_profile_saved_in_two_tabs_is_noticed(session: Session, alice: Actor) -> None:
    draft = ProfileDraft("Alice A", Language.ENGLISH, Theme.SYSTEM, version=1)
    account.edit_profile(session, alice, draft)
    with pytest.raises(ConveningError) as caught:
        account.edit_profile(session, alice, draft)
    assert codes(caught) == [("changed_meanwhile", None)]


def test_own_sessions_are_listed_this_one_first_and_end_singly(
    session: Session, alice: Actor
) -> None:
    there, here = browser(session, alice.user_id), browser(session, alice.user_id)
    listed = users.own_sessions(session, alice, there)
    assert [(each.id, each.current) for each in listed] == [(there, True), (here, False)]
    account.end_own_session(session, alice, there)
    assert [each.id for each in users.own_sessions(session, alice, here)] == [here]
    assert (alive(session, there), alive(session, here)) == (False, True)


def test_the_session_of_another_answers_as_a_missing_one(session: Session, alice: Actor) -> None:
    bob = builders.user(session, "Bob", Role.MEMBER)
    bobs = browser(session, bob)
    for session_id in (bobs, 999):
        with pytest.raises(NotFound) as caught:
            account.end_own_session(session, alice, session_id)
        assert caught.value.params == {"what": "session"}
    assert alive(session, bobs)


def test_the_log_never_holds_a_password_or_name(session: Session, alice: Actor) -> None:
    account.change_password(session, alice, OLD, NEW, None)
    account.edit_profile(session, alice, ProfileDraft("Alicia", Language.ENGLISH, Theme.LIGHT))
    rows = session.exec(select(AuditEvent)).all()
    assert [row.action for row in rows] == ["change_password", "edit_profile"]
    for row in rows:
        assert not any(word in str(row.model_dump()) for word in (OLD, NEW, "Alicia"))
