"""What is done now and then, without anybody asking: forgetting what is past its time."""

from db import transaction
from db.commands import login, trash
from db.engine import Engines


def tidy(engines: Engines) -> None:
    """Deletes ended login sessions and the journal of changes that cannot be taken back."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        login.forget_old(session)
        trash.forget_old(session)
