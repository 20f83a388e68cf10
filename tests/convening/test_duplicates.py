"""Duplicates are found by what people share, scored with reasons, and left to a person."""

import random
import unicodedata

import pytest

from convening import blocking, duplicates
from convening.duplicates import Match, Person, find
from convening.problems import Problem


def codes(match: Match) -> list[str]:
    return [reason.code for reason in match.reasons]


def pair(first: Person, second: Person) -> Match:
    (match,) = find([first, second])
    return match


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amina Darane", "Amina Darrane"),
        ("Amina Darane", "Amnia Darane"),
        ("Amina Darane", "Mina Darane"),
        ("Amina Darane", "Darane Amina"),
        ("Amina Darane", "Darane, Aminah"),
        ("أحمد الخطيب", "احمد الخطيب"),
        ("أحمد الخطيب", "احمد خطيب"),
        ("فاطمة حدّاد", "فاطمه حداد"),
        ("محمد أحمد الزعبي", "محمد الزعبي"),
        ("محمد أحمد الزعبي", "محمد حمد الزعبي"),
        ("José Núñez", "Jose Nunez"),
        ("Mohammed Osman", "Muhammad Osman"),
        ("Layla Hersi", "Leila Hersi"),
        ("Abd al-Karim Saleh", "Abdulkarim Saleh"),
        ("Fatima", "Fatma"),
    ],
)
def test_one_person_written_in_two_ways_is_found(one: str, other: str) -> None:
    match = pair(Person("1", one), Person("2", other))
    assert (match.first, match.second, match.known) == ("1", "2", False)
    assert 60 <= match.score <= 75


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amina Darane", "Omar Darane"),
        ("Amina Darane", "Amina Osman"),
        ("أحمد الخطيب", "خالد الخطيب"),
        ("Fatima", "Fatima Hersi"),
        ("Li Wei", "Lu Wen"),
        ("", ""),
    ],
)
def test_two_people_are_left_alone(one: str, other: str) -> None:
    assert find([Person("1", one), Person("2", other)]) == []


def test_equal_names_alone_stay_in_doubt() -> None:
    match = pair(Person("1", "Amina Darane"), Person("2", "amina  DARANE"))
    assert (match.score, match.reasons) == (75.0, (Problem("same_name"),))


def test_everything_equal_is_as_sure_as_it_gets() -> None:
    facts = ("a@example.org", "+962 79 123 4567", "Qantara", "Zarqa")
    match = pair(Person("1", "Amina Darane", *facts), Person("2", "Amina Darane", *facts))
    assert match.score == 100.0
    assert codes(match) == [
        "same_name", "same_email", "same_phone", "same_organisation", "same_place",
    ]  # fmt: skip


def test_one_address_under_two_names_is_worth_a_look() -> None:
    match = pair(Person("1", "Amina D", "a@example.org"), Person("2", "Um Ali", "A@Example.org "))
    assert (match.score, codes(match)) == (60.0, ["same_email"])


def test_a_number_is_the_same_with_or_without_its_country_code() -> None:
    numbers = ("+962 79 123-4567", "0791234567", "00962791234567", "٠٧٩١٢٣٤٥٦٧")
    names = ("Amina Darane", "Omar Hersi", "Li Wei", "Karin Holm")
    matches = find([Person(n, name, phone=n) for n, name in zip(numbers, names, strict=True)])
    assert len(matches) == 6
    assert {tuple(codes(match)) for match in matches} == {("same_phone",)}


def test_the_mailbox_of_an_office_brings_nobody_together() -> None:
    names = ["Amina Darane", "Omar Hersi", "Li Wei", "Karin Holm", "Sofia Vella"]
    assert find([Person(name, name, "info@example.org") for name in names]) == []


def test_reasons_say_how_near_a_name_is_and_which_name_holds_the_other() -> None:
    assert pair(Person("1", "Amina Darane"), Person("2", "Amina Darame")).reasons == (
        Problem("similar_name", {"share": 96}),
    )
    within = pair(Person("1", "محمد أحمد الزعبي"), Person("2", "محمد الزعبي"))
    assert codes(within) == ["name_within"]


def test_people_on_the_map_are_compared_with_the_file_and_not_with_each_other() -> None:
    known = [Person("m1", "Omar Hersi"), Person("m2", "Omar Hersi"), Person("m3", "Li Wei")]
    matches = find([Person("f1", "Omar Hersy")], known)
    assert [(m.first, m.second, m.known) for m in matches] == [
        ("f1", "m1", True), ("f1", "m2", True),
    ]  # fmt: skip


def test_nobody_and_somebody_without_a_name_are_no_error() -> None:
    assert find([]) == []
    assert find([], [Person("1", "Amina Darane")]) == []
    assert find([Person("1", ""), Person("2", "٪"), Person("3", "-")], [Person("1", "")]) == []


def test_the_same_lists_give_the_same_matches_best_first() -> None:
    people = crowd(400, seed=5)
    matches = find(people)
    assert matches == find(people)
    assert [match.score for match in matches] == sorted((m.score for m in matches), reverse=True)


FIRST_NAMES = (
    "محمد أحمد علي حسن خالد عمر يوسف إبراهيم مصطفى سعيد ليلى فاطمة مريم عائشة زينب هدى سارة آلاء"
    " رؤى James Maria José Björn Zoë Renée Søren Łukasz Amina Fatima Omar Layla Khalid Chloé"
)
FIRST = tuple(FIRST_NAMES.split(" "))
LETTERS = {"latin": "abdefghiklmnoprstuvz", "arabic": "بتجحدرزسشصطعفقكلمنهوي"}


def surname(rng: random.Random, script: str) -> str:
    name = "".join(rng.choice(LETTERS[script]) for _ in range(rng.randint(5, 8)))
    return f"ال{name}" if script == "arabic" else name.capitalize()


def crowd(size: int, seed: int) -> list[Person]:
    """Synthetic people with some thousand family names and a few dozen common first names."""
    rng = random.Random(seed)
    families = {script: [surname(rng, script) for _ in range(1500)] for script in LETTERS}
    people = []
    for index in range(size):
        first = rng.choice(FIRST)
        family = rng.choice(families["arabic" if first[0] > "\u0600" else "latin"])
        email = f"person{index}@example.org" if rng.random() < 0.6 else ""
        phone = f"+96279{rng.randrange(10**7):07d}" if rng.random() < 0.5 else ""
        people.append(Person(str(index), f"{first} {family}", email, phone, place="Zarqa"))
    return people


def slip(rng: random.Random, name: str) -> str:
    first, family = name.split(" ")
    at = rng.randrange(len(family) - 1)
    swapped = family[:at] + family[at + 1] + family[at] + family[at + 2 :]
    return f"{first} {rng.choice([swapped, family[:at] + family[at + 1 :]])}"


def planted(rng: random.Random, kind: str, person: Person) -> Person:
    name, email, phone = person.name, "", ""
    if kind == "slip":
        name = slip(rng, name)
    elif kind == "swapped":
        name = ", ".join(reversed(name.split(" ")))
    elif kind == "diacritics":
        marks = unicodedata.normalize("NFD", name)
        name = "".join(c for c in marks if not unicodedata.combining(c)).replace("ة", "ه")
    elif kind == "email":
        name, email = "Somebody Else", person.email or "none"
    else:
        name, phone = name.split(" ")[0], "0" + person.phone[4:]
    return Person(f"again {person.id}", name, email, phone)


def plant(people: list[Person], each: int = 20) -> list[Person]:
    rng = random.Random(7)
    wanted = {
        "slip": bool,
        "swapped": bool,
        "diacritics": lambda p: not p.name.isascii(),
        "email": lambda p: p.email,
        "phone": lambda p: p.phone,
    }
    pool = rng.sample(people, len(people))
    return [
        planted(rng, kind, pool.pop(next(i for i, p in enumerate(pool) if fits(p))))
        for kind, fits in wanted.items()
        for _ in range(each)
    ]


def test_a_hundred_duplicates_among_twenty_thousand_people_are_found() -> None:
    people = crowd(19_900, seed=1)
    again = plant(people)
    found = {(match.first, match.second) for match in find([*people, *again])}
    expected = {(copy.id.removeprefix("again "), copy.id) for copy in again}
    assert len(again) == 100
    assert expected - found == set()


def test_only_a_thousandth_of_all_pairs_is_compared() -> None:
    people = crowd(20_000, seed=2)
    names = blocking.Names([person.name for person in people])
    assert len(blocking.name_pairs(names, len(people))) < 20_000 * 19_999 / 2 / 1000


def test_a_very_common_name_does_not_make_the_work_quadratic() -> None:
    people = [Person(str(index), "محمد أحمد") for index in range(20_000)]
    matches = find(people)
    assert len(matches) <= 2 * blocking.WINDOW * len(people)
    assert duplicates.MIN_SCORE <= matches[-1].score <= matches[0].score == 75.0
