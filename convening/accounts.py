"""Who is signed in, as pages and rules see it."""

from dataclasses import dataclass

from convening.roles import Actor
from convening.vocabulary import Language, Theme


@dataclass(frozen=True)
class SignedIn:
    """A living login session with its user; ``actor`` carries roles and teams as of this moment."""

    session_id: int
    name: str
    email: str
    language: Language
    theme: Theme
    actor: Actor
