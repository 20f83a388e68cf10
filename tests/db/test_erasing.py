"""Every column of an initiative's tables is either free text or known to hold none."""

from db import tables
from db.base import Table
from db.erasing import FREE_TEXT, upwards
from db.rows import kinds

assert tables

# Codes, addresses of the database, what belongs to the person alone, and what follows from others
CODES: dict[str, set[str]] = {
    "stage": {"kind"},
    "stage_target": {"group"},
    "convening": {"kind", "state", "zone", "openness", "calendar_uid"},
    "convening_answer": {"question"},
    "convening_stake": {"stake"},
    "agenda_block": {"format"},
    "invitation": {"part", "status", "support", "groups_when_held", "needs", "answered_by"},
    "personal_link": {"salt", "token_hash"},
    "outbox_email": {
        "kind", "state", "message_id", "recipient", "language", "link_path", "link_salt", "problem",
    },
    "organisation": {"folded", "kind", "country", "region"},
    "stakeholder": {
        "name", "folded", "email", "phone", "relationship", "money", "consent", "language",
    },
    "sub_circle": {"group"},
    "group_name": {"group"},
    "group_membership": {"group", "question"},
    "capital_holding": {"capital"},
    "nomination": {"groups", "state"},
    "definition": {"kind"},
    "definition_version": {"state"},
    "evidence_source": {"kind", "groups"},
    "dissenting_view": {
        "uuid", "strength", "passage_field", "attribution", "groups", "receipt_hash",
    },
    "anonymous_note": {"id", "strength", "groups", "receipt_hash", "state", "adds_to_note_id"},
    "dissent_response": {"note_id", "outcome", "answered_by"},
    "dissent_signature": {"note_id"},
    "statement": {"state"},
    "vote": {"id", "voter", "choice", "groups"},
    "room": {"state", "release", "code_salt", "code_hash", "link_hash", "blocks_run"},
    "room_entry": {"uuid", "kind", "groups", "choice"},
    "pulse_count": {"question", "answer"},
    "after_link": {"salt", "token_hash"},
}  # fmt: skip


def test_each_text_of_an_initiative_is_searched_for_names_or_needs_no_search() -> None:
    undecided = {}
    for table in Table.metadata.sorted_tables:
        if table.name not in FREE_TEXT and not upwards(table):
            continue
        texts = {name for name, kind in kinds(table).items() if kind in ("text", "json")}
        left = texts - set(FREE_TEXT.get(table.name, ())) - CODES.get(table.name, set())
        if left:
            undecided[table.name] = left
    assert undecided == {}


def test_what_is_named_is_there() -> None:
    for named in (FREE_TEXT, CODES):
        for table, names in named.items():
            assert set(names) <= set(Table.metadata.tables[table].columns.keys()), table
