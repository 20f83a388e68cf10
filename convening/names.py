"""Names of people as they are compared: words in one spelling, and the bare bones of each word.

Only spellings within one script are brought together: "Mohammed" and "Muhammad" meet, "محمد" and
"Mohammed" do not.
"""

import re
from functools import lru_cache

from convening.text import fold

_TITLES = (
    "mr mrs ms miss mx dr prof professor eng sir madam sheikh haj hajj السيد السيده الانسه الدكتور"
    " الدكتوره د الاستاذ الاستاذه ا م المهندس المهندسه الحاج الحاجه الشيخ"
)
_ARTICLES_AND_LINKS = "al el ul l bin ibn bint ben بن ابن بنت"
_DROPPED = frozenset(f"{_TITLES} {_ARTICLES_AND_LINKS}".split(" "))
#: Words that only make a name with the one that follows: Abd al-Rahman, Abu Bakr, عبد الرحمن.
_JOINED = {
    "abd": "abd", "abdul": "abd", "abdel": "abd", "abdal": "abd", "abdol": "abd",
    "abu": "abu", "abou": "abu", "umm": "umm",
    "عبد": "عبد", "ابو": "ابو", "ابي": "ابو", "ام": "ام",
}  # fmt: skip
_ABD = re.compile(r"^(?:abd(?:[aeiou]l)?|عبدال)(?=\w{3})")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"(.)\1+")
_LATIN_PAIRS = (("ph", "f"), ("ck", "k"), ("q", "k"), ("c", "k"), ("dj", "j"))
_LATIN_LOOSE = re.compile(r"[aeiouyw]")
_ARABIC_LOOSE = re.compile(r"[اوي]")


def words(name: str) -> tuple[str, ...]:
    """The words of a name, folded: without titles, Latin articles and "son of", compounds in one.

    The Arabic article is part of its word and stays.
    """
    found: list[str] = []
    prefix = ""
    for written in name.split():
        for word in _words_in(written):
            if word in _JOINED:
                prefix += _JOINED[word]
            else:
                found.append(prefix + bare(word) if prefix else word)
                prefix = ""
    return (*found, prefix) if prefix else tuple(found)


@lru_cache(maxsize=50_000)
def _words_in(written: str) -> tuple[str, ...]:
    found = _WORD.findall(fold(written).replace("'", ""))
    return tuple(_ABD.sub(_servant, word, count=1) for word in found if word not in _DROPPED)


def _servant(match: re.Match[str]) -> str:
    """One spelling of "servant of" at the head of a compound name."""
    return "abd" if match.group().startswith("a") else "عبد"


def bare(word: str) -> str:
    """A word without the Arabic article, which is as often left out as written."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def bones(word: str) -> str:
    """What is left of a word when its vowels and doubled letters go; the first letter stays.

    A first vowel becomes "a". In Latin this brings transliterations together (Hussein, Husain;
    Omar, Umar), in Arabic long vowels and articles that are left out or added.
    """
    if _ARABIC.search(word):
        word = bare(word)
        rest = _REPEATED.sub(r"\1", word[1:])
        return word[:1] + (_ARABIC_LOOSE.sub("", rest) or rest)
    for written, heard in _LATIN_PAIRS:
        word = word.replace(written, heard)
    word = _REPEATED.sub(r"\1", word)
    first = "a" if word[:1] in tuple("aeiou") else word[:1]
    return first + _LATIN_LOOSE.sub("", word[1:])


def slips(word: str) -> list[str]:
    """The word and what it becomes without one of its letters.

    Two words that differ by one letter changed, left out, added or swapped with the next have at
    least one of these in common (the symmetric delete method of SymSpell, MIT, W. Garbe).
    """
    return [word, *{word[:i] + word[i + 1 :] for i in range(len(word))} - {word}]
