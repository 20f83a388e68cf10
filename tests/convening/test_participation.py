"""What a note needs, and how many people declared a group at the least."""

import pytest

from convening import participation
from convening.participation import NoteDraft, Offered
from convening.vocabulary import Attribution, Group, NoteRelease, Strength

EVERYTHING = Offered(notes=True, version_in_hand=True)
STEWARD = frozenset({Group.STEWARD})
GROUP_ONLY = Attribution.GROUP_ONLY


def problems(
    draft: NoteDraft, room: Offered = EVERYTHING, groups: frozenset[Group] = STEWARD
) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in participation.cleaned(draft, room, groups)[2]]


def test_a_note_that_dissents_from_nothing_is_text_alone() -> None:
    view, text, found = participation.cleaned(
        NoteDraft("n", " Rent \u202erises "), EVERYTHING, STEWARD
    )
    assert (view, text, found) == (None, "Rent rises", [])


def test_a_concern_needs_a_sentence_and_an_objection_its_reason() -> None:
    assert problems(NoteDraft("n", "", Strength.CONCERN)) == [("required", "text")]
    assert problems(NoteDraft("n", "No", Strength.CONCERN)) == []
    assert problems(NoteDraft("n", "No", Strength.OBJECTION)) == [
        ("objection_needs_reason", "reason")
    ]
    assert problems(NoteDraft("n", "No", Strength.OBJECTION, "Rent")) == []


def test_without_a_version_in_hand_there_is_nothing_to_dissent_from() -> None:
    room = Offered(notes=True, version_in_hand=False)
    view, text, found = participation.cleaned(
        NoteDraft("n", "No", Strength.OBJECTION), room, STEWARD
    )
    assert (view, text, found) == (None, "No", [])


def test_a_small_room_takes_views_of_groups_and_no_notes() -> None:
    room = Offered(notes=False, version_in_hand=True)
    assert problems(NoteDraft("n", "No", Strength.CONCERN), room) == [
        ("notes_not_offered", "attribution")
    ]
    assert problems(NoteDraft("n", "No", Strength.CONCERN, attribution=GROUP_ONLY), room) == []


def test_a_view_of_a_group_needs_the_group_and_something_to_dissent_from() -> None:
    draft = NoteDraft("n", "No", Strength.CONCERN, attribution=GROUP_ONLY)
    assert problems(draft, groups=frozenset()) == [("group_not_declared", "attribution")]
    plain = NoteDraft("n", "No", attribution=GROUP_ONLY)
    assert problems(plain) == [("only_dissent_for_group", "attribution")]


def test_a_text_over_its_length_is_refused_and_not_cut() -> None:
    assert problems(NoteDraft("n", "x" * 2001)) == [("too_long", "text")]
    draft = NoteDraft("n", "x" * 2001, Strength.CONCERN, "y" * 5001, "z" * 5001)
    assert problems(draft) == [
        ("too_long", "text"),
        ("too_long", "reason"),
        ("too_long", "resolution"),
    ]


@pytest.mark.parametrize(
    ("release", "offered"),
    [
        (None, False),
        (NoteRelease.NOT_OFFERED, False),
        (NoteRelease.AFTER_CLOSING, True),
        (NoteRelease.LIVE, True),
    ],
)
def test_notes_are_offered_as_the_room_was_opened(
    release: NoteRelease | None, offered: bool
) -> None:
    assert participation.offers_notes(release) is offered


def test_somebody_of_two_groups_declares_both() -> None:
    # mask 1: stewards, 2: gateways, 3: both
    assert participation.certain({1: 3, 3: 2, 0: 4}, {0: 9}, present=9) == {
        Group.STEWARD: 5,
        Group.GATEWAY: 2,
        Group.INFLUENCER: 0,
    }


def test_more_declarations_than_people_make_no_group_larger() -> None:
    """Four declarations too many: they may all have been made to get one steward's note told by
    its group."""
    assert participation.certain({1: 5, 2: 6}, {0: 7}, present=7) == {
        Group.STEWARD: 1,
        Group.GATEWAY: 2,
        Group.INFLUENCER: 0,
    }


@pytest.mark.parametrize(
    ("by_mask", "wanted"),
    [
        ({1: 5, 2: 4, 3: 1}, {Group.GATEWAY}),  # the larger group is left out
        ({1: 4, 2: 4, 3: 1}, {Group.GATEWAY}),  # of equal ones always the same
        ({1: 9, 3: 1}, {Group.STEWARD}),
        ({3: 5}, {Group.STEWARD, Group.GATEWAY}),
        ({3: 4}, set()),
    ],
)
def test_a_note_keeps_groups_that_five_people_declared_together(
    by_mask: dict[int, int], wanted: set[Group]
) -> None:
    """Six stewards and five of the gateway are many, and the only one in both is one."""
    both = frozenset({Group.STEWARD, Group.GATEWAY})
    assert participation.kept(both, by_mask, {0: 12}, present=12) == wanted


def test_declarations_too_many_are_taken_off_groups_together_too() -> None:
    both = frozenset({Group.STEWARD, Group.GATEWAY})
    assert participation.kept(both, {1: 6, 3: 5}, {0: 10}, present=10) == {Group.STEWARD}


@pytest.mark.parametrize(
    ("here", "wanted"),
    [
        (
            {1: 9, 2: 4},
            set(),
        ),  # four of the gateway are here: the fifth declaration is a second one
        ({1: 8, 2: 5}, {Group.GATEWAY}),
        ({1: 8, 2: 4, 0: 1}, {Group.GATEWAY}),  # one whose groups nobody knows can be of it
    ],
)
def test_one_person_who_declares_five_times_is_not_five(
    here: dict[int, int], wanted: set[Group]
) -> None:
    """By coming back or from several browsers, in a room where few others have entered yet."""
    declared = frozenset({Group.GATEWAY})
    assert participation.kept(declared, {2: 5}, here, present=13) == wanted
