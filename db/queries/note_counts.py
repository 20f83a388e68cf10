"""Which groups are large enough to have their notes counted for themselves."""

from collections import Counter, defaultdict

from sqlmodel import Session, col, select

from convening import anonymity
from convening.balance import groups_of
from convening.vocabulary import Attribution, Group, InvitationStatus, NoteState
from db.queries import places
from db.queries.dissent_rows import Definition, Note, Version, View
from db.tables.work import Convening

_UNCOUNTED = [NoteState.ARRIVED.value, NoteState.HIDDEN.value]


def countable(session: Session, initiative_id: int, *, every: bool = False) -> dict[Group, int]:
    """The groups whose notes may be counted for themselves, pooled over all convenings, with how
    many there are: anonymous and group-only ones, or ``every`` one for what leaves the team."""
    notes: dict[int, list[frozenset[Group]]] = defaultdict(list)
    for convening_id, groups in session.exec(
        select(Note.convening_id, Note.groups)
        .join(Convening, col(Convening.id) == Note.convening_id)
        .where(Convening.initiative_id == initiative_id, ~col(Note.state).in_(_UNCOUNTED))
    ):
        notes[convening_id].append(frozenset(map(Group, groups)))
    kinds = list(Attribution) if every else [Attribution.GROUP_ONLY]
    for view_convening, groups in session.exec(
        select(View.convening_id, View.groups)
        .join(Version, col(Version.id) == col(View.version_id))
        .join(Definition, col(Definition.id) == col(Version.definition_id))
        .where(
            Definition.initiative_id == initiative_id,
            col(View.attribution).in_(kinds),
            col(View.struck_at).is_(None),
        )
    ):
        notes[view_convening or 0].append(frozenset(map(Group, groups)))
    return dict(anonymity.pooled(_rooms(session, initiative_id, notes)).by_group)


def _rooms(
    session: Session, initiative_id: int, notes: dict[int, list[frozenset[Group]]]
) -> list[anonymity.Room]:
    attended = places.of_initiative(session, initiative_id)
    rooms = []
    for convening_id, groups in notes.items():
        present: Counter[Group] = Counter()
        for (status, mask), people in attended.get(convening_id, {}).items():
            if status is InvitationStatus.ATTENDED:
                present.update(dict.fromkeys(groups_of(mask), people))
        by_group = Counter(group for each in groups for group in each)
        rooms.append(anonymity.Room(present, len(groups), by_group))
    return rooms
