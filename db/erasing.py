"""What has to go of people who are erased, row by row: the same rules for images of the journal,
for the rows of a backup, and for the texts of others.

Values are those of JSON, as the journal and a backup hold them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy import Table as SqlTable

from convening.balance import mask
from convening.mentions import GAP, Names
from convening.text import fold
from convening.vocabulary import Group, InvitationStatus
from db import tables
from db.base import Table

assert tables

# Where people write freely, by table. Names of people and what is only a code or an address of
# the database stand in CODES of the test that compares both with the tables.
FREE_TEXT: dict[str, tuple[str, ...]] = {
    "initiative": ("name", "issue", "place"),
    "stage": ("name", "widening"),
    "stage_target": ("reason",),
    "convening": ("title", "purpose", "place", "link", "promise", "tensions"),
    "convening_answer": ("note",),
    "convening_stake": ("who",),
    "agenda_block": ("title", "goal", "lead", "materials"),
    "invitation": ("barriers", "needs_note", "declined_because"),
    "preparation_visit": ("visitor", "note"),
    "outbox_email": ("recipient_name", "subject", "text", "html", "calendar", "facts"),
    "organisation": ("name", "topics", "mission", "activities", "impact"),
    "stakeholder": ("place", "attributes", "note"),
    "sub_circle": ("name",),
    "group_name": ("name",),
    "capital_holding": ("words",),
    "nomination": ("name", "organisation", "reason"),
    "definition": ("title",),
    "definition_version": (
        *("statement", "affected", "strengths", "known", "contested", "scope", "changed", "why"),
    ),
    "evidence_source": ("title", "link", "note"),
    "dissenting_view": ("statement", "reason", "resolution", "passage", "struck_because"),
    "anonymous_note": ("text", "reason", "resolution", "hidden_because"),
    "dissent_response": ("rationale",),
    "conversation": ("title",),
    "statement": ("text",),
    "room": ("question",),
    "room_entry": ("text",),
    "convening_review": ("expected", "happened", "why", "change"),
    "commitment": ("what", "owner"),
    "broken_glass": ("reason",),
}
# What an invitation still says of somebody who is gone, and what it says then
_ABOUT_THE_PERSON: dict[str, Any] = {
    "stakeholder_id": None,
    "barriers": "",
    "support": [],
    "needs": None,
    "needs_note": "",
    "declined_because": "",
    "wants_place": False,
}


def references(to: str) -> dict[str, list[tuple[str, bool]]]:
    """By table the columns that name a row of ``to``, each with whether it may be null."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for each in Table.metadata.sorted_tables:
        for key in sorted(each.foreign_keys, key=lambda key: key.parent.name):
            if key.column.table.name == to:
                found.setdefault(each.name, []).append((key.parent.name, bool(key.parent.nullable)))
    return found


class Erasing:
    """The people of one initiative who go, and what was learnt of them so far.

    First every row and image is shown to ``learn``, then ``row`` and ``image`` say what stays.
    """

    def __init__(self, initiative_id: int, people: Iterable[int], names: Names) -> None:
        self.initiative_id = initiative_id
        self.people = set(people)
        self.names = names
        self.owned: dict[str, set[int]] = {}
        self.invitations: dict[int, int] = {}
        self.groups: dict[int, set[str]] = {}
        self.counted_as: dict[int, int] = {}
        self._to_people = references("stakeholder")
        self._to_invitations = references("invitation")

    def learn(self, table: str, row_id: int, values: Mapping[str, Any]) -> None:
        """Takes note of a row that is about one of the people, whole or as far as it is known."""
        if table == "stakeholder":
            self._learn_person(row_id, values)
        if table == "invitation" and values.get("stakeholder_id") in self.people:
            person = values["stakeholder_id"]
            self.invitations[row_id] = person
            self.counted_as[person] = min(self.counted_as.get(person, row_id), row_id)
        is_group = table == "group_membership" and "group" in values
        if is_group and values.get("stakeholder_id") in self.people:
            self.groups.setdefault(values["stakeholder_id"], set()).add(values["group"])
        if self._goes_with_them(table, values):
            self.owned.setdefault(table, set()).add(row_id)

    def row(self, table: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """What stays of a whole row of the initiative; None when it goes."""
        row_id = values["id"]
        if self.is_gone(table, row_id):
            return None
        if table == "invitation" and row_id in self.invitations:
            return self.invitation(values)
        return self._without_them(table, values)

    def image(
        self, table: str, row_id: int, before: Mapping[str, Any] | None
    ) -> dict[str, Any] | None:
        """What stays of an image of the journal; None when it goes or never held anything."""
        if before is None or self.is_gone(table, row_id):
            return None
        if table == "invitation" and row_id in self.invitations:
            cleared = {n: _ABOUT_THE_PERSON.get(n, value) for n, value in before.items()}
            if "stakeholder_id" in before and "id" in before:
                cleared["counted_as"] = self.counted_as.get(self.invitations[row_id])
            return self._without_them(table, cleared)
        return self._without_them(table, before)

    def text(self, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The free texts that hold a name, without it, and the columns that follow from them."""
        changed = {
            name: without
            for name in FREE_TEXT.get(table, ())
            if name in values and (without := self.names.without_in(values[name])) != values[name]
        }
        if table == "organisation" and "name" in changed:
            number = values.get("id")
            if changed["name"] == GAP and number is not None:
                changed["name"] = f"{GAP} {number}"  # names of organisations are unique
            changed["folded"] = fold(changed["name"])
        elif "folded" in values and not self.names.is_name(str(values.get("name", ""))):
            folded = self.names.without(values["folded"])
            if folded != values["folded"]:
                changed["folded"] = fold(folded)
        return changed

    def _learn_person(self, row_id: int, values: Mapping[str, Any]) -> None:
        if row_id not in self.people:
            return
        self.names.add_name(values.get("name") or "")
        for contact in ("email", "phone"):
            self.names.add_contact(values.get(contact) or "")

    def _goes_with_them(self, table: str, values: Mapping[str, Any]) -> bool:
        for column, may_be_null in self._to_people.get(table, ()):
            if not may_be_null and values.get(column) in self.people:
                return True
        for column, _ in self._to_invitations.get(table, ()):
            if values.get(column) in self.invitations:
                return True
        if table == "outbox_email" and values.get("initiative_id") == self.initiative_id:
            return self.names.is_contact(values.get("recipient") or "")
        if table == "nomination" and values.get("initiative_id") in (None, self.initiative_id):
            named = self.names.is_name(values.get("name") or "")
            return named or values.get("stakeholder_id") in self.people
        return False

    def is_gone(self, table: str, row_id: int) -> bool:
        if table == "stakeholder":
            return row_id in self.people
        return row_id in self.owned.get(table, ())

    def invitation(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The invitation as history counts it; one that was still open goes with its person."""
        person = self.invitations[values["id"]]
        kept = values.get("groups_when_held")
        if kept is None and values["status"] != InvitationStatus.ATTENDED:
            return None
        changed = {name: value for name, value in _ABOUT_THE_PERSON.items() if name in values}
        if kept is None:
            found = self.groups.get(person, set())
            kept = [group.value for group in Group if group in found]
            changed["groups_when_held"] = kept
        if "mask_when_held" in values:
            changed["mask_when_held"] = mask(set(map(Group, kept)))
        if "counted_as" in values:
            changed["counted_as"] = self.counted_as[person]
        return {**values, **changed}

    def _without_them(self, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
        gone = {
            column: None
            for column, may_be_null in self._to_people.get(table, ())
            if may_be_null and values.get(column) in self.people
        }
        return {**values, **gone, **self.text(table, values)}


class Scope:
    """Which rows belong to an initiative, found by what they refer to.

    Rows of a table are shown after those that they refer to.
    """

    def __init__(self, initiative_id: int) -> None:
        self._initiative_id = initiative_id
        self._ids: dict[str, set[int]] = {"initiative": {initiative_id}}

    def holds(self, table: str, values: Mapping[str, Any]) -> bool:
        """Whether the row belongs to the initiative; remembered for those that refer to it."""
        if table == "initiative":
            return bool(values["id"] == self._initiative_id)
        found = any(
            values.get(key.parent.name) in self._ids.get(key.column.table.name, ())
            for key in upwards(Table.metadata.tables[table])
        )
        if found:
            self._ids.setdefault(table, set()).add(values["id"])
        return found


def upwards(table: SqlTable) -> list[ForeignKey]:
    """The keys by which a row belongs to an initiative; who did something is no owner of it."""
    return [key for key in table.foreign_keys if key.column.table.name in FREE_TEXT]
