"""What makes a password acceptable, and how one is kept.

A password is hashed as bcrypt(base64(SHA-256(NFKC(password)))): bcrypt takes at most 72 bytes,
and 40 Arabic letters are more than that.
"""

import base64
import hashlib
import unicodedata
from functools import cache
from importlib.resources import files

import bcrypt

from convening.problems import Problem

MIN_LENGTH = 12
MAX_LENGTH = 128
ROUNDS = 12  # about a quarter of a second on a small server

# The hash of a random value that nobody knows: checked for unknown accounts, so that an answer
# takes the same time whether or not the account exists.
DUMMY_HASH = "$2b$12$.703PWJUQn6HrP50THfJu.xnIaqeiC5YMBJZvrBL7GljTgXb2rGrC"

_OWN_PART = 8  # this many characters must remain once the account's own words are taken out
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LEET = str.maketrans("0134578@$!", "oleastbasi")


def problems(password: str, email: str = "", name: str = "") -> list[Problem]:
    """Why this password is not taken; an empty list when it is.

    Codes, all with field "password": ``password_too_short`` (params ``min``), ``password_too_long``
    (``max``), both counted in characters after NFKC; ``password_common``; ``password_like_account``
    when little is left of it without the account's e-mail address and name.
    """
    text = normal(password)
    if len(text) < MIN_LENGTH:
        return [Problem("password_too_short", {"min": MIN_LENGTH}, "password")]
    if len(text) > MAX_LENGTH:
        return [Problem("password_too_long", {"max": MAX_LENGTH}, "password")]
    if _is_like_account(text, email, name):
        return [Problem("password_like_account", field="password")]
    if _is_common(text):
        return [Problem("password_common", field="password")]
    return []


def hash(password: str) -> str:
    """The text to keep instead of the password; every call gives another one."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(ROUNDS)).decode()


def check(password: str, hashed: str) -> bool:
    """Whether the password is the one that was hashed; False for text that is no hash."""
    try:
        return bcrypt.checkpw(_prepared(password), hashed.encode())
    except ValueError:
        return False


def normal(password: str) -> str:
    """The form in which a password is counted and hashed: NFKC, trimmed, no lone surrogates."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "ignore").decode()).strip()


def _prepared(password: str) -> bytes:
    return base64.b64encode(hashlib.sha256(normal(password).encode()).digest())


def _is_like_account(text: str, email: str, name: str) -> bool:
    rest = _letters_and_digits(text)
    local = email.partition("@")[0]
    own = {email, local, name, *name.split()}
    for word in sorted(map(_letters_and_digits, own), key=len, reverse=True):
        if len(word) >= 3:
            rest = rest.replace(word, "")
    return len(rest) < min(_OWN_PART, len(_letters_and_digits(text)))


def _is_common(text: str) -> bool:
    folded = text.casefold()
    if len(set(folded)) < 5 or _is_repetition(folded) or _is_sequence(_letters_and_digits(folded)):
        return True
    return any(_is_made_of(core, _common_words()) for core in _cores(folded))


def _cores(folded: str) -> set[str]:
    """The letters of a password, as written and with digits read as the letters they stand for."""
    plain = "".join(c for c in folded if c.isalpha())
    read = "".join(c for c in folded.strip("0123456789!?.$#*").translate(_LEET) if c.isalpha())
    return {plain, read}


def _is_made_of(core: str, words: frozenset[str]) -> bool:
    """Whether the letters are one common word, two, or a word repeated."""
    if not core:
        return True
    if core in words:
        return True
    return any(core[:cut] in words and core[cut:] in words for cut in range(3, len(core) - 2))


def _is_repetition(text: str) -> bool:
    return any(
        (text[:size] * (len(text) // size + 1))[: len(text)] == text
        for size in range(1, min(6, len(text) // 2) + 1)
    )


def _is_sequence(text: str) -> bool:
    """Whether the text is put together from runs of at least three along an alphabet or a row of
    keys, forwards or backwards."""
    rows = [row for each in _ALPHABETS for row in (each * 2, each[::-1] * 2)]
    position = 0
    while position < len(text):
        run = 3
        if not any(text[position : position + run] in row for row in rows):
            return False
        while position + run <= len(text) and any(
            text[position : position + run] in row for row in rows
        ):
            run += 1
        position += run - 1
    return bool(text)


def _letters_and_digits(text: str) -> str:
    return "".join(c for c in normal(text).casefold() if c.isalnum())


@cache
def _common_words() -> frozenset[str]:
    source = files("convening").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(
        line.strip() for line in source.splitlines() if line.strip() and not line.startswith("#")
    )
