"""Where people's texts enter a shared definition; ``text_entries`` takes these up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from convening.definitions import DefinitionDraft, EvidenceDraft, VersionDraft
from convening.vocabulary import DefinitionField, EvidenceKind
from db.commands import definitions
from db.queries import definitions as reading


def _made(session: Session, world: Any, title: str = "The square") -> int:
    draft = DefinitionDraft(world.initiative_id, title)
    return definitions.create_definition(session, world.alice, draft)


def _version(**values: Callable[[str], Any]) -> Callable[..., Any]:
    """Into the first draft of a new definition."""

    def enter(session: Session, world: Any, text: str) -> Any:
        [version] = reading.definition(session, world.alice, _made(session, world)).versions
        filled = {name: make(text) for name, make in values.items()}
        draft = replace(VersionDraft(version.id, None, {}), **filled)
        return definitions.write_version(session, world.alice, draft)

    return enter


def _evidence(field: str, before: str = "") -> Callable[..., Any]:
    def enter(session: Session, world: Any, text: str) -> Any:
        source = EvidenceDraft(_made(session, world), "Rents", EvidenceKind.DATA)
        draft = replace(source, **{field: f"{before}{text}"})  # type: ignore[arg-type]
        return definitions.add_evidence(session, world.alice, draft)

    return enter


ENTRIES: dict[str, Callable[..., Any]] = {
    "DefinitionDraft.title": _made,
    "VersionDraft.text": _version(text=lambda text: dict.fromkeys(DefinitionField, text)),
    "VersionDraft.changed": _version(changed=str),
    "VersionDraft.why": _version(why=str),
    "EvidenceDraft.title": _evidence("title"),
    "EvidenceDraft.note": _evidence("note"),
    "EvidenceDraft.link": _evidence("link", "https://example.org/"),
}
