"""What the bench finds: each figure beside the one that it is measured against in the same run."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Row:
    """``ratio`` is ``value`` over ``floor``; ``limit`` is the ratio to reach, None where a figure
    is only told. ``p50`` and ``p95`` are of the value, in its ``unit``."""

    name: str
    floor: float
    value: float
    ratio: float
    unit: str
    p50: float
    p95: float
    limit: float | None

    @property
    def reached(self) -> bool:
        return self.limit is None or self.ratio <= self.limit


def row(
    name: str,
    floor: Sequence[float],
    values: Sequence[float],
    limit: float | None,
    unit: str = "ms",
) -> Row:
    """The medians of two series of measurements."""
    base, value = statistics.median(floor), statistics.median(values)
    ratio = value / base if base else 0.0
    return Row(name, base, value, ratio, unit, value, percentile(values, 95), limit)


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank; ``share`` in per cent."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 100) - 1))]


def markdown(rows: Sequence[Row]) -> str:
    """The table as docs/performance.md holds it."""
    head = ["figure", "against", "p50", "p95", "ratio", "limit", ""]
    lines = [head, ["---", *["---:"] * 5, "---"]]
    for each in rows:
        limit = "" if each.limit is None else f"{each.limit:g}"
        mark = "" if each.limit is None else "reached" if each.reached else "**missed**"
        figures = [f"{number:,.1f} {each.unit}" for number in (each.floor, each.p50, each.p95)]
        lines.append([each.name, *figures, f"{each.ratio:.2f}", limit, mark])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(rows: Sequence[Row], path: Path = RESULTS) -> None:
    path.write_text(json.dumps([asdict(each) for each in rows], indent=2), encoding="utf-8")
