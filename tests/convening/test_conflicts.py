"""What two editors changed of one record, field by field."""

from dataclasses import fields, replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convening import drafts
from convening.accounts import AccountDraft, ProfileDraft
from convening.agenda import BlockDraft
from convening.community import GridEdit, PersonDraft, Placement
from convening.conflicts import IDENTITY, MISSING, TOGETHER, Conflict, Difference, compare
from convening.convening_drafts import ConveningDraft, StakeDraft
from convening.feedback import FollowUpDraft
from convening.i18n import messages
from convening.initiatives import InitiativeDraft
from convening.invitations import SupportDraft
from convening.nominations import NominationDraft
from convening.visits import VisitDraft
from convening.vocabulary import (
    Capital,
    Consent,
    Group,
    GuidingQuestion,
    Language,
    Range,
    Role,
    StageKind,
    Stake,
    Support,
)

DRAFTS = (
    PersonDraft,
    GridEdit,
    NominationDraft,
    ConveningDraft,
    BlockDraft,
    SupportDraft,
    InitiativeDraft,
    drafts.StageEdit,
    drafts.NameDraft,
    drafts.GroupNamesDraft,
    AccountDraft,
    ProfileDraft,
    VisitDraft,
    FollowUpDraft,
)
AMINA = PersonDraft("Amina", place="Zarqa", note="Knows the square.", id=7, version=1)


def test_what_each_changed_alone_stands_together() -> None:
    mine = replace(AMINA, place="Amman")
    theirs = replace(AMINA, phone="123", version=2)
    settled = replace(AMINA, place="Amman", phone="123", version=2)
    assert compare(AMINA, mine, theirs) == Conflict(settled, ("phone",), ("place",), ())


def test_what_both_changed_is_a_difference_with_both_values() -> None:
    found = compare(AMINA, replace(AMINA, place="Amman"), replace(AMINA, place="Irbid", version=2))
    assert found.differences == (Difference("place", "Zarqa", "Amman", "Irbid"),)
    assert found.resolved({"place": "Amman"}) == replace(AMINA, place="Amman", version=2)
    with pytest.raises(KeyError):
        found.resolved({})


def test_the_same_edit_of_both_is_none() -> None:
    both = replace(AMINA, place="Amman")
    assert compare(AMINA, both, replace(both, version=2)) == Conflict(
        replace(both, version=2), (), (), ()
    )


def test_prose_can_be_merged_and_other_text_cannot() -> None:
    mine = replace(AMINA, note="Knows the square well.", name="Amina H")
    theirs = replace(AMINA, note="She knows the square.", name="Amina Haddad")
    name, note = compare(AMINA, mine, theirs).differences
    assert (name.path, name.is_text) == ("name", False)
    assert (note.path, note.is_text) == ("note", True)
    assert note.merged().text == "She knows the square well."


def test_entries_of_a_mapping_are_compared_one_by_one() -> None:
    base = replace(AMINA, capitals={Capital.SOCIAL: "Trusted"})
    mine = replace(base, capitals={Capital.SOCIAL: "Trusted", Capital.FINANCIAL: "A shop"})
    theirs = replace(base, capitals={Capital.SOCIAL: "Trusted by all", Capital.FINANCIAL: "Rent"})
    found = compare(base, mine, theirs)
    assert found.taken_over == ("capitals.social",)
    assert found.differences == (
        Difference("capitals.financial", MISSING, "A shop", "Rent", Capital.FINANCIAL),
    )
    assert found.differences[0].is_text
    assert found.resolved({"capitals.financial": "A shop"}).capitals == {
        Capital.SOCIAL: "Trusted by all",
        Capital.FINANCIAL: "A shop",
    }


def test_a_field_that_stands_empty_is_no_edit() -> None:
    base = replace(AMINA, capitals={Capital.SOCIAL: "Trusted"})
    mine = replace(base, place="Amman", capitals={Capital.SOCIAL: "Trusted", Capital.FINANCIAL: ""})
    assert compare(base, mine, base).kept == ("place",)
    emptied = replace(base, capitals={Capital.SOCIAL: "", Capital.FINANCIAL: ""})
    found = compare(base, emptied, base)
    assert (found.kept, found.settled.capitals) == (("capitals.social",), {})


def test_an_entry_that_one_took_away_and_the_other_changed_is_asked_about() -> None:
    placed = Placement(GuidingQuestion.MOST_AFFECTED)
    base = replace(AMINA, groups={Group.STEWARD: Placement()})
    found = compare(base, replace(base, groups={}), replace(base, groups={Group.STEWARD: placed}))
    assert [each.path for each in found.differences] == ["groups.steward"]
    assert found.resolved({"groups.steward": MISSING}).groups == {}
    assert found.resolved({"groups.steward": placed}).groups == {Group.STEWARD: placed}


def test_two_who_add_to_a_set_never_have_to_choose() -> None:
    base = SupportDraft(3, 1, support=(Support.TRAVEL,))
    found = compare(
        base,
        replace(base, support=(Support.TRAVEL, Support.CHILDCARE)),
        replace(base, version=2, support=(Support.STIPEND,)),
    )
    assert found.settled == SupportDraft(3, 2, support=(Support.STIPEND, Support.CHILDCARE))
    assert (found.taken_over, found.kept, found.differences) == (("support",), ("support",), ())


def test_roles_that_one_gave_and_the_other_took_are_both_done() -> None:
    base = AccountDraft("Omar", "o@example.org", frozenset({Role.MEMBER}))
    found = compare(
        base,
        replace(base, roles=frozenset({Role.MEMBER, Role.ORGANISER})),
        replace(base, roles=frozenset()),
    )
    assert found.settled.roles == frozenset({Role.ORGANISER})


def test_stakes_of_both_stand() -> None:
    base = ConveningDraft(1, stakes=(StakeDraft(Stake.COULD_LOSE, "Tenants"),), answers={})
    mine = replace(base, stakes=(*base.stakes, StakeDraft(Stake.COULD_BLOCK, "Mayor")))  # type: ignore[misc]
    theirs = replace(base, stakes=(), version=2)
    assert compare(base, mine, theirs).settled.stakes == (StakeDraft(Stake.COULD_BLOCK, "Mayor"),)


def test_a_draft_that_says_nothing_of_ties_leaves_theirs() -> None:
    base = replace(AMINA, ties={3: 1})
    found = compare(base, replace(base, ties=None, place="Amman"), replace(base, ties={3: 5}))
    assert (found.settled.ties, found.settled.place) == ({3: 5}, "Amman")
    assert found.taken_over == ()


def test_a_start_is_never_cut_from_its_end() -> None:
    base = ConveningDraft(
        1, starts_local=datetime(2026, 6, 6, 10), ends_local=datetime(2026, 6, 6, 12), zone="UTC"
    )
    mine = replace(base, starts_local=datetime(2026, 6, 6, 14), ends_local=datetime(2026, 6, 6, 16))
    theirs = replace(base, ends_local=datetime(2026, 6, 6, 11), version=2)
    (difference,) = compare(base, mine, theirs).differences
    assert difference.path == "when"
    resolved = compare(base, mine, theirs).resolved({"when": difference.mine})
    assert resolved == replace(mine, version=2)


def test_a_consent_goes_with_its_day() -> None:
    mine = replace(AMINA, consent=Consent.GIVEN, consent_on=date(2026, 3, 1))
    theirs = replace(AMINA, consent=Consent.REFUSED, consent_on=date(2026, 3, 2))
    (difference,) = compare(AMINA, mine, theirs).differences
    assert difference.theirs == (Consent.REFUSED, date(2026, 3, 2))


def test_a_range_is_one_value() -> None:
    base = drafts.StageEdit(StageKind.DESIGN, targets={Group.STEWARD: Range(0.2, 0.5)})
    mine = replace(base, targets={Group.STEWARD: Range(0.3, 0.5)})
    theirs = replace(base, targets={Group.STEWARD: Range(0.2, 0.6)})
    (difference,) = compare(base, mine, theirs).differences
    assert (difference.path, difference.mine) == ("targets.steward", Range(0.3, 0.5))


PEOPLE = st.builds(
    PersonDraft,
    name=st.sampled_from(("Amina", "Omar")),
    place=st.sampled_from(("", "Zarqa", "عمّان")),
    minor=st.booleans(),
    note=st.sampled_from(("", "One. Two.", "One. Three.")),
    capitals=st.dictionaries(st.sampled_from(Capital), st.sampled_from(("a", "b"))),
    ties=st.dictionaries(st.integers(1, 3), st.integers(1, 5)),
    consent=st.sampled_from(Consent),
)


@given(PEOPLE, PEOPLE)
def test_where_nobody_else_saved_my_draft_is_what_i_typed(
    base: PersonDraft, mine: PersonDraft
) -> None:
    found = compare(base, mine, base)
    assert (found.settled, found.taken_over, found.differences) == (mine, (), ())


@given(PEOPLE, PEOPLE)
def test_where_i_typed_nothing_theirs_stands(base: PersonDraft, theirs: PersonDraft) -> None:
    found = compare(base, base, theirs)
    assert (found.settled, found.kept, found.differences) == (theirs, (), ())


@given(PEOPLE, PEOPLE, PEOPLE)
def test_choosing_one_side_throughout_keeps_every_value_of_it(
    base: PersonDraft, mine: PersonDraft, theirs: PersonDraft
) -> None:
    found = compare(base, mine, theirs)
    resolved = found.resolved({each.path: each.mine for each in found.differences})
    again = compare(base, mine, resolved)
    assert again.differences == ()
    assert again.kept == ()


@given(PEOPLE, PEOPLE, PEOPLE)
def test_the_third_editor_meets_what_was_chosen(
    base: PersonDraft, mine: PersonDraft, theirs: PersonDraft
) -> None:
    """A choice that is saved over what it was made from needs no second one."""
    found = compare(base, mine, theirs)
    resolved = found.resolved({each.path: each.theirs for each in found.differences})
    assert compare(theirs, resolved, theirs).settled == resolved


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", DRAFTS, ids=lambda kind: kind.__name__)
def test_every_field_of_every_draft_has_a_label(kind: type, language: Language) -> None:
    names = {each.name for each in fields(kind)} - IDENTITY - {"initiative_id", "convening_id"}
    parts = {part for whole in TOGETHER.values() for part in whole}
    wanted = (names - parts) | {whole for whole, own in TOGETHER.items() if set(own) <= names}
    known = messages(language)
    assert {name for name in wanted if f"conflict.field.{name}" not in known} == set()
