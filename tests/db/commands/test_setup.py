"""The first administrator comes in by the code from the terminal, once."""

import pytest
from sqlmodel import Session, select

from convening import passwords
from convening.accounts import AdministratorDraft
from convening.problems import ConveningError, Invalid
from convening.vocabulary import Language
from db import audit
from db.commands import setup
from db.tables.accounts import AuditEvent, InstallationValue, User, UserRole
from tests import builders

PASSWORD = "olive terrace at noon"
DRAFT = AdministratorDraft(" Alice ", "Alice@Example.org", PASSWORD, Language.ARABIC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def fresh(session: Session) -> str:
    code = setup.ensure_code(session)
    assert code is not None
    return code


def test_the_code_makes_an_administrator_who_organises(session: Session) -> None:
    user_id = setup.create_first_administrator(session, fresh(session), DRAFT)
    user = session.get_one(User, user_id)
    assert (user.name, user.email, user.language) == ("Alice", "alice@example.org", "ar")
    assert passwords.check(PASSWORD, user.password_hash or "")
    roles = session.exec(select(UserRole.role).where(UserRole.user_id == user_id)).all()
    assert sorted(roles) == ["administrator", "organiser"]


def test_the_code_is_printed_as_four_groups_and_kept_as_a_hash(session: Session) -> None:
    code = fresh(session)
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert set(code) <= set("-0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    kept = session.exec(select(InstallationValue)).one()
    assert code not in kept.text
    assert len(kept.text) == 64


def test_a_code_typed_in_small_letters_with_look_alikes_is_taken(session: Session) -> None:
    code = fresh(session)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert setup.admit(session, typed) is True


def test_a_code_works_once(session: Session) -> None:
    code = fresh(session)
    setup.create_first_administrator(session, code, DRAFT)
    second = AdministratorDraft("Bob", "bob@example.org", PASSWORD)
    with pytest.raises(ConveningError) as caught:
        setup.create_first_administrator(session, code, second)
    assert caught.value.code == "setup_done"
    assert [user.name for user in session.exec(select(User))] == ["Alice"]
    assert session.exec(select(InstallationValue)).all() == []


def test_a_second_start_makes_the_first_code_worthless(session: Session) -> None:
    first, second = fresh(session), fresh(session)
    assert (setup.admit(session, first), setup.admit(session, second)) == (False, True)


def test_there_is_no_code_once_there_is_a_user(session: Session) -> None:
    fresh(session)
    builders.user(session, "Alice")
    assert setup.ensure_code(session) is None
    session.flush()
    assert session.exec(select(InstallationValue)).all() == []


def test_a_wrong_code_makes_nobody(session: Session) -> None:
    fresh(session)
    with pytest.raises(ConveningError) as caught:
        setup.create_first_administrator(session, "0000-0000-0000-0000", DRAFT)
    assert caught.value.code == "setup_code_wrong"
    assert session.exec(select(User)).all() == []


@pytest.mark.parametrize("code", ["", "\x00", "\ud800", "ليس رمزًا"])
def test_what_is_no_code_is_wrong_and_no_error(session: Session, code: str) -> None:
    fresh(session)
    assert setup.admit(session, code) is False


def test_after_ten_wrong_codes_the_right_one_is_refused(session: Session) -> None:
    code = fresh(session)
    for _ in range(setup.MAX_FAILURES):
        assert setup.admit(session, "0000-0000-0000-0000") is False
    assert setup.admit(session, code) is False
    with pytest.raises(ConveningError):
        setup.create_first_administrator(session, code, DRAFT)


def test_a_right_code_is_not_counted(session: Session) -> None:
    code = fresh(session)
    for _ in range(setup.MAX_FAILURES + 1):
        assert setup.admit(session, code) is True


def test_everything_wrong_with_the_draft_is_told_at_once(session: Session) -> None:
    code = fresh(session)
    with pytest.raises(Invalid) as caught:
        setup.create_first_administrator(session, code, AdministratorDraft(" ", "alice", "short"))
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "name"),
        ("email_invalid", "email"),
        ("password_too_short", "password"),
    ]
    assert setup.admit(session, code) is True


def test_the_log_says_who_began_without_a_name(session: Session) -> None:
    user_id = setup.create_first_administrator(session, fresh(session), DRAFT)
    event = session.exec(select(AuditEvent)).one()
    assert (event.action, event.actor_id, event.subject, event.subject_id, event.details) == (
        "create_first_administrator",
        user_id,
        "user",
        user_id,
        {},
    )
    assert audit.first_broken(session) is None


def test_everything_that_the_first_account_lacks_is_named_at_once() -> None:
    lacking = AdministratorDraft("", "no address", "short", Language.ENGLISH)
    assert [each.field for each in setup.problems(lacking)] == ["name", "email", "password"]
    assert setup.problems(DRAFT) == []
