"""What was logged in one go is one entry."""

from datetime import UTC, datetime

from convening.room_entries import HandsDraft, count_prefix, entry_uuid, together
from convening.rooms import Logged
from convening.vocabulary import Choice, EntryKind, Group, Strength

S, G, I = Group  # noqa: E741
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ONE, OTHER = "0b0c8d4e-0000-4000-8000-000000000001", "0b0c8d4e-0000-4000-8000-000000000002"


def logged(key: int, uuid: str, kind: EntryKind | None = EntryKind.HANDS) -> Logged:
    strength = None if kind else Strength.CONCERN
    return Logged(key, uuid, kind, frozenset(), "", NINE, strength=strength)


def test_the_entries_of_a_count_share_how_their_ids_begin() -> None:
    draft = HandsDraft(ONE, 1)
    uuid = entry_uuid(draft, frozenset({G, S}), Choice.AGREE)
    assert uuid == f"{ONE}:steward+gateway:agree"
    assert count_prefix(uuid) == count_prefix(f"{ONE}::pass") == f"{ONE}:"


def test_a_count_stands_together_where_its_last_entry_stood() -> None:
    log = [
        logged(6, f"{OTHER}:steward:agree", EntryKind.CARDS),
        logged(5, f"{ONE}:gateway:pass"),
        logged(4, OTHER, EntryKind.POINT),
        logged(3, f"{ONE}:steward:agree"),
        logged(4, OTHER, None),
        logged(1, ONE, EntryKind.TURN),
    ]
    found = together(log)
    assert [[each.id for each in lines] for lines in found] == [[6], [3, 5], [4], [4], [1]]
    assert [lines[0].kind for lines in found[2:4]] == [EntryKind.POINT, None]
