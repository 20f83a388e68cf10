"""Who may do what: one policy table, and the two questions that are asked of it.

``POLICY`` says for each action and role how far the permission reaches. What it does not list is
denied. Queries and commands of ``db`` call ``require``; pages ask ``may`` to leave out what a
viewer cannot do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from convening.problems import Forbidden, NotFound
from convening.vocabulary import Role


class Reach(IntEnum):
    """How far a permission reaches; a larger one includes the smaller ones."""

    NOWHERE = 0
    MANAGED = 1  # initiatives whose team the user manages
    TEAM = 2  # initiatives whose team the user is on
    EVERYWHERE = 3


class Action(StrEnum):
    OPEN_INITIATIVE = "open_initiative"
    CREATE_INITIATIVE = "create_initiative"
    EDIT_INITIATIVE = "edit_initiative"
    MANAGE_TEAM = "manage_team"
    DELETE_INITIATIVE = "delete_initiative"
    SEE_PEOPLE = "see_people"
    EDIT_COMMUNITY = "edit_community"
    SEE_CONVENINGS = "see_convenings"
    PLAN_CONVENING = "plan_convening"
    EDIT_AGENDA = "edit_agenda"
    INVITE = "invite"
    CHECK_IN = "check_in"
    SEE_BALANCE = "see_balance"
    SEE_SUPPRESSED_BALANCE = "see_suppressed_balance"
    RESTORE_DELETED = "restore_deleted"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_AUDIT = "see_audit"
    MANAGE_SAMPLE_DATA = "manage_sample_data"
    SEE_MAIL = "see_mail"
    ERASE_PERSON = "erase_person"
    BACK_UP = "back_up"
    GIVE_FEEDBACK = "give_feedback"
    SEE_FEEDBACK = "see_feedback"
    SEE_DEFINITION = "see_definition"
    EDIT_DEFINITION = "edit_definition"
    ADOPT_DEFINITION = "adopt_definition"
    SEE_DISSENT = "see_dissent"
    LOG_DISSENT = "log_dissent"
    RESPOND = "respond"
    SEE_HELD_NOTES = "see_held_notes"
    SEE_SUPPRESSED_DISSENT = "see_suppressed_dissent"
    RUN_ROOM = "run_room"
    SEE_OPINION = "see_opinion"
    EDIT_OPINION = "edit_opinion"
    BREAK_GLASS = "break_glass"


_ORGANISER, _FACILITATOR = Role.ORGANISER, Role.FACILITATOR
_TEAM, _MANAGED, _EVERYWHERE = Reach.TEAM, Reach.MANAGED, Reach.EVERYWHERE

POLICY: dict[Action, dict[Role, Reach]] = {
    Action.OPEN_INITIATIVE: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM, Role.LEADERSHIP: _TEAM},
    Action.CREATE_INITIATIVE: {_ORGANISER: _EVERYWHERE},
    Action.EDIT_INITIATIVE: {_ORGANISER: _TEAM},
    Action.MANAGE_TEAM: {_ORGANISER: _MANAGED},
    Action.DELETE_INITIATIVE: {_ORGANISER: _MANAGED},
    Action.SEE_PEOPLE: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.EDIT_COMMUNITY: {_ORGANISER: _TEAM},
    Action.SEE_CONVENINGS: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.PLAN_CONVENING: {_ORGANISER: _TEAM},
    Action.EDIT_AGENDA: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.INVITE: {_ORGANISER: _TEAM},
    Action.CHECK_IN: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.SEE_BALANCE: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.SEE_SUPPRESSED_BALANCE: {
        _ORGANISER: _TEAM,
        _FACILITATOR: _TEAM,
        Role.LEADERSHIP: _EVERYWHERE,
    },
    Action.RESTORE_DELETED: {_ORGANISER: _TEAM},
    Action.MANAGE_ACCOUNTS: {Role.ADMINISTRATOR: _EVERYWHERE},
    Action.SEE_AUDIT: {Role.ADMINISTRATOR: _EVERYWHERE},
    Action.MANAGE_SAMPLE_DATA: {Role.ADMINISTRATOR: _EVERYWHERE},
    Action.SEE_MAIL: {_ORGANISER: _TEAM},
    Action.ERASE_PERSON: {_ORGANISER: _MANAGED},
    Action.BACK_UP: {Role.ADMINISTRATOR: _EVERYWHERE},
    Action.GIVE_FEEDBACK: dict.fromkeys(Role, _EVERYWHERE),
    Action.SEE_FEEDBACK: {Role.ADMINISTRATOR: _EVERYWHERE},
    Action.SEE_DEFINITION: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM, Role.KEEPER: _TEAM},
    Action.EDIT_DEFINITION: {_ORGANISER: _TEAM},
    Action.ADOPT_DEFINITION: {_ORGANISER: _TEAM},
    Action.SEE_DISSENT: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM, Role.KEEPER: _TEAM},
    Action.LOG_DISSENT: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM, Role.KEEPER: _TEAM},
    Action.RESPOND: {_ORGANISER: _TEAM},
    Action.SEE_HELD_NOTES: {_FACILITATOR: _TEAM, Role.KEEPER: _TEAM},
    Action.SEE_SUPPRESSED_DISSENT: {
        _ORGANISER: _TEAM,
        _FACILITATOR: _TEAM,
        Role.KEEPER: _TEAM,
        Role.LEADERSHIP: _EVERYWHERE,
    },
    Action.RUN_ROOM: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.SEE_OPINION: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.EDIT_OPINION: {_ORGANISER: _TEAM, _FACILITATOR: _TEAM},
    Action.BREAK_GLASS: {Role.ADMINISTRATOR: _EVERYWHERE},
}


@dataclass(frozen=True)
class Actor:
    """A signed-in user as the rules see them; ``teams`` maps initiative id to "manages it"."""

    user_id: int
    roles: frozenset[Role]
    teams: Mapping[int, bool] = field(default_factory=dict)


def reach(actor: Actor, action: Action) -> Reach:
    """The widest reach that any of the actor's roles gives for the action."""
    granted = POLICY.get(action, {})
    return max((granted.get(role, Reach.NOWHERE) for role in actor.roles), default=Reach.NOWHERE)


def may(actor: Actor, action: Action, initiative_id: int | None = None) -> bool:
    """Whether the actor may do it to this initiative, or to any at all when none is named."""
    granted = reach(actor, action)
    if granted is Reach.EVERYWHERE:
        return True
    if initiative_id is None:
        managed = any(actor.teams.values())
        return (granted is Reach.TEAM and bool(actor.teams)) or (
            granted is Reach.MANAGED and managed
        )
    if granted is Reach.TEAM:
        return initiative_id in actor.teams
    return granted is Reach.MANAGED and actor.teams.get(initiative_id, False)


def require(actor: Actor, action: Action, initiative_id: int | None = None) -> None:
    """Raises Forbidden, or NotFound where the actor may not even know of the initiative."""
    if may(actor, action, initiative_id):
        return
    if initiative_id is not None and initiative_id not in actor.teams:
        raise NotFound("initiative")
    raise Forbidden(action)


def visible(actor: Actor, action: Action) -> set[int] | None:
    """The initiatives on which the actor may do it; None stands for all of them."""
    granted = reach(actor, action)
    if granted is Reach.EVERYWHERE:
        return None
    if granted is Reach.TEAM:
        return set(actor.teams)
    if granted is Reach.MANAGED:
        return {initiative for initiative, manages in actor.teams.items() if manages}
    return set()
