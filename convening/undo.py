"""What somebody did last to the map, the invitations and the agenda, to take back one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OFFERED = 10  # edits; further back nobody remembers what they did, and others have built on it


@dataclass(frozen=True)
class Undoable:
    """A change of the viewer's own; ``command`` names the decision, and its text.

    ``name`` is whom or what it was about, empty where that is many or is no longer there.
    ``details`` are the counts and enumerations that its text names.
    """

    change_id: int
    command: str
    at: datetime
    name: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
