"""At the door: a code notes who it belongs to, a slip is taken back, somebody new is let in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from convening.community import PersonDraft
from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Actor
from convening.vocabulary import InvitationStatus, Part
from db import tokens, transaction
from db.commands import door, invitations
from db.engine import Engines
from db.queries import door as reading
from db.tables import work
from tests import builders

S = InvitationStatus


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (invitations, reading):
        monkeypatch.setattr(module, "now", lambda: builders.START)


class Door:
    """A convening on the day with Noor, who said yes; every command is one journalled write."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            self.team = builders.people(session)
            stage = builders.stage(session, self.team.initiative_id)
            self.room = builders.convening(session, stage)
            self.noor = builders.person(session, self.team.initiative_id, "Noor")
            self.invitation = builders.invitation(session, self.room, self.noor, S.ACCEPTED)
            link = tokens.new()
            self.token = link.token
            session.add(
                work.PersonalLink(
                    invitation_id=self.invitation, salt=link.salt, token_hash=link.token_hash
                )
            )

    def do(self, command: Callable[..., Any], actor: Actor, *args: Any) -> Any:
        name = command.__name__
        with transaction.writing(self.engines, actor_id=actor.user_id, command=name) as session:
            return command(session, actor, *args)

    def status(self) -> tuple[str, object]:
        with transaction.reading(self.engines) as session:
            row = session.exec(select(work.Invitation)).one()
            return row.status, row.status_at


@pytest.fixture
def at_the_door(engines: Engines) -> Door:
    return Door(engines)


def codes(call: Callable[..., Any], *args: Any) -> list[str]:
    with pytest.raises(ConveningError) as caught:
        call(*args)
    return [each.code for each in caught.value.problems]


def test_a_code_notes_its_holder_once(at_the_door: Door) -> None:
    bob = at_the_door.team.bob
    assert at_the_door.do(door.check_in_by_code, bob, at_the_door.token) == at_the_door.invitation
    assert at_the_door.status()[0] == "attended"
    at_the_door.do(door.check_in_by_code, bob, at_the_door.token)
    assert at_the_door.status()[0] == "attended"


def test_a_code_says_nothing_to_another_team(at_the_door: Door) -> None:
    told = []
    for token in (at_the_door.token, "made-up"):
        with pytest.raises(NotFound) as caught:
            at_the_door.do(door.check_in_by_code, at_the_door.team.charlie, token)
        told.append(dict(caught.value.params))
    assert told == [{"what": "invitation"}, {"what": "invitation"}]
    assert at_the_door.status()[0] == "accepted"


def test_a_slip_is_taken_back_by_whoever_of_the_team_sees_it(at_the_door: Door) -> None:
    before = at_the_door.status()
    room, invitation = at_the_door.room, at_the_door.invitation
    at_the_door.do(invitations.check_in, at_the_door.team.bob, room, [invitation], True)
    at_the_door.do(door.take_back_check_in, at_the_door.team.alice, room, invitation)
    assert at_the_door.status() == before


def test_taking_back_goes_back_step_by_step(at_the_door: Door) -> None:
    room, invitation, bob = at_the_door.room, at_the_door.invitation, at_the_door.team.bob
    at_the_door.do(invitations.check_in, bob, room, [invitation], True)
    at_the_door.do(invitations.check_in, bob, room, [invitation], False)
    seen = []
    for _ in range(2):
        at_the_door.do(door.take_back_check_in, bob, room, invitation)
        seen.append(at_the_door.status()[0])
    assert seen == ["attended", "accepted"]
    assert codes(at_the_door.do, door.take_back_check_in, bob, room, invitation) == [
        "nothing_to_take_back"
    ]
    at_the_door.do(invitations.check_in, bob, room, [invitation], True)
    at_the_door.do(door.take_back_check_in, bob, room, invitation)
    assert at_the_door.status()[0] == "accepted"


def test_somebody_added_at_the_door_is_no_longer_invited_when_it_is_taken_back(
    at_the_door: Door,
) -> None:
    alice, room = at_the_door.team.alice, at_the_door.room
    draft = PersonDraft("Stranger", organisation="Bakery")
    found = at_the_door.do(door.add_new_walk_in, alice, room, draft, Part.TAKING_PART)
    at_the_door.do(door.take_back_check_in, alice, room, found.placed[0])
    assert at_the_door.status()[0] == "accepted"  # Noor's is the only one


def test_somebody_new_is_let_in_by_those_who_may_put_people_on_the_map(
    at_the_door: Door,
) -> None:
    draft = PersonDraft("Stranger")
    with pytest.raises(Forbidden):
        at_the_door.do(
            door.add_new_walk_in, at_the_door.team.bob, at_the_door.room, draft, Part.CO_DESIGN
        )
    with pytest.raises(NotFound):
        at_the_door.do(
            door.add_new_walk_in, at_the_door.team.charlie, at_the_door.room, draft, Part.CO_DESIGN
        )


def test_nothing_is_taken_back_elsewhere_or_by_others(at_the_door: Door) -> None:
    room, invitation = at_the_door.room, at_the_door.invitation
    at_the_door.do(invitations.check_in, at_the_door.team.bob, room, [invitation], True)
    with pytest.raises(NotFound):
        at_the_door.do(door.take_back_check_in, at_the_door.team.charlie, room, invitation)
    with transaction.writing(at_the_door.engines, actor_id=None, journalled=False) as session:
        stage = session.exec(select(work.Stage.id)).one()
        other = builders.convening(session, stage or 0, "Other")
    assert codes(
        at_the_door.do, door.take_back_check_in, at_the_door.team.alice, other, invitation
    ) == ["nothing_to_take_back"]


def test_nobody_is_late_before_the_start(
    at_the_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = builders.START - timedelta(minutes=1)
    monkeypatch.setattr(invitations, "now", lambda: early)
    room, invitation, bob = at_the_door.room, at_the_door.invitation, at_the_door.team.bob
    assert codes(at_the_door.do, invitations.check_in, bob, room, [invitation], False) == [
        "absence_not_open"
    ]
    at_the_door.do(invitations.check_in, bob, room, [invitation], True)
    assert at_the_door.status()[0] == "attended"
