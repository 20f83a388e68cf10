"""What stands before a file that a command makes."""

from contextlib import nullcontext

import pytest
from sqlmodel import Session

from convening.problems import ConveningError, Forbidden, NotFound
from convening.roles import Action, Actor
from convening.vocabulary import Role
from pages.components import store

OWN, FOREIGN = 1, 2


@pytest.mark.parametrize(
    ("role", "action", "initiative_id", "refusal"),
    [
        (Role.ORGANISER, Action.EDIT_COMMUNITY, OWN, None),
        (Role.FACILITATOR, Action.EDIT_COMMUNITY, OWN, Forbidden),
        (Role.ORGANISER, Action.EDIT_COMMUNITY, FOREIGN, NotFound),
        (Role.ADMINISTRATOR, Action.BACK_UP, None, None),
        (Role.ORGANISER, Action.BACK_UP, None, Forbidden),
    ],
)
def test_only_whoever_may_do_it_gets_to_the_command(
    role: Role, action: Action, initiative_id: int | None, refusal: type[ConveningError] | None
) -> None:
    actor = Actor(1, frozenset({role}), {OWN: True})
    with pytest.raises(refusal) if refusal else nullcontext():
        assert store.permitted(Session(), actor, action, initiative_id) is actor
