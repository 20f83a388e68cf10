"""The last thing that somebody did, as long as it can be taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

OFFERED_FOR = timedelta(minutes=30)  # long enough to notice, short enough to still know what it was


@dataclass(frozen=True)
class Undoable:
    """A change of the viewer's own; ``command`` names the decision."""

    change_id: int
    command: str
    at: datetime
