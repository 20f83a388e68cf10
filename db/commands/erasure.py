"""Erasing people from an initiative: from its tables, its journal, and on request from its texts.

What history counts stays: an invitation to a convening that was held keeps its groups, its part and
its status, without the person. An invitation to one that is still open goes with the person.
Nothing here leaves an image in the journal, so that nobody can take it back.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlmodel import Session

from convening.mentions import Mention, Names
from convening.roles import Action, Actor, require
from db import audit, journal
from db.base import Table, columns, now
from db.erasing import FREE_TEXT, Erasing, references
from db.queries import people as reading
from db.queries import traces
from db.tables.accounts import AuditEvent, InstallationValue
from db.tables.community import Nomination, Stakeholder
from db.tables.journal import Change, RowImage
from db.tables.mail import OutboxEmail
from db.tables.work import Invitation

TO_COMPACT = "to_compact"  # the installation's note that freed space still holds what was erased


def erase_person(
    session: Session, actor: Actor, stakeholder_id: int, *, in_texts: bool = True
) -> int:
    """Erases one person; ``in_texts`` leaves a gap for the name in what others wrote too.

    Files are not reached from here: see ``db.erasure``.
    """
    row = reading.row(session, actor, stakeholder_id, Action.ERASE_PERSON)
    initiative_id = row.initiative_id
    erase_people(session, initiative_id, [stakeholder_id], in_texts=in_texts)
    audit.record(
        session,
        actor.user_id,
        "erase_person",
        subject="stakeholder",
        subject_id=stakeholder_id,
        initiative_id=initiative_id,
    )
    return stakeholder_id


def erase_everybody(session: Session, actor_id: int | None, initiative_id: int) -> int:
    """Erases all people of an initiative's map; returns how many. Its callers check who may."""
    ids = everybody(session, initiative_id)
    erase_people(session, initiative_id, ids, in_texts=True)
    audit.record(
        session,
        actor_id,
        "erase_everybody",
        subject="initiative",
        subject_id=initiative_id,
        initiative_id=initiative_id,
        count=len(ids),
    )
    return len(ids)


def everybody(session: Session, initiative_id: int) -> list[int]:
    """The ids of all people on the map."""
    person = columns(Stakeholder)
    found = session.execute(select(person.id).where(person.initiative_id == initiative_id))
    return list(found.scalars())


def erase_people(
    session: Session, initiative_id: int, ids: Iterable[int], *, in_texts: bool
) -> None:
    """The same without asking who may, for those who have."""
    journal.leave_no_image(session)
    session.flush()
    found = about(session, initiative_id, ids)
    _settle_invitations(session, found)
    _clear_references(session, found)
    _delete(session, found)
    _rewrite_journal(session, found)
    if in_texts:
        _rewrite_texts(session, found)
    note_to_compact(session)
    session.expire_all()


def about(session: Session, initiative_id: int, ids: Iterable[int]) -> Erasing:
    """Everything that hangs on these people, in tables and journal, ready to be erased."""
    people = _with_merged(session, set(ids))
    found = Erasing(initiative_id, people, Names())
    person = columns(Stakeholder)
    for row in traces.where(session, person.id.table, person.id, people):
        found.learn("stakeholder", row["id"], row)
    for name, keys in references("stakeholder").items():
        each = Table.metadata.tables[name]
        for column, _ in keys:
            for row in traces.where(session, each, each.c[column], people):
                found.learn(name, row["id"], row)
    for name, keys in references("invitation").items():
        each = Table.metadata.tables[name]
        for column, _ in keys:
            for row in traces.where(session, each, each.c[column], found.invitations):
                found.learn(name, row["id"], row)
    _learn_by_name(session, found)
    for _ in range(2):  # the second time it is known which invitations are theirs
        for image in traces.images(session, initiative_id):
            found.learn(image.table_name, image.row_id, image.before)
    return found


def mentions(session: Session, actor: Actor, stakeholder_id: int) -> list[Mention]:
    """What others wrote with the person's name in it, to be looked at before the person goes."""
    row = reading.row(session, actor, stakeholder_id, Action.ERASE_PERSON)
    person = Erasing(row.initiative_id, [row.key], Names([row.name], [row.email, row.phone]))
    for name, keys in references("stakeholder").items():
        each = Table.metadata.tables[name]
        for column, _ in keys:
            for values in traces.where(session, each, each.c[column], [row.key]):
                person.learn(name, values["id"], values)
    _learn_by_name(session, person)
    found = []
    for table, values in traces.texts(session, row.initiative_id):
        if person.is_gone(table.name, values["id"]) or (
            table.name == "invitation" and values["id"] in person.invitations
        ):
            continue
        for field in FREE_TEXT[table.name]:
            excerpt = person.names.excerpt(traces.as_text(values[field]))
            if excerpt:
                title = traces.title(session, table, values)
                found.append(Mention(table.name, values["id"], field, title, excerpt))
    return found


def require_whole_map(actor: Actor, initiative_id: int) -> None:
    """Whether the actor may erase everybody of an initiative."""
    require(actor, Action.ERASE_PERSON, initiative_id)


def _with_merged(session: Session, people: set[int]) -> set[int]:
    """And the records that were merged into theirs: those were the same people."""
    event = columns(AuditEvent)
    merges = session.execute(
        select(event.subject_id, event.details).where(event.action == "merge_stakeholders")
    ).all()
    alive = columns(Stakeholder)
    while True:
        more = {dropped for dropped, details in merges if details.get("kept") in people} - people
        more -= set(session.execute(select(alive.id).where(alive.id.in_(more))).scalars())
        if not more:
            return people
        people |= more


def _learn_by_name(session: Session, found: Erasing) -> None:
    """Nominations of the same name, and messages to the same address, in this initiative."""
    nomination, email = columns(Nomination), columns(OutboxEmail)
    for table in (nomination.id.table, email.id.table):
        query = select(table).where(table.c.initiative_id == found.initiative_id)
        if table is email.id.table:
            query = query.where(email.recipient != "")
        for row in traces.streamed(session, query):
            found.learn(table.name, row["id"], row)


def _settle_invitations(session: Session, found: Erasing) -> None:
    invitation = columns(Invitation)
    table = invitation.id.table
    changes = []
    for row in traces.where(session, table, invitation.id, found.invitations):
        stays = found.invitation(row)
        if stays is None:
            found.owned.setdefault("invitation", set()).add(row["id"])
        else:
            changed = {f"new_{n}": value for n, value in stays.items() if n in _SETTLED}
            changes.append({"old_id": row["id"], **changed})
    if changes:
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _SETTLED}
        statement = update(table).where(table.c.id == bindparam("old_id")).values(new)
        session.connection().execute(statement, changes)


_SETTLED = (
    "stakeholder_id",
    "barriers",
    "support",
    "needs",
    "needs_note",
    "declined_because",
    "wants_place",
    "groups_when_held",
    "mask_when_held",
    "counted_as",
)


def _clear_references(session: Session, found: Erasing) -> None:
    for name, keys in references("stakeholder").items():
        table = Table.metadata.tables[name]
        for column, may_be_null in keys:
            for part in traces.parts(found.people if may_be_null else ()):
                session.execute(
                    update(table).where(table.c[column].in_(part)).values({column: None})
                )


def _delete(session: Session, found: Erasing) -> None:
    gone = {**found.owned, "stakeholder": found.people}
    for table in reversed(Table.metadata.sorted_tables):
        for part in traces.parts(gone.get(table.name, ())):
            session.execute(delete(table).where(table.c.id.in_(part)))


def _rewrite_journal(session: Session, found: Erasing) -> None:
    image, change = columns(RowImage), columns(Change)
    doomed: list[int] = []
    changed: list[dict[str, Any]] = []
    touched: set[int] = set()
    for each in traces.images(session, found.initiative_id):
        stays = found.image(each.table_name, each.row_id, each.before)
        if stays is None:
            doomed.append(each.id)
            touched.add(each.change_id)
        elif stays != each.before:
            changed.append({"old_id": each.id, "new_before": stays})
    for part in traces.parts(doomed):
        session.execute(delete(RowImage).where(image.id.in_(part)))
    if changed:
        table = image.id.table
        session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("old_id"))
            .values({"before": bindparam("new_before")}),
            changed,
        )
    for part in traces.parts(touched):
        left = select(image.id).where(image.change_id == change.id).exists()
        session.execute(delete(Change).where(change.id.in_(part), ~left))
    _name_another(session, found)


def _name_another(session: Session, found: Erasing) -> None:
    """A deletion of several people is offered under one of those who can still be put back."""
    image, change = columns(RowImage), columns(Change)
    another = (
        select(func.min(image.row_id))
        .where(image.change_id == change.id, image.table_name == "stakeholder")
        .scalar_subquery()
    )
    for part in traces.parts(found.people):
        session.execute(
            update(Change)
            .where(change.subject == "stakeholder", change.subject_id.in_(part))
            .values(subject_id=another)
            .execution_options(synchronize_session=False)
        )


def _rewrite_texts(session: Session, found: Erasing) -> None:
    changes = []
    for table, values in traces.texts(session, found.initiative_id):
        changed = found.text(table.name, values)
        if changed:
            changes.append((table, values, changed))
    for table, values, changed in changes:
        if "version" in values:  # whoever edits the text now is told, and does not put it back
            changed["version"] = values["version"] + 1
        session.execute(update(table).where(table.c.id == values["id"]).values(changed))


def note_to_compact(session: Session) -> None:
    """Notes that the file is to be written anew, which is done once nobody reads from it."""
    value = columns(InstallationValue)
    known = session.execute(
        update(InstallationValue).where(value.name == TO_COMPACT).values(number=1)
    )
    if not known.rowcount:  # type: ignore[attr-defined]
        session.execute(
            insert(InstallationValue).values(created_at=now(), name=TO_COMPACT, text="", number=1)
        )
