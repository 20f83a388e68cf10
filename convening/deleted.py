"""What was deleted and can still be taken back."""

from dataclasses import dataclass
from datetime import datetime

KEPT_DAYS = 30  # the time that a deletion can be taken back, promised on the screens


@dataclass(frozen=True)
class Deleted:
    """One deletion: ``subject`` is the kind of thing, ``name`` what it was called."""

    change_id: int
    subject: str
    name: str
    at: datetime
    by: str
    initiative_id: int | None
