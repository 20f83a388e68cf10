"""``make bench``: each figure as a ratio to one that is measured in the same run."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import room, rows, rules, screens, servers, visit
from tests.bench.load import Target
from tests.bench.rows import Row
from tests.bench.servers import OURS, SCREENS, Filled

PARTS = ("rules", "screens", "large", "start", "visit", "room")
PEOPLE, INVITATIONS = 100_000, 1_000_000
_ROUNDS, _QUICK_ROUNDS = 15, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, writes it to results.json; 1 where a limit is missed."""
    options = _options(arguments)
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        servers.fill_reference(folder)
        filled = servers.fill_with_samples(folder)
        rounds = _QUICK_ROUNDS if options.quick else _ROUNDS
        for part in options.parts:
            print(f"{part} …", file=sys.stderr, flush=True)
            if part == "rules":
                found += [rules.tabulation(), rules.matching(), rules.importing(folder)]
            elif part == "screens":
                found += asyncio.run(_screens(folder, filled, options.screens, rounds))
            elif part == "large":
                found += asyncio.run(_large(folder, filled, options, rounds))
            elif part == "start":
                found.append(asyncio.run(screens.start(folder, filled, 1 + 2 * (rounds > 5))))
            elif part == "visit":
                found += visit.first_visit(folder, filled)
            else:
                found += room.measure(folder, room.QUICK if options.quick else room.Size())
    rows.write(found)
    print(rows.markdown(found))
    return 0 if all(each.reached for each in found) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, and no large initiative")
    parser.add_argument("--screens", help="only these, with commas between them")
    parser.add_argument("--parts", help=f"only these of {', '.join(PARTS)}")
    parser.add_argument("--people", type=int, default=PEOPLE, help="on the map of the large one")
    parser.add_argument("--invitations", type=int, default=INVITATIONS)
    found = parser.parse_args(arguments)
    usual = [each for each in PARTS if not (found.quick and each == "large")]
    found.parts = found.parts.split(",") if found.parts else usual
    found.screens = found.screens.split(",") if found.screens else list(SCREENS)
    for given, known in ((found.parts, PARTS), (found.screens, SCREENS)):
        if unknown := set(given) - set(known):
            parser.error(f"there is no {', '.join(sorted(unknown))}")
    return found


async def _screens(folder: Path, filled: Filled, names: Sequence[str], rounds: int) -> list[Row]:
    with screens.three(folder, filled) as (ours, reference, floor):
        home, plain = filled.target(ours, "home"), Target(reference.url)
        memory = await screens.memory(ours, reference, home)  # while nobody has come before
        arrival = await screens.arrival(home, plain, 1 + 2 * (rounds > 5))
        found = await screens.samples(ours, reference, floor, filled, names, rounds)
        return [*found, arrival, memory]


async def _large(
    folder: Path, filled: Filled, options: argparse.Namespace, rounds: int
) -> list[Row]:
    many = servers.fill_large(folder, options.people, options.invitations)
    with (
        servers.running(OURS, folder, database=filled.database) as small,
        servers.running(OURS, folder, database=many.database) as large,
    ):
        people = f"{options.people:,} people"
        return await screens.at_size(small, large, (filled, many), options.screens, rounds, people)


if __name__ == "__main__":
    sys.exit(main())
