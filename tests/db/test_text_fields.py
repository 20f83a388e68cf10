"""Every text that a person can type gets the same clear answer, whatever it is made of.

On both databases; nothing unreadable is stored, and nothing at all where a text is refused.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlmodel import Session

import db.commands
from convening import passwords
from convening.problems import ConveningError
from convening.text import clean
from db import journal, transaction
from db.base import Table
from db.commands import setup
from db.engine import Engines
from tests.db.text_entries import ENTRIES, PASSWORD, World
from tests.db.text_worlds import ENDLESS, HOSTILE, engines, taken_by, world

assert engines
assert world  # fixtures

FORBIDDEN = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff")
# Passwords, tokens and codes are never stored: only hashes of them are made and compared.
SECRETS = {
    "AdministratorDraft.password",
    "create_first_administrator.code",
    "admit.code",
    "change_password.old",
    "change_password.new",
    "set_password_by_link.token",
    "set_password_by_link.password",
    "answer_by_link.token",
    "answer_pulse.token",
    "reply_by_receipt.code",
    "DissentDraft.receipt_code",
    "begin_attempt.address",
    "redeem_ticket.ticket",
}
# Parameters of commands that no person fills in.
NOT_TYPED = {
    "authenticate.email": "hands it to begin_attempt",
    "authenticate.password": "hands it to passwords.check",
    "authenticate.address": "the middleware finds it",
    "check_in_by_code.token": "looked up by its hash, like answer_by_link.token",
    "Merge.from_dropped": "names of fields",
    "name_groups.read": "what stood in the database",
    "Retiming.title": "a word of the screen's own language",
    "take_back.reason": "a word of the screen's own language",
    "follow.before": "what stood in the database",
    "release_notes.note_ids": "compared with the notes that there are",
    "Manifest.schema": "compared with the migrations that there are",
    "Manifest.tables": "compared with the tables that there are",
    "TableFacts.columns": "compared with the columns that there are",
    "TableFacts.sha256": "compared with what is read",
    "concluding.email": "of the account that restores",
    "delete_backup.name": "a file's name, compared with those that backups have",
    "note_backup.what": "a word of ours",
    "Participant.id": "made by us, and signed",
    "NoteDraft.nonce": "made by us; another one than ours is not taken",
    "enter.token": "looked up by its hash, like answer_by_link.token",
    "leave_note.token": "looked up by its hash, like answer_by_link.token",
    "vote.token": "looked up by its hash, like answer_by_link.token",
    "add_by_receipt.code": "looked up by its hash, like reply_by_receipt.code",
    "add_by_receipt.form_id": "made by us; what is no id is not taken",
    "withdraw_by_receipt.code": "looked up by its hash, like reply_by_receipt.code",
    "publish_by_receipt.code": "looked up by its hash, like reply_by_receipt.code",
    "Vote.participant": "cleaned and checked where the file is read",
    "PolisConversation.groups": "the same participants",
    "DissentDraft.uuid": "made by us; what is no id is not taken",
    "EntryDraft.uuid": "made by us; what is no id is not taken",
    "HandsDraft.uuid": "made by us; what is no id is not taken",
    **{
        f"{command}.{name}": "the id of one that was shown"
        for name, commands in (
            ("dissent_id", ("lock", "note_asked", "note_reply", "respond", "sign", "withdraw")),
            ("note_id", ("hide_note", "release_note", "show_note")),
        )
        for command in commands
    },
    "record.command": "a word of ours",
    "Vote.statement": "compared with the numbers of the statements",
}


def test_every_text_that_a_command_takes_is_tried_here() -> None:
    taken = {each for each in taken_by(db.commands) if not each.startswith("PersonRow.")}
    assert taken - set(ENTRIES) - set(NOT_TYPED) == set()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are hashed at once; and the first start, though there are users."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(setup, "_has_users", lambda _session: False)


def outcome(engines: Engines, world: World, entry: str, text: str) -> Any:
    """What comes of it: the problems, or every text of the rows that were written.

    The journal is written too, and everything is then rolled back.
    """
    with Session(engines.write, expire_on_commit=False) as session:
        try:
            with journal.recording(session, actor_id=world.alice.user_id, command="test"):
                ENTRIES[entry](session, world, text)
            session.flush()
        except ConveningError as error:
            return sorted((each.code, each.field or "") for each in error.problems)
        return sorted(stored(session))


def stored(session: Session) -> Iterator[str]:
    rows: list[Any] = list(session.identity_map.values())
    for row in rows:
        for column in row.__table__.columns:
            for text in strings(getattr(row, column.key)):
                yield f"{row.__tablename__}.{column.key}: {text}"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from strings(pair)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


def is_unreadable(text: str) -> bool:
    return any(
        each in FORBIDDEN or (unicodedata.category(each) in ("Cc", "Cs") and each != "\n")
        for each in text
    )


# Columns that are new each time: hashes, tokens and times.
def steady(found: list[Any]) -> list[Any]:
    changing = ("_hash:", ".hash:", ".previous:", ".salt:", ".text:", ".subject:")
    return [each for each in found if not any(mark in str(each) for mark in changing)]


@pytest.mark.parametrize("entry", sorted(set(ENTRIES) - SECRETS))
def test_hostile_characters_are_as_if_they_had_not_been_typed(
    engines: Engines, world: World, entry: str
) -> None:
    for text in HOSTILE:
        found = outcome(engines, world, entry, text)
        assert not any(is_unreadable(str(each)) for each in found), (entry, text[:20])
        expected = outcome(engines, world, entry, clean(text))
        assert steady(found) == steady(expected), (entry, text[:20])


@pytest.mark.parametrize("entry", sorted(SECRETS))
def test_a_secret_of_hostile_characters_is_a_wrong_one(
    engines: Engines, world: World, entry: str
) -> None:
    for text in (*HOSTILE, *ENDLESS):
        found = outcome(engines, world, entry, text)
        assert not any(is_unreadable(str(each)) for each in found), (entry, text[:20])


def everything(engines: Engines) -> list[tuple[Any, ...]]:
    """How many rows each table has."""
    names = Table.metadata.tables
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
    with engines.read.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(sql(counts)))


# Not the length is what is wrong first: what is refused is the address, the zone, or nothing.
OTHERWISE = {
    "ConveningDraft.zone": "zone_unknown",
    "DissentDraft.passage": "passage_not_found",
    "begin_attempt.email": None,
}


@pytest.mark.parametrize("entry", sorted(set(ENTRIES) - SECRETS))
def test_a_text_without_end_is_refused_and_nothing_is_written(
    engines: Engines, world: World, entry: str
) -> None:
    code = OTHERWISE.get(entry, "too_long")
    before = everything(engines)
    for text in ENDLESS:
        if code is None:
            assert not any(text in str(each) for each in outcome(engines, world, entry, text))
            continue
        with (
            pytest.raises(ConveningError) as refused,
            transaction.writing(engines, actor_id=world.alice.user_id, command="test") as session,
        ):
            ENTRIES[entry](session, world, text)
        codes = {each.code: each.field for each in refused.value.problems}
        assert code in codes, (entry, codes)
        assert codes[code], (entry, "without its field")
        assert len(str(refused.value.problems)) < 2000, (entry, "the problem repeats the text")
    assert everything(engines) == before


def test_the_entries_are_fine_with_a_usual_text(engines: Engines, world: World) -> None:
    """Otherwise the tests above would pass for any reason."""
    usual = {
        "ConveningDraft.zone": "Europe/Berlin",
        "DissentDraft.passage": "square",
        "AdministratorDraft.email": "ada.l@example.org",
        "AdministratorDraft.password": PASSWORD,
        "change_password.new": PASSWORD,
        "set_password_by_link.password": PASSWORD,
    }
    refused = {}
    for entry in set(ENTRIES) - SECRETS:
        with Session(engines.write) as session:
            try:
                ENTRIES[entry](session, world, usual.get(entry, "Nurel"))
            except ConveningError as error:
                refused[entry] = error.problems
    assert refused == {}
