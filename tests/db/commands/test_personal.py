"""The file for a person holds everything about them and nobody else's name."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlmodel import Session, select

from convening.problems import Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import Role
from db import transaction
from db.commands import personal
from db.engine import Engines
from db.tables.accounts import AuditEvent
from tests.db import erased
from tests.db.erased import EARLIER, EMAIL, NAME, NOTE, PHONE, WORDS


def test_everything_about_the_person_is_in_it(installation: Engines, tmp_path: Path) -> None:
    assert tmp_path
    traces = erased.leave(installation)
    with transaction.writing(
        installation, actor_id=traces.alice.user_id, journalled=False
    ) as session:
        data = personal.export_person(session, traces.alice, traces.person_id)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert sorted(file.namelist()) == ["README.txt", "data.json"]
        text = file.read("data.json").decode()
        readme = file.read("README.txt").decode()
    found = json.loads(text)
    assert found["person"]["name"] == NAME
    assert all(each in text for each in (EARLIER, EMAIL, PHONE, NOTE, WORDS))
    assert found["organisation"] == "Circle"
    assert sorted(found["held"]) == [
        "capital_holding",
        "group_membership",
        "outbox_email",
        "personal_link",
        "preparation_visit",
        "tie",
    ]
    assert [each["convening"]["title"] for each in found["invitations"]] == [
        "First",
        "Second",
        "Ahead",
    ]
    assert {each["name"] for each in found["nominations"]} == {NAME, "Zelph", "Somebody Else"}
    assert [each["action"] for each in found["log"]] == [
        "add_person",
        "add_person",
        "edit_person",
        "merge_stakeholders",
    ]
    assert "What is held about you" in readme
    assert "ما نحتفظ به عنك" in readme


def test_others_are_not_named_in_it(installation: Engines) -> None:
    traces = erased.leave(installation)
    with transaction.writing(
        installation, actor_id=traces.alice.user_id, journalled=False
    ) as session:
        data = personal.export_person(session, traces.alice, traces.person_id)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        text = file.read("data.json").decode()
    assert "Friend" not in text
    assert "Alice" not in text
    (tie,) = json.loads(text)["held"]["tie"]
    assert sorted((tie["first_id"], tie["second_id"])) == ["somebody else", "this person"]
    assert all(secret not in text for secret in ("token_hash", "salt"))


def test_it_is_logged_and_refused_to_others(installation: Engines) -> None:
    traces = erased.leave(installation)
    facilitator = Actor(98, frozenset({Role.FACILITATOR}), {traces.initiative_id: True})
    stranger = Actor(99, frozenset({Role.ORGANISER}), {traces.initiative_id + 1: True})
    with Session(installation.write) as session:
        for actor, refusal in ((facilitator, Forbidden), (stranger, NotFound)):
            with pytest.raises(refusal):
                personal.export_person(session, actor, traces.person_id)
        personal.export_person(session, traces.alice, traces.person_id)
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "export_person")).one()
    assert (event.actor_id, event.subject_id) == (traces.alice.user_id, traces.person_id)
