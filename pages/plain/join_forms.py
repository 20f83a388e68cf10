"""What the forms of a room's page say."""

import secrets
from dataclasses import replace

from convening.participation import NoteDraft
from convening.vocabulary import Attribution, Choice, Group, Strength
from pages.plain import participant
from pages.plain.posted import Fields, row_id

_NOTE = ("nonce", "text", "strength", "reason", "resolution", "attribution")


def blank(offers_notes: bool) -> NoteDraft:
    """A form that nobody has filled in: a small room takes nothing but a view of groups."""
    draft = NoteDraft(secrets.token_hex(16), "")
    if offers_notes:
        return draft
    return replace(draft, strength=Strength.CONCERN, attribution=Attribution.GROUP_ONLY)


def note(form: Fields) -> NoteDraft:
    """The note in a posted form; what is not one of the choices counts as not chosen."""
    nonce, strength = form.text("nonce"), form.text("strength")
    group_only = form.text("attribution") == Attribution.GROUP_ONLY
    return NoteDraft(
        nonce=nonce if participant.is_random(nonce) else secrets.token_hex(16),
        text=form.text("text"),
        strength=Strength(strength) if strength in set(Strength) else None,
        reason=form.text("reason"),
        resolution=form.text("resolution"),
        attribution=Attribution.GROUP_ONLY if group_only else Attribution.ANONYMOUS,
    )


def typed(draft: NoteDraft) -> str:
    """Everything that was written, for a page that can only give it back."""
    return "\n\n".join(filter(None, (draft.text, draft.reason, draft.resolution)))


def begun(form: Fields, offers_notes: bool) -> bool:
    """Whether somebody has filled in anything of the note."""
    if "text" not in form:
        return False
    return replace(note(form), nonce="") != replace(blank(offers_notes), nonce="")


def groups(form: Fields) -> frozenset[Group] | None:
    """The groups that are ticked, none for who would rather not say; None where nothing is."""
    if "rather_not" in form:
        return frozenset()
    return frozenset(each for each in Group if each.value in form.all("group")) or None


def kept(form: Fields) -> list[tuple[str, str]]:
    """The names and values of all that is filled in, for a page in between to carry."""
    return [(name, value) for name in (*_NOTE, "group", "rather_not") for value in form.all(name)]


def vote(form: Fields) -> tuple[int, Choice] | None:
    """The statement and the choice of the button that was tapped."""
    for name in form.names:
        statement_id, choice = row_id(name.removeprefix("s")), form.text(name)
        if name.startswith("s") and statement_id is not None and choice in set(Choice):
            return statement_id, Choice(choice)
    return None
