"""Rows that tests start from: each function adds one thing and returns its id or the actor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from convening.community import search_text
from convening.roles import Actor
from convening.vocabulary import (
    Choice,
    ConveningState,
    EntryKind,
    Group,
    InvitationStatus,
    Part,
    Relationship,
    Role,
    StageKind,
    StatementState,
    Support,
)
from db.commands import personal_links
from db.queries.accounts import actor
from db.tables import community, understanding, work
from db.tables import room as room_tables
from db.tables.accounts import TeamMembership, User, UserRole

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday; tests that look at the clock replace it


@dataclass(frozen=True)
class People:
    """Alice organises, Bob facilitates on her team, Charlie organises elsewhere, Dana leads."""

    alice: Actor
    bob: Actor
    charlie: Actor
    dana: Actor
    initiative_id: int
    foreign_id: int


def people(session: Session, *, name: str = "Renewal") -> People:
    """The four people of the tests, Alice's initiative and one of Charlie's."""
    alice, bob, charlie, dana = (
        user(session, who, role)
        for who, role in (
            ("Alice", Role.ORGANISER),
            ("Bob", Role.FACILITATOR),
            ("Charlie", Role.ORGANISER),
            ("Dana", Role.LEADERSHIP),
        )
    )
    own = initiative(session, name, manager=alice, team=[bob])
    foreign = initiative(session, "Elsewhere", manager=charlie)
    return People(
        actor(session, alice),
        actor(session, bob),
        actor(session, charlie),
        actor(session, dana),
        own,
        foreign,
    )


def user(session: Session, name: str, *roles: Role) -> int:
    row = User(email=f"{name.casefold()}@example.org", name=name)
    session.add(row)
    session.flush()
    session.add_all(UserRole(user_id=row.key, role=role.value) for role in roles)
    session.flush()
    return row.key


def initiative(
    session: Session, name: str = "Renewal", *, manager: int, team: Iterable[int] = ()
) -> int:
    row = work.Initiative(name=name)
    session.add(row)
    session.flush()
    session.add(TeamMembership(initiative_id=row.key, user_id=manager, manages=True))
    session.add_all(TeamMembership(initiative_id=row.key, user_id=each) for each in team)
    session.flush()
    return row.key


def stage(
    session: Session,
    initiative_id: int,
    kind: StageKind = StageKind.DESIGN,
    position: int = 0,
    targets: dict[Group, tuple[float, float]] | None = None,
) -> int:
    row = work.Stage(initiative_id=initiative_id, kind=kind.value, position=position)
    session.add(row)
    session.flush()
    session.add_all(
        work.StageTarget(stage_id=row.key, group=group.value, minimum=low, maximum=high)
        for group, (low, high) in (targets or {}).items()
    )
    session.flush()
    return row.key


def convening(
    session: Session,
    stage_id: int,
    title: str = "Workshop",
    *,
    capacity: int | None = None,
    state: ConveningState = ConveningState.PLANNED,
    starts_at: datetime | None = START,
    purpose: str = "",
) -> int:
    initiative_id = session.get_one(work.Stage, stage_id).initiative_id
    row = work.Convening(
        initiative_id=initiative_id,
        stage_id=stage_id,
        title=title,
        purpose=purpose,
        state=state.value,
        capacity=capacity,
        starts_at=starts_at,
        starts_local=starts_at.replace(tzinfo=None) if starts_at else None,
        ends_at=starts_at + timedelta(hours=2) if starts_at else None,
        ends_local=starts_at.replace(tzinfo=None) + timedelta(hours=2) if starts_at else None,
    )
    session.add(row)
    session.flush()
    return row.key


def organisation(session: Session, initiative_id: int, name: str) -> int:
    row = community.Organisation(initiative_id=initiative_id, name=name, folded=name.casefold())
    session.add(row)
    session.flush()
    return row.key


def person(
    session: Session,
    initiative_id: int,
    name: str,
    *groups: Group,
    organisation_id: int | None = None,
    relationship: Relationship = Relationship.NONE,
    place: str = "",
) -> int:
    known = session.get(community.Organisation, organisation_id) if organisation_id else None
    row = community.Stakeholder(
        initiative_id=initiative_id,
        name=name,
        folded=search_text(name, known.name if known else "", place),
        organisation_id=organisation_id,
        relationship=relationship.value,
        place=place,
    )
    session.add(row)
    session.flush()
    session.add_all(
        community.GroupMembership(stakeholder_id=row.key, group=each.value) for each in groups
    )
    session.flush()
    return row.key


def invitation(
    session: Session,
    convening_id: int,
    stakeholder_id: int | None,
    status: InvitationStatus = InvitationStatus.PROPOSED,
    *,
    part: Part = Part.TAKING_PART,
    groups_when_held: Iterable[Group] | None = None,
    barriers: str = "",
    support: Iterable[Support] = (),
) -> int:
    row = work.Invitation(
        convening_id=convening_id,
        stakeholder_id=stakeholder_id,
        status=status.value,
        status_at=START,
        part=part.value,
        barriers=barriers,
        support=[each.value for each in support],
    )
    if groups_when_held is not None:
        row.groups_when_held = [each.value for each in groups_when_held]
    session.add(row)
    session.flush()
    return row.key


def nomination(session: Session, initiative_id: int, name: str, *groups: Group) -> int:
    row = community.Nomination(
        initiative_id=initiative_id, name=name, groups=[each.value for each in groups]
    )
    session.add(row)
    session.flush()
    return row.key


def personal_link(session: Session, invitation_id: int) -> str:
    """The token of an invitation's link."""
    return personal_links.personal_link(session, session.get_one(work.Invitation, invitation_id))


def conversation(
    session: Session,
    initiative_id: int,
    *statements: StatementState,
    title: str = "The square",
    convening_id: int | None = None,
) -> tuple[int, list[int]]:
    """A conversation with a statement in each of these states, and the ids of the statements."""
    row = understanding.Conversation(
        initiative_id=initiative_id, title=title, convening_id=convening_id
    )
    session.add(row)
    session.flush()
    made = [
        understanding.Statement(
            conversation_id=row.key, number=number, text=f"Statement {number}", state=each.value
        )
        for number, each in enumerate(statements, 1)
    ]
    session.add_all(made)
    session.flush()
    return row.key, [each.key for each in made]


def votes(
    session: Session, statement_id: int, choice: Choice, voters: Iterable[str], *groups: Group
) -> None:
    """A vote of each of these voters, who declared these groups."""
    session.add_all(
        understanding.Vote(
            id=f"{statement_id}-{voter}",
            statement_id=statement_id,
            voter=voter,
            choice=choice.value,
            groups=[each.value for each in groups],
        )
        for voter in voters
    )
    session.flush()


def hands(
    session: Session,
    convening_id: int,
    statement_id: int,
    choice: Choice,
    people: int,
    *groups: Group,
    kind: EntryKind = EntryKind.HANDS,
) -> int:
    """Raised hands or cards on a statement, counted in a room."""
    row = room_tables.RoomEntry(
        uuid=f"{kind}-{statement_id}-{choice}-{'-'.join(groups)}-{people}",
        convening_id=convening_id,
        kind=kind.value,
        choice=choice.value,
        people=people,
        groups=[each.value for each in groups],
        statement_id=statement_id,
    )
    session.add(row)
    session.flush()
    return row.key
