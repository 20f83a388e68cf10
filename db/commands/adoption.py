"""Adopting a version of a shared definition: only once nobody's dissent is left open."""

from sqlmodel import Session

from convening import dissent
from convening.problems import Invalid, Problem
from convening.roles import Action, Actor
from convening.vocabulary import VersionState
from db.base import now
from db.commands import definition_steps as steps
from db.queries import convenings
from db.queries import definitions as reading


def adopt(session: Session, actor: Actor, version_id: int, convening_id: int | None) -> int:
    """Adopts a version in a convening, when every view on it and before it is closed.

    Raises Invalid with one problem for each view that is not, or for each room in which people can
    still dissent (``convening.dissent.adoption``), or with ``required`` (field ``adopted_in``)
    without a convening. Anonymous notes that are held back count like any other; hidden ones do
    not. Whoever dissents or answers meanwhile waits (``dissent_steps``).
    """
    row, version = steps.locked(session, actor, version_id, Action.ADOPT_DEFINITION)
    steps.check_move(version, VersionState.ADOPTED)
    views = reading.views(session, row.key, version.number)
    problems = dissent.adoption(views, now(), reading.open_rooms(session, row))
    if problems:
        raise Invalid(problems)
    if convening_id is None:
        raise Invalid([Problem("required", field="adopted_in")])
    steps.supersede(session, row, version, VersionState.ADOPTED)
    steps.move(version, VersionState.ADOPTED)
    version.adopted_at, version.adopted_by_id = now(), actor.user_id
    version.adopted_in_id = convenings.key_within(session, actor, row.initiative_id, convening_id)
    steps.tell_rooms(session, row)
    standing = len(dissent.standing(views, now()))
    steps.record(session, actor, "adopt", row, number=version.number, standing=standing)
    return version.key
