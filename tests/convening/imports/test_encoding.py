"""The encoding and the delimiter of a file are found by rules, with how sure they are."""

import pytest

from convening.imports.encoding import DELIMITERS, ENCODINGS, SURE, Guess, decode, guess_delimiter
from convening.problems import ConveningError

ARABIC = "الاسم;المنظمة\nأحمد الخطيب;جمعية القنطرة\nليلى حداد;بلدية الزرقاء\n"
FRENCH = "Nom;Ville\nRené Lefèvre;Besançon\nAgnès Müller;Genève\n"


@pytest.mark.parametrize("written", [ARABIC, FRENCH, "Name\nAmina\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_with_and_without_its_mark(written: str, encoding: str) -> None:
    text, guess = decode(written.encode(encoding))
    assert text == written
    assert guess.confidence >= SURE


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        (ARABIC, "windows-1256"),
        (FRENCH, "windows-1252"),
        ("Name,Place\nAmina Darane,Harveston\nالياس,Town\n", "windows-1256"),
        ("Name,Place\n" + "John Smith,London\n" * 500 + "José Núñez,Ávila\n", "windows-1252"),
        ("Name\n“Amina” – Darane’s\nSøren à Århus\n", "windows-1252"),
    ],
)
def test_one_byte_encodings_are_told_apart_by_the_words(written: str, encoding: str) -> None:
    text, guess = decode(written.encode(encoding))
    assert (text, guess.value) == (written, encoding)
    assert guess.confidence >= SURE


def test_other_languages_in_one_byte_are_a_doubtful_guess() -> None:
    for written, encoding in (
        ("Имя;Город\nИван Петров;Москва\n", "windows-1251"),
        ("Imię;Miasto\nŁukasz Wiśniewski;Łódź\n", "windows-1250"),
    ):
        assert decode(written.encode(encoding))[1].confidence < SURE


def test_what_was_asked_for_is_believed() -> None:
    text, guess = decode("Имя".encode("windows-1251"), asked="windows-1251")
    assert (text, guess) == ("Имя", Guess("windows-1251", 1.0))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_on_offer_exists(encoding: str) -> None:
    assert decode("Name,Place\n".encode(encoding), asked=encoding)[0] == "Name,Place\n"


@pytest.mark.parametrize("asked", ["zip", "rot13", "unicode_escape", "no-such"])
def test_only_encodings_of_text_can_be_asked_for(asked: str) -> None:
    with pytest.raises(ConveningError, match="unknown_encoding"):
        decode(b"Name", asked=asked)


def test_a_few_damaged_bytes_do_not_turn_utf_8_into_something_else() -> None:
    text, guess = decode(ARABIC.encode() * 5 + b"\xff\n")
    assert text.endswith("\ufffd\n")
    assert (guess.value, guess.confidence < SURE) == ("utf-8", True)


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 50, b"\x01" * 99])
def test_bytes_that_are_no_text_are_no_table(data: bytes) -> None:
    with pytest.raises(ConveningError, match="not_a_table"):
        decode(data)


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_delimiters_are_found(delimiter: str) -> None:
    rows = [["Name", "Place", "Note"], ["Amina", "Zarqa", "x"], ["Omar", "Leeds", "y"]]
    guess = guess_delimiter("\n".join(delimiter.join(row) for row in rows))
    assert guess == Guess(delimiter, 1.0)


def test_a_separator_inside_quotes_is_none() -> None:
    text = 'Name;Groups\n"Amina, Darane, X";"a;b"\n"Omar, Hersi, Y";"a;b"\n'
    assert guess_delimiter(text).value == ";"


def test_the_wider_table_wins_and_the_rival_makes_it_less_sure() -> None:
    text = "Name;Mail;Town, country\nA;a@b.org;Zarqa, JO\nB;b@b.org;Leeds, UK\n"
    guess = guess_delimiter(text)
    assert guess.value == ";"
    assert guess.confidence < SURE


def test_one_column_is_a_table_and_its_commas_stay() -> None:
    guess = guess_delimiter("Name\nDarane, Amina\nHersi, Omar\n")
    assert guess.value != ","


def test_excel_may_state_the_separator() -> None:
    assert guess_delimiter("sep=|\r\nName,x|Place,y\r\n") == Guess("|", 1.0)


def test_a_line_above_the_header_does_not_hide_the_separator() -> None:
    assert guess_delimiter("People of the quarter\nName;Place\nA;B\n").value == ";"


def test_only_known_delimiters_can_be_asked_for() -> None:
    assert guess_delimiter("a,b", asked=";") == Guess(";", 1.0)
    with pytest.raises(ConveningError, match="unknown_delimiter"):
        guess_delimiter("a,b", asked="x")
