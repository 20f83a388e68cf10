"""What the forms of a room's page say."""

import secrets
from collections.abc import Set
from dataclasses import replace

from convening.participation import NoteDraft
from convening.problems import Problem
from convening.vocabulary import Attribution, Choice, Group, Strength
from pages.plain import participant
from pages.plain.posted import Fields, row_id

RATHER_NOT = "rather_not"  # somebody would rather not say of which groups they are
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


def ticks(form: Fields) -> frozenset[str]:
    """What is ticked of the groups and of the wish not to say."""
    found = {each.value for each in Group if each.value in form.all("group")}
    return frozenset(found | ({RATHER_NOT} if RATHER_NOT in form else set()))


def ticks_of(groups: Set[Group]) -> frozenset[str]:
    """What whoever declared these groups has ticked."""
    return frozenset(each.value for each in groups) or frozenset({RATHER_NOT})


def groups(form: Fields) -> tuple[frozenset[Group], tuple[Problem, ...]]:
    """The groups that are ticked, none for who would rather not say, and what is to be asked of
    it. Codes for the field groups: choose_one where nothing is ticked, choose_either where both
    are."""
    ticked = ticks(form)
    found = frozenset(each for each in Group if each.value in ticked)
    if not ticked:
        return found, (Problem("choose_one", field="groups"),)
    both = bool(found) and RATHER_NOT in ticked
    return found, (Problem("choose_either", field="groups"),) if both else ()


def kept(form: Fields) -> list[tuple[str, str]]:
    """The names and values of all that is filled in, for a page in between to carry."""
    return [(name, value) for name in (*_NOTE, "group", RATHER_NOT) for value in form.all(name)]


def vote(form: Fields) -> tuple[int, Choice] | None:
    """The statement and the choice of the button that was tapped."""
    for name in form.names:
        statement_id, choice = row_id(name.removeprefix("s")), form.text(name)
        if name.startswith("s") and statement_id is not None and choice in set(Choice):
            return statement_id, Choice(choice)
    return None
