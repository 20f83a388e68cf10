"""Nominating people, and bringing them onto the map."""

from sqlmodel import Session

from convening.community import PersonDraft
from convening.nominations import NominationDraft, check_move, clean_nomination
from convening.problems import Invalid
from convening.roles import Action, Actor, require
from convening.vocabulary import NominationState
from db.commands import community, noting, people, versions
from db.queries import nominations as reading
from db.tables import community as table


def nominate(session: Session, actor: Actor, initiative_id: int, draft: NominationDraft) -> int:
    """Notes somebody who should have been asked."""
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    row = table.Nomination(initiative_id=initiative_id, name="")
    _write(session, row, draft)
    return noting.noted_row(session, actor, "nominate", row)


def edit_nomination(session: Session, actor: Actor, draft: NominationDraft) -> int:
    """Changes what is noted of a nomination; its state stays."""
    row = reading.row(session, actor, draft.id or 0)
    versions.check(row, draft.version)
    _write(session, row, draft)
    return noting.noted_row(session, actor, "edit_nomination", row)


def set_aside(
    session: Session, actor: Actor, nomination_id: int, version: int | None = None
) -> int:
    """Leaves a nomination for later."""
    return _move(session, actor, nomination_id, NominationState.SET_ASIDE, version, "set_aside")


def reopen(session: Session, actor: Actor, nomination_id: int, version: int | None = None) -> int:
    """Takes a nomination up again; whoever it brought onto the map stays there."""
    return _move(session, actor, nomination_id, NominationState.OPEN, version, "reopen")


def move_onto_map(
    session: Session,
    actor: Actor,
    nomination_id: int,
    person: PersonDraft | int,
    version: int | None = None,
) -> int:
    """Puts the nominated person on the map, as a new one or as somebody who is there already.

    Returns the id of the person on the map.
    """
    row = reading.row(session, actor, nomination_id)
    check_move(NominationState(row.state), NominationState.ON_THE_MAP)
    versions.check(row, version)
    if isinstance(person, int):
        row.stakeholder_id = people.of_map(session, row.initiative_id, [person])[0].key
    else:
        row.stakeholder_id = community.add_person(session, actor, row.initiative_id, person)
    row.state = NominationState.ON_THE_MAP
    noting.noted_row(session, actor, "move_onto_map", row)
    return row.stakeholder_id


def _move(
    session: Session,
    actor: Actor,
    nomination_id: int,
    to: NominationState,
    version: int | None,
    command: str,
) -> int:
    row = reading.row(session, actor, nomination_id)
    check_move(NominationState(row.state), to)
    versions.check(row, version)
    row.state = to
    row.stakeholder_id = None
    return noting.noted_row(session, actor, command, row)


def _write(session: Session, row: table.Nomination, draft: NominationDraft) -> None:
    cleaned, problems = clean_nomination(draft)
    if problems:
        raise Invalid(problems)
    for field, person_id in (
        ("nominated_by", cleaned.nominated_by_id),
        ("reached_through", cleaned.reached_through_id),
    ):
        people.require_on_map(session, row.initiative_id, [person_id], field)
    row.name, row.organisation = cleaned.name, cleaned.organisation
    row.reason = cleaned.reason
    row.groups = sorted(group.value for group in cleaned.groups)
    row.nominated_by_id = cleaned.nominated_by_id
    row.reached_through_id = cleaned.reached_through_id
    session.add(row)
