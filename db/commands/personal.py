"""Everything that an initiative holds about one person, for that person."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from convening.exports import person as file
from convening.i18n import Translator
from convening.roles import Action, Actor
from convening.vocabulary import Language
from db import audit, rows
from db.base import Table, columns, now
from db.commands import erasure
from db.erasing import Erasing
from db.queries import people as reading
from db.queries import traces
from db.tables.accounts import AuditEvent
from db.tables.community import Organisation
from db.tables.work import Convening

_LEFT_OUT = ("folded", "token_hash", "salt", "link_salt")  # what is only the machine's
_OTHERS = {  # columns by which a row names somebody else
    "tie": ("first_id", "second_id"),
    "distinct_pair": ("first_id", "second_id"),
}
_SHOWN_APART = ("nomination",)


def export_person(session: Session, actor: Actor, stakeholder_id: int) -> bytes:
    """A ZIP of everything about the person, with others named nowhere but in their own words."""
    row = reading.row(session, actor, stakeholder_id, Action.EDIT_COMMUNITY)
    found = erasure.about(session, row.initiative_id, [stakeholder_id])
    content = {
        "made_at": now().isoformat(),
        "person": _rows(session, "stakeholder", found.people, found)[0],
        "organisation": _organisation(session, row.organisation_id),
        "held": {
            name: _rows(session, name, ids, found)
            for name, ids in sorted(found.owned.items())
            if name not in _SHOWN_APART
        },
        "invitations": _invitations(session, found),
        "nominations": _nominations(session, found),
        "earlier": _images(session, found),
        "log": _log(session, found),
    }
    audit.record(
        session,
        actor.user_id,
        "export_person",
        subject="stakeholder",
        subject_id=stakeholder_id,
        initiative_id=row.initiative_id,
    )
    readme = "\n\n".join(Translator(language)("data.readme") for language in Language)
    return file.write(content, readme)


def _rows(session: Session, name: str, ids: Iterable[int], found: Erasing) -> list[dict[str, Any]]:
    table = Table.metadata.tables[name]
    kinds = rows.kinds(table)
    return [
        _of_theirs(name, {n: rows.encoded(v, kinds[n]) for n, v in row.items()}, found)
        for row in traces.where(session, table, table.c.id, ids)
    ]


def _of_theirs(table: str, values: Mapping[str, Any], found: Erasing) -> dict[str, Any]:
    """Without what is the machine's, and with "somebody else" for the number of another person."""
    kept = {name: value for name, value in values.items() if name not in _LEFT_OUT}
    for name in (*_OTHERS.get(table, ()), "reached_through_id", "nominated_by_id"):
        if kept.get(name) is not None:
            kept[name] = "this person" if kept[name] in found.people else "somebody else"
    return kept


def _organisation(session: Session, organisation_id: int | None) -> str:
    row = session.get(Organisation, organisation_id) if organisation_id else None
    return row.name if row else ""


def _invitations(session: Session, found: Erasing) -> list[dict[str, Any]]:
    meeting = columns(Convening)
    invited = _rows(session, "invitation", found.invitations, found)
    ids = [each["convening_id"] for each in invited]
    titles = {
        row["id"]: {"title": row["title"], "starts": _moment(row["starts_at"])}
        for row in traces.where(session, meeting.id.table, meeting.id, ids)
    }
    return [{**each, "convening": titles.get(each["convening_id"])} for each in invited]


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None


def _nominations(session: Session, found: Erasing) -> list[dict[str, Any]]:
    """Those of the person, and those that the person made."""
    table = Table.metadata.tables["nomination"]
    query = select(table.c.id).where(
        or_(
            table.c.id.in_(found.owned.get("nomination", ())),
            table.c.nominated_by_id.in_(found.people),
        )
    )
    return _rows(session, "nomination", session.execute(query).scalars().all(), found)


def _images(session: Session, found: Erasing) -> list[dict[str, Any]]:
    """What the journal still holds of their rows as they were before a change."""
    mine = {**found.owned, "stakeholder": found.people, "invitation": set(found.invitations)}
    return [
        {"table": each.table_name, "before": _of_theirs(each.table_name, each.before, found)}
        for each in traces.images(session, found.initiative_id)
        if each.row_id in mine.get(each.table_name, ())
    ]


def _log(session: Session, found: Erasing) -> list[dict[str, Any]]:
    """Events about the person by their numbers; who did something is a number too."""
    event = columns(AuditEvent)
    query = (
        select(event.id, event.created_at, event.action, event.actor_id, event.details)
        .where(event.subject == "stakeholder", event.subject_id.in_(found.people))
        .order_by(event.id)
    )
    return [
        {**each, "created_at": each["created_at"].isoformat()}
        for each in map(dict, session.execute(query).mappings())
    ]
