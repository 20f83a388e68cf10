"""Balance by stage as records: the whole for a team, and what of it may leave the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from convening import balance, funnel
from convening.balance import Shares
from convening.convenings import Convening
from convening.initiatives import Stage
from convening.vocabulary import FunnelStep, Group, Range

Masks = Mapping[int, int]  # people by mask of groups (``balance.mask``)


@dataclass(frozen=True)
class RoomShares:
    """A convening with its people: those in the room once it is held, those expected before."""

    convening: Convening
    shares: Shares


@dataclass(frozen=True)
class StageBalance:
    """Everything that a team sees. ``steps`` has every stage with every step, also at 0.

    ``table`` has the shape of ``funnel.funnel``, over the ids of the stages.
    """

    stages: tuple[Stage, ...]
    steps: Mapping[tuple[int, FunnelStep], Shares]
    table: pd.DataFrame
    rooms: tuple[RoomShares, ...]
    earlier: int = 0

    @property
    def map(self) -> Shares:
        """Everybody on the map, and whoever was invited and has left it since."""
        return next(
            (each for (_, step), each in self.steps.items() if step is FunnelStep.ON_THE_MAP),
            balance.shares([]),
        )


@dataclass(frozen=True)
class SuppressedBalance:
    """What leadership sees: ``table`` as of ``funnel.suppressed``, NA where it is withheld."""

    stages: tuple[Stage, ...]
    table: pd.DataFrame


def table(stages: Sequence[Stage], steps: Mapping[tuple[int, FunnelStep], Masks]) -> pd.DataFrame:
    """The table of ``funnel.funnel`` from people by mask; a stage and step left out counts 0."""
    rows = []
    for stage in stages:
        for step in FunnelStep:
            counts = np.zeros(balance.MASKS, dtype=np.int64)
            for mask, people in steps.get((stage.id, step), {}).items():
                counts[mask] = people
            rows.append([*balance.heads(counts).tolist(), int(counts.sum())])
    index = pd.MultiIndex.from_product(
        [[each.id for each in stages], list(FunnelStep)], names=["stage", "step"]
    )
    columns = pd.Index([*Group, funnel.PEOPLE], dtype=object)
    shaped = np.reshape(rows, (len(rows), len(columns)))
    return pd.DataFrame(shaped, index, columns, dtype="int64")


def targets(stage: Stage, on_the_map: Shares) -> Mapping[Group, Range]:
    """What a room of this stage is held against: the team's targets, until then the map."""
    return stage.targets or balance.reference(on_the_map)
