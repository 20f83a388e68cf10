"""What needs the viewer today: a few aggregates over all their initiatives."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from convening.after import DUE_SOON
from convening.balance import from_counts, reference
from convening.convenings import Convening, is_over
from convening.home import Draft, Home, MapFacts, Upcoming
from convening.initiatives import Initiative, Stage
from convening.invitations import AWAITS_AN_ANSWER
from convening.roles import Action, Actor, Reach, reach, visible
from convening.vocabulary import ConveningState, Group, NominationState
from db.base import now
from db.queries import after, balance, convenings, initiatives, places
from db.tables import work
from db.tables.accounts import User
from db.tables.community import GroupName, Nomination

SHOWN = 5  # convenings ahead: the others stand on their own screen


def home(session: Session, actor: Actor) -> Home:
    """Everything on the first screen, by what the viewer's roles open; nothing of archived ones."""
    mine = _mine(session, actor)
    led: list[Initiative] = []
    if reach(actor, Action.SEE_SUPPRESSED_BALANCE) is Reach.EVERYWHERE:
        led = initiatives.listing(session, actor, action=Action.SEE_SUPPRESSED_BALANCE)
    users = None
    if reach(actor, Action.MANAGE_ACCOUNTS) is not Reach.NOWHERE:
        users = session.exec(select(func.count()).select_from(User)).one()
    if not mine:
        return Home(users=users, led=tuple(led))
    ids = [each.id for each in mine]
    stages = initiatives.stages_of(session, ids)
    maps = balance.map_masks(session, ids)
    open_ones = _open(session, ids)
    return Home(
        maps=tuple(_facts(session, mine, stages, maps)),
        upcoming=tuple(_upcoming(session, mine, stages, maps, open_ones)),
        drafts=tuple(
            Draft(_named(mine, each), each)
            for each in open_ones
            if each.state is ConveningState.DRAFT
        ),
        users=users,
        led=tuple(led),
        commitments=tuple(after.due(session, actor, now().date() + DUE_SOON + timedelta(days=1))),
    )


def _mine(session: Session, actor: Actor) -> list[Initiative]:
    if not visible(actor, Action.SEE_CONVENINGS):
        return []
    return initiatives.listing(session, actor, action=Action.SEE_CONVENINGS)


def _named(mine: Collection[Initiative], meeting: Convening) -> Initiative:
    return next(each for each in mine if each.id == meeting.initiative_id)


def _open(session: Session, ids: Collection[int]) -> list[Convening]:
    """Drafts and planned convenings by date, those without one last."""
    rows = session.exec(
        select(work.Convening)
        .where(
            col(work.Convening.initiative_id).in_(ids),
            col(work.Convening.state).in_([ConveningState.DRAFT, ConveningState.PLANNED]),
        )
        .order_by(
            col(work.Convening.starts_at).is_(None),
            col(work.Convening.starts_at),
            col(work.Convening.id),
        )
    )
    return [convenings.record(row) for row in rows]


def _facts(
    session: Session,
    mine: Collection[Initiative],
    stages: Collection[Stage],
    maps: Mapping[int, balance.Masks],
) -> list[MapFacts]:
    ids = [each.id for each in mine]
    nominations = dict(
        session.exec(
            select(Nomination.initiative_id, func.count())
            .where(
                col(Nomination.initiative_id).in_(ids),
                Nomination.state == NominationState.OPEN.value,
            )
            .group_by(col(Nomination.initiative_id))
        ).all()
    )
    meetings = dict(
        session.exec(
            select(work.Convening.initiative_id, func.count())
            .where(col(work.Convening.initiative_id).in_(ids))
            .group_by(col(work.Convening.initiative_id))
        ).all()
    )
    steps = Counter(each.initiative_id for each in stages)
    return [
        MapFacts(
            initiative=each,
            people=sum(maps[each.id].values()),
            unplaced=maps[each.id].get(0, 0),
            nominations=nominations.get(each.id, 0),
            stages=steps[each.id],
            convenings=meetings.get(each.id, 0),
        )
        for each in mine
    ]


def _upcoming(
    session: Session,
    mine: Collection[Initiative],
    stages: Collection[Stage],
    maps: Mapping[int, balance.Masks],
    open_ones: Collection[Convening],
) -> list[Upcoming]:
    """Those whose time has passed, and the next ones, by date."""
    moment = now()
    planned = [each for each in open_ones if each.state is ConveningState.PLANNED]
    passed = [each for each in planned if is_over(each, moment)]
    ahead = [each for each in planned if not is_over(each, moment)][:SHOWN]
    invited = places.of_convenings(session, [each.id for each in (*passed, *ahead)])
    names = _group_names(session, mine)
    by_id = {each.id: each for each in stages}
    found = []
    for each in (*passed, *ahead):
        stage = by_id[each.stage_id]
        on_the_map = from_counts(maps[each.initiative_id])
        standing = invited.get(each.id, {})
        found.append(
            Upcoming(
                initiative=_named(mine, each),
                convening=each,
                stage=stage,
                shares=from_counts(places.in_room(standing, each.state)),
                targets=stage.targets or reference(on_the_map),
                from_the_map=not stage.targets,
                group_names=names[each.initiative_id],
                unanswered=sum(
                    people for (status, _), people in standing.items() if status in AWAITS_AN_ANSWER
                ),
                over=is_over(each, moment),
            )
        )
    return found


def _group_names(
    session: Session, mine: Collection[Initiative]
) -> Mapping[int, Mapping[Group, str]]:
    """What each team calls its groups."""
    found: defaultdict[int, dict[Group, str]] = defaultdict(dict)
    for row in session.exec(
        select(GroupName).where(col(GroupName.initiative_id).in_([each.id for each in mine]))
    ):
        found[row.initiative_id][Group(row.group)] = row.name
    return found
