"""The personal link of an invitation: made with the first message, the same ever after."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from db import tokens
from db.tables import work


def personal_link(session: Session, invitation: work.Invitation) -> str:
    """The token of an invitation's link, which is made where there is none yet."""
    return tokens.of(personal_salts(session, [invitation])[invitation.key])


def personal_salts(session: Session, invitations: Sequence[work.Invitation]) -> dict[int, str]:
    """The salt of each invitation's link, by the invitation's id; with as many reads for many
    invitations as for one."""
    ids = [each.key for each in invitations]
    salts = {
        link.invitation_id: link.salt
        for link in session.exec(
            select(work.PersonalLink).where(col(work.PersonalLink.invitation_id).in_(ids))
        )
    }
    for invitation_id in ids:
        if invitation_id not in salts:
            link = tokens.new()
            session.add(
                work.PersonalLink(
                    invitation_id=invitation_id, salt=link.salt, token_hash=link.token_hash
                )
            )
            salts[invitation_id] = link.salt
    session.flush()
    return salts
