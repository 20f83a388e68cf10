"""What the actor did last and can still take back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from convening.roles import Action, Actor, may, require
from convening.undo import OFFERED, Undoable
from convening.vocabulary import InvitationStatus, Part
from db.base import Table, columns
from db.tables import community, room, work
from db.tables.journal import Change, RowImage

_MAP = (Action.EDIT_COMMUNITY,)
_ROOM = (Action.INVITE,)
_DOOR = (Action.INVITE, Action.CHECK_IN)
_AGENDA = (Action.EDIT_AGENDA,)

# The commands that can be taken back, with the rights of which one is enough
UNDOABLE: dict[str, tuple[Action, ...]] = {
    **dict.fromkeys(
        (
            "add_person",
            "edit_person",
            "edit_people",
            "place_person",
            "place_people",
            "leave_group",
            "set_relationship",
            "record_consent",
            "delete_stakeholders",
            "merge_stakeholders",
            "keep_both",
            "import_people",
            "name_groups",
            "add_sub_circle",
            "rename_sub_circle",
            "remove_sub_circle",
            "nominate",
            "edit_nomination",
            "set_aside",
            "reopen",
            "move_onto_map",
        ),
        _MAP,
    ),
    **dict.fromkeys(
        ("invite", "set_part", "withdraw", "waitlist", "set_support", "record_answer"), _ROOM
    ),
    **dict.fromkeys(
        (
            "move_status",
            "check_in",
            "check_in_by_code",
            "take_back_check_in",
            "add_walk_ins",
            "add_new_walk_in",
        ),
        _DOOR,
    ),
    **dict.fromkeys(
        (
            "add_block",
            "edit_block",
            "move_block",
            "duplicate_block",
            "delete_block",
            "apply_template",
            "retime",
        ),
        _AGENDA,
    ),
    **dict.fromkeys(
        (
            "write_review",
            "add_commitment",
            "edit_commitment",
            "tick_commitment",
            "remove_commitment",
        ),
        (Action.RUN_ROOM,),
    ),
}
_NAMED: dict[str, tuple[type[Table], str]] = {
    "stakeholder": (community.Stakeholder, "name"),
    "nomination": (community.Nomination, "name"),
    "sub_circle": (community.SubCircle, "name"),
    "agenda_block": (work.AgendaBlock, "title"),
    "convening": (work.Convening, "title"),
    "commitment": (room.Commitment, "what"),
}


def recent(session: Session, actor: Actor, initiative_id: int) -> list[Undoable]:
    """The actor's last ten changes that are not taken back yet, newest first."""
    require(actor, Action.OPEN_INITIATIVE, initiative_id)
    allowed = [
        command
        for command, rights in UNDOABLE.items()
        if any(may(actor, right, initiative_id) for right in rights)
    ]
    changes = session.exec(
        select(Change)
        .where(
            Change.initiative_id == initiative_id,
            Change.actor_id == actor.user_id,
            col(Change.command).in_(allowed),
            col(Change.undone_at).is_(None),
        )
        .order_by(col(Change.id).desc())
        .limit(OFFERED)
    ).all()
    names = _names(session, changes)
    return [
        Undoable(
            each.key,
            each.command,
            each.created_at,
            names.get((each.subject, each.subject_id), ""),
            _details(each),
        )
        for each in changes
    ]


def latest(session: Session, actor: Actor, initiative_id: int) -> Undoable | None:
    """The newest of them."""
    return next(iter(recent(session, actor, initiative_id)), None)


def _names(session: Session, changes: Sequence[Change]) -> dict[tuple[str, int | None], str]:
    """What the subjects are called: now, or before the change that took them away."""
    if not changes:
        return {}
    found: dict[tuple[str, int | None], str] = {}
    for subject, (model, column) in _NAMED.items():
        ids = {each.subject_id for each in changes if each.subject == subject}
        if ids:
            row = columns(model)
            rows = session.execute(select(row.id, row[column]).where(row.id.in_(ids)))
            found |= {(subject, row_id): name for row_id, name in rows}
    lost = [
        each
        for each in changes
        if each.subject in _NAMED and (each.subject, each.subject_id) not in found
    ]
    if not lost:
        return found
    images = session.exec(
        select(RowImage).where(
            col(RowImage.change_id).in_([each.key for each in lost]),
            col(RowImage.table_name).in_({each.subject for each in lost}),
            col(RowImage.row_id).in_([each.subject_id for each in lost]),
        )
    )
    for image in images:
        column = _NAMED[image.table_name][1]
        found[(image.table_name, image.row_id)] = str((image.before or {}).get(column, ""))
    return found


def _details(change: Change) -> Mapping[str, Any]:
    """With enumerations as their members, so that they can be worded."""
    found: dict[str, Any] = dict(change.details or {})
    if "status" in found:
        found["status"] = InvitationStatus(found["status"])
    if "part" in found:
        found["part"] = Part(found["part"])
    return found
