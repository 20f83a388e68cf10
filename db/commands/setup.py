"""The first administrator of an empty installation, let in by a one-time code."""

import hmac
import secrets

from sqlmodel import Session, select

from convening import passwords
from convening.accounts import AdministratorDraft, check_identity
from convening.problems import ConveningError, Invalid, Problem
from convening.vocabulary import Role
from db import audit
from db.commands.login import token_hash
from db.tables.accounts import InstallationValue, User, UserRole

CODE = "setup_code"
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: none reads as another
CODE_GROUPS, CODE_GROUP = 4, 4  # 80 bits in groups that can be read aloud
MAX_FAILURES = 10  # then only a restart gives a new code: nobody mistypes it that often


def ensure_code(session: Session) -> str | None:
    """A fresh code for the terminal while there is no user at all, else None.

    Only its hash is kept, and a code from an earlier start no longer works.
    """
    kept = _kept(session)
    if _has_users(session):
        if kept is not None:
            session.delete(kept)
        return None
    length = CODE_GROUPS * CODE_GROUP
    code = _grouped("".join(secrets.choice(CODE_LETTERS) for _ in range(length)))
    if kept is None:
        kept = InstallationValue(name=CODE)
    kept.text, kept.number = token_hash(code), 0
    session.add(kept)
    session.flush()
    return code


def admit(session: Session, code: str) -> bool:
    """Whether the code is the one from the terminal; a wrong one is counted.

    It stands apart from ``create_first_administrator`` because a refused command is rolled back,
    and the count must stay.
    """
    kept = _kept(session)
    if kept is None or kept.number >= MAX_FAILURES:
        return False
    if _fits(kept, code):
        return True
    kept.number += 1
    session.add(kept)
    session.flush()
    return False


def problems(draft: AdministratorDraft) -> list[Problem]:
    """What has to be mended in the first account before it can be made."""
    name, email, found = check_identity(draft.name, draft.email)
    return found + passwords.problems(draft.password, email, name)


def create_first_administrator(session: Session, code: str, draft: AdministratorDraft) -> int:
    """The first account, administrator and organiser; the code is used up."""
    kept = _kept(session)
    if _has_users(session):
        raise ConveningError("setup_done")
    if kept is None or kept.number >= MAX_FAILURES or not _fits(kept, code):
        raise ConveningError("setup_code_wrong")
    found = problems(draft)
    if found:
        raise Invalid(found)
    name, email, _ = check_identity(draft.name, draft.email)
    user = User(
        email=email,
        name=name,
        language=draft.language,
        password_hash=passwords.hash(draft.password),
    )
    session.add(user)
    session.flush()
    for role in (Role.ADMINISTRATOR, Role.ORGANISER):
        session.add(UserRole(user_id=user.key, role=role))
    session.delete(kept)
    session.flush()
    audit.record(
        session,
        user.key,
        "create_first_administrator",
        subject="user",
        subject_id=user.key,
    )
    return user.key


def _kept(session: Session) -> InstallationValue | None:
    query = select(InstallationValue).where(InstallationValue.name == CODE)
    return session.exec(query.with_for_update()).first()


def _has_users(session: Session) -> bool:
    return session.exec(select(User.id).limit(1)).first() is not None


def _fits(kept: InstallationValue, code: str) -> bool:
    return hmac.compare_digest(kept.text, token_hash(_as_shown(code)))


def _as_shown(typed: str) -> str:
    """A typed code as the terminal showed it, with look-alikes read as they were meant."""
    letters = typed.upper().translate(str.maketrans("OIL", "011"))
    return _grouped("".join(letter for letter in letters if letter in CODE_LETTERS))


def _grouped(letters: str) -> str:
    return "-".join(letters[n : n + CODE_GROUP] for n in range(0, len(letters), CODE_GROUP))
