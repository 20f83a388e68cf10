"""An initiative of any size: as many as asked for, the same every time, and true to its rules."""

import pytest
from sqlmodel import Session, col, func, select

from convening.balance import mask
from convening.vocabulary import ConveningState, Group
from db import transaction
from db.engine import Engines
from db.queries import balance
from db.samples import large
from db.tables import community, work
from db.tables.accounts import User
from tests import builders


def write(engines: Engines, people: int, invitations: int) -> int:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        known = session.exec(select(func.count()).select_from(User)).one()
        user_id = builders.user(session, f"Manager {known}")
        return large.write(session, user_id, people=people, invitations=invitations)


def counts(session: Session, initiative_id: int) -> tuple[int, int]:
    people = select(func.count()).where(community.Stakeholder.initiative_id == initiative_id)
    invitations = (
        select(func.count(col(work.Invitation.id)))
        .join(work.Convening, col(work.Convening.id) == col(work.Invitation.convening_id))
        .where(work.Convening.initiative_id == initiative_id)
    )
    return session.exec(people).one(), session.exec(invitations).one()


@pytest.mark.parametrize("size", [(1, 0), (3, 17), (2500, 5000)])
def test_there_are_as_many_as_asked_for(engines: Engines, size: tuple[int, int]) -> None:
    initiative_id = write(engines, *size)
    with transaction.reading(engines) as session:
        assert counts(session, initiative_id) == size


def test_it_is_the_same_every_time(engines: Engines) -> None:
    first, second = write(engines, 60, 300), write(engines, 60, 300)
    with transaction.reading(engines) as session:
        people = select(community.Stakeholder.name, community.Stakeholder.place)
        own, other = (
            session.exec(
                people.where(community.Stakeholder.initiative_id == each).order_by(
                    col(community.Stakeholder.id)
                )
            ).all()
            for each in (first, second)
        )
        assert own == other
        funnels = [balance.funnel_masks(session, each) for each in (first, second)]
        assert [sorted(each.values(), key=str) for each in funnels] == [
            sorted(funnels[0].values(), key=str)
        ] * 2


def test_a_held_convening_keeps_its_groups_and_their_number(engines: Engines) -> None:
    write(engines, 60, 300)
    with transaction.reading(engines) as session:
        rows = session.exec(
            select(work.Invitation, work.Convening.state).join(
                work.Convening, col(work.Convening.id) == col(work.Invitation.convening_id)
            )
        ).all()
    assert {state for _, state in rows} == {ConveningState.HELD, ConveningState.PLANNED}
    for row, state in rows:
        kept = row.groups_when_held
        assert (kept is None) == (state == ConveningState.PLANNED)
        assert row.mask_when_held == (None if kept is None else mask(set(map(Group, kept))))


def test_nobody_is_no_initiative(engines: Engines) -> None:
    with pytest.raises(ValueError, match="large"):
        write(engines, 0, 0)
