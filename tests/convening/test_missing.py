"""Who is missing from a room, and who comes first from its waitlist."""

import random

import pytest

from convening import balance
from convening.missing import Present, Uninvited, first_from_waitlist, who_is_missing
from convening.problems import Problem
from convening.vocabulary import Group, Range

S, G, I = Group  # noqa: E741
THIRDS = balance.thirds()

# One steward, four gateways, four influencers.
ROOM = [Present({S}, "circle"), *[Present({G}, "ngo")] * 4, *[Present({I}, "city")] * 4]


def person(id: int, *groups: Group, **more: object) -> Uninvited:
    return Uninvited(id, frozenset(groups), **more)  # type: ignore[arg-type]


def ids(*candidates: Uninvited, room: list[Present] = ROOM) -> list[int | str]:
    return [each.id for each in who_is_missing(room, candidates, THIRDS)]


def test_whoever_closes_the_gap_most_comes_first_and_who_widens_it_not_at_all() -> None:
    # 1/9 of stewards is 0.1722 below; 4/9 each of the others is 0.0611 above.
    assert ids(person(1, I), person(2, S, G), person(3, S), person(4)) == [3, 2]


def test_the_gain_is_the_fall_of_the_gap() -> None:
    (found,) = who_is_missing(ROOM, [person(3, S)], THIRDS)
    before = (1 / 3 - 0.05 - 1 / 9) + 2 * (4 / 9 - 1 / 3 - 0.05)
    after = (1 / 3 - 0.05 - 2 / 10) + 2 * (4 / 10 - 1 / 3 - 0.05)
    assert found.gain == pytest.approx(before - after)


def test_a_room_that_meets_its_targets_misses_nobody() -> None:
    assert ids(person(1, S), room=[Present({S}), Present({G}), Present({I})]) == []


def test_without_targets_nobody_is_missing() -> None:
    assert who_is_missing(ROOM, [person(1, S)], {}) == []


def test_in_an_empty_room_whoever_stands_for_all_groups_comes_first() -> None:
    assert ids(person(1, S), person(2, S, G), person(3, S, G, I), room=[])[0] == 3


def test_of_people_who_would_help_alike_those_heard_least_come_first() -> None:
    assert ids(
        person(1, S, times_invited=2),
        person(2, S, close=True),
        person(3, S, times_invited=1),
        person(4, S, organisation="ngo"),
        person(5, S, organisation="market"),
        person(6, S),
    ) == [5, 4, 6, 2, 3, 1]


def test_a_second_person_of_an_organisation_waits_for_the_first_of_the_others() -> None:
    assert ids(
        person(1, S, organisation="market"),
        person(2, S, organisation="market"),
        person(3, S, organisation="school"),
        person(4, S, organisation="market"),
    ) == [1, 3, 2, 4]


def test_groups_are_not_ranked_people_of_two_groups_that_lack_alike_come_mixed() -> None:
    room = [Present({I})] * 6
    assert ids(person(4, S), person(1, G), person(3, G), person(2, S), room=room) == [1, 2, 3, 4]


def test_the_order_of_the_candidates_makes_no_difference() -> None:
    chance = random.Random(3)
    candidates = [
        Uninvited(
            id=number,
            groups=frozenset(group for group in Group if chance.random() < 0.5),
            organisation=chance.choice(["a", "b", None]),
            times_invited=chance.randrange(3),
            close=chance.random() < 0.5,
        )
        for number in range(60)
    ]
    expected = who_is_missing(ROOM, candidates, THIRDS, limit=None)
    chance.shuffle(candidates)
    assert who_is_missing(ROOM, candidates, THIRDS, limit=None) == expected
    assert who_is_missing(ROOM, candidates, THIRDS, limit=5) == expected[:5]


def test_each_suggestion_says_why() -> None:
    candidate = person(1, S, organisation="market", through="Huda")
    (found,) = who_is_missing(ROOM, [candidate], THIRDS)
    assert found.reasons == (
        Problem("closes_gap", {"group": S, "heads": 1, "people": 9}),
        Problem("new_face"),
        Problem("new_organisation", {"organisation": "market"}),
        Problem("known_through", {"name": "Huda"}),
    )


def test_reasons_that_do_not_hold_are_left_out() -> None:
    known = person(1, S, organisation="city", through="Huda", times_invited=1, close=True)
    (found,) = who_is_missing(ROOM, [known], THIRDS)
    assert [each.code for each in found.reasons] == ["closes_gap"]


def test_where_no_group_lacks_people_the_reason_is_whom_they_stand_beside() -> None:
    room = [*[Present({I})] * 2, Present({S}), Present({G})]
    targets = {S: Range(0.2, 1), G: Range(0.2, 1), I: Range(0.1, 0.4)}
    found = who_is_missing(room, [person(1, S, times_invited=1)], targets)
    assert [each.reasons for each in found] == [(Problem("counterweight", {"group": I}),)]


def test_a_hundred_thousand_people_take_no_more_arithmetic_than_eight_kinds_of_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rooms = []
    joined = balance.joined

    def counted(shares: balance.Shares, groups: frozenset[Group]) -> balance.Shares:
        rooms.append(groups)
        return joined(shares, groups)

    monkeypatch.setattr(balance, "joined", counted)
    kinds = [*balance.OVERLAPS, frozenset[Group]()]
    crowd = [Uninvited(number, kinds[number % 8]) for number in range(100_000)]
    found = who_is_missing(ROOM, crowd, THIRDS, limit=3)
    assert [each.id for each in found] == [0, 8, 16]
    assert len(rooms) == 8


# -- the waitlist ---------------------------------------------------------------------------------


def test_from_the_waitlist_comes_who_most_improves_the_balance() -> None:
    found = first_from_waitlist(ROOM, [person(1, I), person(2, S, G), person(3, S)], THIRDS)
    assert found is not None
    assert found.id == 3
    assert found.gain == pytest.approx((0.2 + 2 / 3) - (1 / 9 + 2 / 3))
    assert found.reasons[0] == Problem("closes_gap", {"group": S, "heads": 1, "people": 9})


def test_among_equals_who_has_waited_longest_comes_first() -> None:
    found = first_from_waitlist(ROOM, [person(9, S, times_invited=4), person(1, S)], THIRDS)
    assert found is not None
    assert found.id == 9


def test_somebody_is_proposed_even_where_nobody_improves_the_balance() -> None:
    balanced = [Present({S}), Present({G}), Present({I})]
    found = first_from_waitlist(balanced, [person(5, I, times_invited=1), person(6, S)], THIRDS)
    assert found is not None
    assert (found.id, found.reasons) == (5, (Problem("waited_longest"),))
    assert found.gain == pytest.approx(5 / 6 - 1)


@pytest.mark.parametrize("targets", [{}, {S: Range(0, 0)}])
def test_without_targets_the_queue_decides(targets: dict[Group, Range]) -> None:
    found = first_from_waitlist(ROOM, [person(8, I), person(2, S)], targets)
    assert found is not None
    assert (found.id, found.gain, found.reasons) == (8, 0.0, (Problem("waited_longest"),))


def test_an_empty_room_is_not_counted_out() -> None:
    found = who_is_missing([], [person(1, S)], THIRDS)
    assert [each for each in found[0].reasons if each.code.startswith("closes_gap")] == [
        Problem("closes_gap_first", {"group": S})
    ]


def test_nobody_waits_nobody_comes() -> None:
    assert first_from_waitlist(ROOM, [], THIRDS) is None
