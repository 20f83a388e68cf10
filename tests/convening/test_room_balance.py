"""One room: who counts, what is asked, who is missing, who comes off the waitlist."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from convening import room_balance
from convening.balance import shares
from convening.invitations import Capacity, Choice, Invitation
from convening.vocabulary import Basis, Group, InvitationStatus, Part, Range, Relationship

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
THIRDS = {group: Range(0.28, 0.38) for group in Group}
NOBODY = shares([])


def invitation(number: int, *groups: Group, status: InvitationStatus = S.PROPOSED) -> Invitation:
    return Invitation(
        id=number,
        convening_id=1,
        stakeholder_id=number,
        name=f"Person {number}",
        organisation_id=None,
        organisation="",
        groups=frozenset(groups),
        relationship=Relationship.NONE,
        part=Part.TAKING_PART,
        status=status,
        status_at=START,
        barriers="",
        support=(),
        times_before=0,
        version=1,
    )


def choice(number: int, *groups: Group) -> Choice:
    return Choice(
        id=number,
        name=f"Choice {number}",
        organisation_id=None,
        organisation="",
        place="",
        groups=frozenset(groups),
        relationship=Relationship.NONE,
        times_invited=0,
    )


def codes(view: room_balance.RoomBalance) -> list[tuple[str, object]]:
    return [
        (each.code, each.params.get("group", each.params.get("organisation")))
        for each in view.problems
    ]


def test_nobody_chosen_is_no_problem_yet() -> None:
    view = room_balance.room([], Basis.EXPECTED, THIRDS, NOBODY, 20)
    assert (view.problems, view.shares.people) == ((), 0)
    assert view.capacity == Capacity(0, 20)


def test_only_those_on_the_basis_count() -> None:
    people = [
        invitation(1, STEWARD, status=S.ACCEPTED),
        invitation(2, GATEWAY, status=S.INVITED),
        invitation(3, INFLUENCER, status=S.DECLINED),
    ]
    view = room_balance.room(people, Basis.ACCEPTED, THIRDS, NOBODY, None)
    assert view.shares == shares([{STEWARD}])
    assert room_balance.room(people, Basis.EXPECTED, THIRDS, NOBODY, None).shares.people == 2


def test_the_map_stands_in_for_targets_that_are_not_set() -> None:
    on_the_map = shares([{STEWARD}, {STEWARD}, {GATEWAY}, {INFLUENCER}])
    view = room_balance.room([invitation(1, GATEWAY)], Basis.EXPECTED, {}, on_the_map, None)
    assert view.from_the_map
    assert view.targets[STEWARD] == Range(0.45, 0.55)
    assert codes(view)[:3] == [
        ("below_map", STEWARD),
        ("above_map", GATEWAY),
        ("below_map", INFLUENCER),
    ]
    assert not room_balance.room([], Basis.EXPECTED, THIRDS, on_the_map, None).from_the_map


def test_questions_come_in_one_order() -> None:
    council = [
        replace(invitation(number, INFLUENCER), organisation="Council", part=Part.PANEL)
        for number in (1, 2, 3)
    ]
    people = [*council, invitation(4, STEWARD), invitation(5)]
    view = room_balance.room(people, Basis.EXPECTED, THIRDS, NOBODY, None)
    assert codes(view) == [
        ("below_target", STEWARD),
        ("below_target", GATEWAY),
        ("above_target", INFLUENCER),
        ("lone_person", STEWARD),
        ("staged_only", INFLUENCER),
        ("organisation_over_represented", "Council"),
        ("unplaced", None),
    ]
    assert (view.parts[INFLUENCER].staged, view.parts[STEWARD].working) == (3, 1)


def test_new_faces_were_never_invited_before() -> None:
    people = [invitation(1), replace(invitation(2), times_before=2)]
    assert room_balance.room(people, Basis.EXPECTED, THIRDS, NOBODY, None).new_faces == 1


def test_who_closes_the_gap_is_named_with_the_reason() -> None:
    people = [invitation(1, GATEWAY), invitation(2, INFLUENCER)]
    view = room_balance.room(people, Basis.EXPECTED, THIRDS, NOBODY, None)
    found = room_balance.who_is_missing(
        people, [choice(7, GATEWAY), choice(8, STEWARD), choice(9)], view
    )
    assert [each.person.id for each in found] == [8]
    assert [each.code for each in found[0].suggestion.reasons] == ["closes_gap", "new_face"]


def test_a_free_place_is_for_whoever_improves_the_balance_most() -> None:
    people = [
        invitation(1, GATEWAY),
        replace(invitation(2, GATEWAY, status=S.WAITLISTED), status_at=START - timedelta(days=1)),
        invitation(3, STEWARD, status=S.WAITLISTED),
    ]
    view = room_balance.room(people, Basis.ACCEPTED, THIRDS, NOBODY, 2)
    found = room_balance.first_from_waitlist(people, view)
    assert found is not None
    assert found.invitation.id == 3


def test_of_people_alike_the_one_comes_first_who_has_waited_longest() -> None:
    waiting = invitation(2, STEWARD, status=S.WAITLISTED)
    earlier = replace(waiting, id=3, status_at=START - timedelta(days=1))
    people = [invitation(1, GATEWAY), waiting, earlier]
    found = room_balance.first_from_waitlist(
        people, room_balance.room(people, Basis.EXPECTED, THIRDS, NOBODY, None)
    )
    assert found is not None
    assert found.invitation.id == 3


def test_a_full_room_and_an_empty_waitlist_propose_nobody() -> None:
    people = [invitation(1, GATEWAY), invitation(2, STEWARD, status=S.WAITLISTED)]
    full = room_balance.room(people, Basis.EXPECTED, THIRDS, NOBODY, 1)
    assert room_balance.first_from_waitlist(people, full) is None
    free = room_balance.room(people[:1], Basis.EXPECTED, THIRDS, NOBODY, 5)
    assert room_balance.first_from_waitlist(people[:1], free) is None
