"""Nominations: what a draft must hold, and how one moves."""

import pytest

from convening.nominations import NominationDraft, check_move, clean_nomination
from convening.problems import ConveningError, Problem
from convening.vocabulary import Group, NominationState

S = NominationState
ALLOWED = {
    (S.OPEN, S.ON_THE_MAP),
    (S.OPEN, S.SET_ASIDE),
    (S.SET_ASIDE, S.OPEN),
    (S.ON_THE_MAP, S.OPEN),
}


@pytest.mark.parametrize("now", list(S))
@pytest.mark.parametrize("to", list(S))
def test_a_nomination_moves_by_the_table_alone(now: S, to: S) -> None:
    if (now, to) in ALLOWED:
        check_move(now, to)
    else:
        with pytest.raises(ConveningError) as caught:
            check_move(now, to)
        assert caught.value.problems == (Problem("nomination_move", {"now": now, "to": to}),)


def test_a_nomination_needs_a_name_and_its_texts_are_cleaned() -> None:
    draft = NominationDraft(" Rana ", " Savings\tcircle ", "why\r\nnot", frozenset({Group.STEWARD}))
    assert clean_nomination(draft) == (
        NominationDraft("Rana", "Savings circle", "why\nnot", frozenset({Group.STEWARD})),
        [],
    )
    assert clean_nomination(NominationDraft(" "))[1] == [Problem("required", {}, "name")]
