"""What is done now and then, without anybody asking: forgetting what is past its time."""

import logging
from pathlib import Path

from convening.problems import ConveningError
from db import compact, erasure, transaction
from db.commands import login, retention, trash
from db.engine import Engines

_LOG = logging.getLogger("halqa")


def tidy(engines: Engines) -> None:
    """Deletes ended login sessions and the journal of changes that cannot be taken back."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        login.forget_old(session)
        trash.forget_old(session)


def let_go(engines: Engines, backups: Path) -> int:
    """Announces which people are to be erased, and erases those whose notice is over.

    Returns of how many initiatives. Also ends an erasure whose file others were using.
    """
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        over = retention.announce(session)
    done = 0
    for initiative_id in over:
        try:
            erasure.whole_map(engines, None, backups, initiative_id)
            done += 1
        except ConveningError:
            _LOG.exception("the people of an initiative were not erased in their time")
    if compact.is_due(engines):
        compact.compact(engines)
    return done
