"""What a person decided about an import, and what came of it."""

import dataclasses

from convening.vocabulary import DuplicateChoice


@dataclasses.dataclass(frozen=True)
class Decision:
    """What becomes of one row; UPDATE needs ``person_id``, whom on the map it is about."""

    choice: DuplicateChoice = DuplicateChoice.ADD
    person_id: int | None = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Head counts of an import; ``unplaced`` of the added people are in no group yet."""

    added: int
    updated: int
    skipped: int
    unplaced: int
