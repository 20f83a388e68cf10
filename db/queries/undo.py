"""What the actor did last and can still take back."""

from sqlmodel import Session, col, select

from convening.roles import Action, Actor, require
from convening.undo import OFFERED_FOR, Undoable
from db.base import now
from db.tables.journal import Change

# The commands that can be taken back, with the right that it takes
UNDOABLE: dict[str, Action] = dict.fromkeys(
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
        "remove_sub_circle",
        "set_aside",
        "reopen",
        "move_onto_map",
    ),
    Action.EDIT_COMMUNITY,
)


def latest(session: Session, actor: Actor, initiative_id: int) -> Undoable | None:
    """The actor's latest change of the map, None when it is undone, old, or not to be undone."""
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    change = session.exec(
        select(Change)
        .where(Change.initiative_id == initiative_id, Change.actor_id == actor.user_id)
        .order_by(col(Change.id).desc())
        .limit(1)
    ).first()
    if change is None or change.undone_at is not None or change.command not in UNDOABLE:
        return None
    if change.created_at < now() - OFFERED_FOR:
        return None
    return Undoable(change.key, change.command, change.created_at)
