"""How an invitation moves, who holds a place, and who counts."""

from datetime import UTC, datetime, timedelta

import pytest

from convening.convenings import Convening
from convening.invitations import (
    COUNTED,
    HOLDS_A_PLACE,
    MOVES,
    REACHED,
    Capacity,
    Invitation,
    by_status,
    capacity,
    check_in_open,
    counted,
    move,
    possible_moves,
    takes_a_place,
    usual_basis,
)
from convening.problems import Problem
from convening.vocabulary import (
    Basis,
    ConveningKind,
    ConveningState,
    FunnelStep,
    InvitationStatus,
    Part,
    Relationship,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALLOWED = {
    ("proposed", "invited"),
    ("proposed", "waitlisted"),
    ("proposed", "attended"),
    ("proposed", "withdrawn"),
    ("waitlisted", "invited"),
    ("waitlisted", "accepted"),
    ("waitlisted", "attended"),
    ("waitlisted", "withdrawn"),
    ("invited", "accepted"),
    ("invited", "declined"),
    ("invited", "waitlisted"),
    ("invited", "attended"),
    ("invited", "withdrawn"),
    ("accepted", "declined"),
    ("accepted", "attended"),
    ("accepted", "absent"),
    ("accepted", "withdrawn"),
    ("declined", "accepted"),
    ("declined", "attended"),
    ("declined", "withdrawn"),
    ("attended", "absent"),
    ("absent", "attended"),
}


def invitation(status: InvitationStatus, part: Part = Part.TAKING_PART) -> Invitation:
    return Invitation(
        id=1,
        convening_id=1,
        stakeholder_id=1,
        name="Amal",
        organisation_id=None,
        organisation="",
        groups=frozenset(),
        relationship=Relationship.NONE,
        part=part,
        status=status,
        status_at=START,
        barriers="",
        support=(),
        times_before=0,
        version=1,
    )


def meeting(state: ConveningState, zone: str = "Asia/Amman") -> Convening:
    """Starts at 12:00 on 2 March 2026 on the clocks of Amman."""
    return Convening(
        id=1,
        initiative_id=1,
        stage_id=1,
        title="Workshop",
        purpose="",
        kind=ConveningKind.WORKSHOP,
        state=state,
        starts_local=datetime(2026, 3, 2, 12, 0),
        ends_local=None,
        zone=zone,
        starts_at=START,
        ends_at=None,
        place="",
        link="",
        capacity=None,
        openness=None,
        version=1,
    )


@pytest.mark.parametrize("wanted", list(InvitationStatus))
@pytest.mark.parametrize("current", list(InvitationStatus))
def test_an_invitation_moves_by_the_table_and_in_no_other_way(
    current: InvitationStatus, wanted: InvitationStatus
) -> None:
    if (current.value, wanted.value) in ALLOWED:
        assert move(current, wanted) is None
    else:
        assert move(current, wanted) == Problem(
            "cannot_move", {"status": current, "wanted": wanted}
        )


def test_the_table_names_every_status_once() -> None:
    assert set(MOVES) == set(InvitationStatus)
    assert {(a.value, b.value) for a, row in MOVES.items() for b in row} == ALLOWED


def test_a_mixed_selection_may_move_only_where_each_of_them_may() -> None:
    chosen = [InvitationStatus.INVITED, InvitationStatus.DECLINED]
    assert possible_moves(chosen) == [
        InvitationStatus.ACCEPTED,
        InvitationStatus.ATTENDED,
        InvitationStatus.WITHDRAWN,
    ]
    assert possible_moves([]) == []


def test_proposed_people_hold_a_place_and_those_who_said_no_do_not() -> None:
    people = [invitation(status) for status in InvitationStatus]
    assert [each.status.value for each in people if each.status in HOLDS_A_PLACE] == [
        "proposed",
        "invited",
        "accepted",
        "attended",
    ]
    assert capacity(people, 5) == Capacity(taken=4, places=5)


@pytest.mark.parametrize(
    ("taken", "places", "free", "full"),
    [(18, 20, 2, False), (20, 20, 0, True), (21, 20, 0, True), (7, None, None, False)],
)
def test_free_places_never_fall_below_none(
    taken: int, places: int | None, free: int | None, full: bool
) -> None:
    assert (Capacity(taken, places).free, Capacity(taken, places).full) == (free, full)


@pytest.mark.parametrize(
    ("current", "wanted", "needs"),
    [
        ("waitlisted", "invited", True),
        ("waitlisted", "accepted", True),
        ("declined", "accepted", True),
        ("invited", "accepted", False),
        ("waitlisted", "attended", False),
        ("invited", "declined", False),
    ],
)
def test_a_move_needs_a_free_place_when_the_person_held_none(
    current: str, wanted: str, needs: bool
) -> None:
    assert takes_a_place(InvitationStatus(current), InvitationStatus(wanted)) is needs


def test_the_funnel_counts_whoever_was_ever_past_proposed() -> None:
    assert {step.value: {each.value for each in found} for step, found in REACHED.items()} == {
        "invited": {"waitlisted", "invited", "accepted", "declined", "attended", "absent"},
        "accepted": {"accepted", "attended", "absent"},
        "in_the_room": {"attended"},
    }
    assert FunnelStep.ON_THE_MAP not in REACHED


def test_each_basis_counts_its_statuses() -> None:
    people = [invitation(status) for status in InvitationStatus]
    assert {
        basis.value: [each.status.value for each in counted(people, basis)] for basis in Basis
    } == {
        "expected": ["proposed", "invited", "accepted", "attended", "absent"],
        "accepted": ["accepted", "attended", "absent"],
        "attended": ["attended"],
    }
    assert set(COUNTED) == set(Basis)


def test_a_held_convening_is_read_from_those_in_the_room() -> None:
    assert usual_basis(meeting(ConveningState.HELD)) is Basis.ATTENDED
    assert usual_basis(meeting(ConveningState.PLANNED)) is Basis.EXPECTED


@pytest.mark.parametrize(
    ("state", "zone", "hours", "is_open"),
    [
        ("planned", "Asia/Amman", -13, False),  # 23:00 of the evening before in Amman
        ("planned", "Asia/Amman", -11, True),  # 1:00 of its day there
        ("planned", "Asia/Amman", 200, True),
        ("cancelled", "Asia/Amman", 1, False),
        ("held", "Asia/Amman", -100, True),
    ],
)
def test_attendance_is_noted_from_the_day_of_the_convening_on(
    state: str, zone: str, hours: int, is_open: bool
) -> None:
    now = START + timedelta(hours=hours)
    assert check_in_open(meeting(ConveningState(state), zone), now) is is_open


def test_a_panel_is_staged_and_co_design_is_work() -> None:
    assert invitation(InvitationStatus.INVITED, Part.CO_DESIGN).works
    assert not invitation(InvitationStatus.INVITED, Part.PANEL).works


def test_every_status_has_its_count() -> None:
    counts = by_status([invitation(InvitationStatus.INVITED)] * 2)
    assert counts[InvitationStatus.INVITED] == 2
    assert sum(counts.values()) == 2
    assert set(counts) == set(InvitationStatus)
