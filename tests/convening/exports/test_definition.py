"""The definition on paper: its parts, its standing views, and which words a copy may carry."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from itertools import groupby

import numpy as np
import pytest
import typst
from PIL import Image, ImageChops

from convening.definitions import Definition, Evidence, Version
from convening.exports import definition as exports
from convening.exports import typesetting
from convening.exports.definition import Sheet
from convening.i18n import Translator
from convening.ledger import Answer, Entry
from convening.vocabulary import (
    Attribution,
    DefinitionField,
    DefinitionKind,
    DissentState,
    EvidenceKind,
    Group,
    Language,
    Outcome,
    Strength,
    VersionState,
)

ENGLISH, ARABIC = Translator(Language.ENGLISH), Translator(Language.ARABIC)
HOSTILE = '#panic("x") *b* _i_ $x$ <a> @b \\ [c] {d} // e /* f "g'
DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday

ADOPTED = Version(
    id=2,
    number=2,
    state=VersionState.ADOPTED,
    text={
        DefinitionField.STATEMENT: "Tenants cannot afford to stay.",
        DefinitionField.SCOPE: "The old quarter",
    },
    changed="Rent is in it",
    why="The savings circle said so",
    author="Alice",
    created_at=DAY,
    convening_id=1,
    convening="Workshop",
    opened_at=DAY,
    adopted_at=DAY,
    adopted_by="Alice",
    adopted_in="Workshop",
    version=3,
)
SURVEY = Evidence(
    1, "Rents", EvidenceKind.DATA, "https://example.org/r", "Page 4", frozenset({Group.STEWARD}), 1
)
STANDS = Answer(1, 1, Outcome.STANDS, "Deliveries need it.", "Alice")
AGREED = Entry(
    id=1,
    definition_id=1,
    version_id=2,
    number=2,
    strength=Strength.OBJECTION,
    statement="The rent will rise.",
    attribution=Attribution.GROUP_ONLY,
    groups=frozenset({Group.STEWARD}),
    state=DissentState.STILL_NO,
    reason="It did next door.",
    resolution="A rent cap",
    passage="cannot afford",
    answers=(STANDS, replace(STANDS, id=2, round=2, rationale="Nor is there money.")),
    signed_by=("Alice", "Bob"),
    additions=("And the heating",),
    agreed_to_publish=True,
)
SILENT = replace(
    AGREED,
    id="n1",
    statement="Who decided this?",
    attribution=Attribution.ANONYMOUS,
    groups=frozenset(),
    state=DissentState.NO_REPLY,
    signed_by=(),
    agreed_to_publish=None,
)
SHEET = Sheet(
    "Renewal",
    Definition(1, 1, "The square", DefinitionKind.PROBLEM, (ADOPTED,), (SURVEY,), 1),
    ADOPTED,
    (AGREED, SILENT),
)


def test_it_says_who_adopted_it_when_and_in_which_convening() -> None:
    assert exports.content(SHEET, ENGLISH)["facts"] == [
        ["Initiative", "Renewal"],
        ["State", "Adopted"],
        ["Adopted", "Mon 2 Mar 2026, by Alice, in “Workshop”"],
    ]
    erased = replace(ADOPTED, adopted_by="", adopted_in="")
    facts = exports.content(replace(SHEET, version=erased), ENGLISH)["facts"]
    assert facts[-1] == ["Adopted", "Mon 2 Mar 2026"]


def test_a_version_in_discussion_says_that_it_is_not_adopted() -> None:
    open_version = replace(ADOPTED, state=VersionState.IN_DISCUSSION, adopted_at=None)
    content = exports.content(replace(SHEET, version=open_version), ENGLISH)
    assert content["facts"][-1] == ["In discussion", "since Mon 2 Mar 2026"]
    assert content["notice"] == ("This version is not adopted. More dissenting views may be open.")
    assert exports.content(SHEET, ENGLISH)["notice"] == ""


def test_the_parts_that_are_written_stand_in_order_and_then_what_changed() -> None:
    assert exports.content(SHEET, ENGLISH)["parts"] == [
        {"title": "Statement", "text": "Tenants cannot afford to stay."},
        {"title": "Scope", "text": "The old quarter"},
        {
            "title": "What changed since version 1",
            "text": "Rent is in it\nWhy: The savings circle said so",
        },
    ]


def test_each_source_says_whose_knowledge_it_is_and_whose_is_missing() -> None:
    content = exports.content(SHEET, ENGLISH)
    assert content["evidence"] == [
        {
            "title": "Rents",
            "line": "Data · knowledge of: ● stewards",
            "note": "Page 4",
            "link": "https://example.org/r",
        }
    ]
    assert content["knowledge"] == (
        "Nothing rests on the knowledge of: gateways and influencers. Who could bring it?"
    )
    assert exports.knowledge((), ENGLISH) == (
        "No source is named yet. What do we know this from, and from whom?"
    )
    everybodys = replace(SURVEY, groups=frozenset(Group))
    assert exports.knowledge((everybodys,), ENGLISH) == "Knowledge of every group is in it."


def test_the_teams_copy_has_every_standing_view_with_responses_and_verdict() -> None:
    content = exports.content(SHEET, ENGLISH)
    first, second = content["standing"]
    assert first == {
        "head": "Objection · somebody of: ● stewards · on version 2",
        "statement": "The rent will rise.",
        "lines": [
            "On: “cannot afford”",
            "Reason: It did next door.",
            "What would resolve it: A rent cap",
            "Added later: And the heating",
            "First response: Deliveries need it.",
            "Second response: Nor is there money.",
        ],
        "verdict": "Whoever raised it says: the second response does not answer it either."
        " It stands beside the text with this verdict, signed by: Alice and Bob.",
    }
    assert second["head"] == "Objection · without a name · on version 2"
    assert second["verdict"] == ("Whoever raised it was asked and did not reply within seven days.")
    assert (content["words"]["footer"], content["words"]["left_out"]) == ("For the team alone", "")


def test_the_published_copy_has_only_words_whose_owner_agreed_and_counts_the_others() -> None:
    content = exports.content(replace(SHEET, public=True), ENGLISH)
    [printed] = content["standing"]
    assert printed["statement"] == "The rent will rise."
    assert "Added later: And the heating" not in printed["lines"]
    assert content["words"]["left_out"] == (
        "Besides, one dissenting view stands whose words may not be published."
    )
    assert content["words"]["footer"] == ""
    assert "Who decided this?" not in json.dumps(content)


@pytest.mark.parametrize("answer", [None, False])
def test_without_consent_no_word_of_a_view_is_published(answer: bool | None) -> None:
    views = tuple(replace(each, agreed_to_publish=answer) for each in (AGREED, SILENT))
    content = exports.content(replace(SHEET, standing=views, public=True), ENGLISH)
    assert content["standing"] == []
    assert content["words"]["none_stand"] == ""
    assert content["words"]["left_out"] == (
        "Besides, 2 dissenting views stand whose words may not be published."
    )


def test_a_definition_without_dissent_says_so() -> None:
    content = exports.content(replace(SHEET, standing=()), ENGLISH)
    assert content["words"]["none_stand"] == "No dissenting view stands."


def test_a_name_is_printed_where_its_owner_agreed_to_be_named() -> None:
    named = replace(AGREED, attribution=Attribution.NAMED, person="Huda")
    assert exports.view(named, ENGLISH)["head"] == "Objection · Huda · on version 2"
    unplaced = replace(AGREED, groups=frozenset())
    assert exports.who(unplaced, ENGLISH) == "somebody"


@pytest.mark.parametrize("t", [ENGLISH, ARABIC], ids=["en", "ar"])
@pytest.mark.parametrize("public", [False, True])
def test_the_same_sheet_gives_the_same_pdf(t: Translator, public: bool) -> None:
    sheet = replace(SHEET, public=public)
    first = exports.write(sheet, t)
    assert first.startswith(b"%PDF-")
    assert first == exports.write(sheet, t)


def test_a_latin_sentence_keeps_its_end_on_an_arabic_page() -> None:
    parts = exports.content(SHEET, ARABIC)["parts"]
    assert parts[0] == {"title": "النص", "text": "\u2068Tenants cannot afford to stay.\u2069"}


def picture(sheet: Sheet, t: Translator) -> Image.Image:
    """The first page, in shades of grey."""
    pages = typesetting.pages_as_png(exports.TEMPLATE, exports.content(sheet, t), t)
    return Image.open(BytesIO(pages[0])).convert("L")


@pytest.mark.parametrize("t", [ENGLISH, ARABIC], ids=["en", "ar"])
def test_each_paragraph_starts_from_the_side_of_its_own_script(t: Translator) -> None:
    def of(statement: str) -> Image.Image:
        written = replace(ADOPTED, text={DefinitionField.STATEMENT: statement}, changed="")
        return picture(replace(SHEET, version=written, standing=()), t)

    for apart in ("ا", f"x\nا\n{'x' * 9}"):  # beside "o", at the left: something at the right
        page = of("o")
        left, _, right, _ = ImageChops.difference(page, of(apart)).getbbox() or (0,) * 4
        assert right - left > page.width * 0.7
    left, _, right, _ = ImageChops.difference(page, of("x")).getbbox() or (0,) * 4
    assert 0 < right - left < page.width * 0.05


def bars(page: Image.Image) -> list[int]:
    """How many pixels high each line is that stands beside a view, down the page."""
    marked = np.asarray(page)[:, : page.width // 2] == 60
    column = marked[:, marked.sum(axis=0).argmax()]
    heights = [len(list(run)) for dark, run in groupby(column) if dark]
    return [each for each in heights if each > 12]  # a letter is not as high


def test_the_head_of_a_view_stands_on_the_page_of_its_words() -> None:
    for lines in range(16, 30):  # the second, and then the first reaches the foot of the page
        scope = {DefinitionField.SCOPE: "\n".join(["word"] * lines)}
        sheet = replace(SHEET, version=replace(ADOPTED, text=scope))
        assert all(height > 32 for height in bars(picture(sheet, ENGLISH)))


def test_what_people_wrote_is_set_as_it_stands_and_never_run() -> None:
    version = replace(ADOPTED, text={DefinitionField.STATEMENT: HOSTILE}, changed=HOSTILE, why="")
    source = replace(SURVEY, title=HOSTILE, note=HOSTILE, link="")
    view = replace(AGREED, statement=HOSTILE, passage="", additions=(), answers=())
    sheet = replace(
        SHEET,
        definition=replace(SHEET.definition, title=HOSTILE, evidence=(source,)),
        version=version,
        standing=(view,),
    )
    content = exports.content(sheet, ENGLISH)
    assert json.dumps(content).count(json.dumps(HOSTILE)[1:-1]) == 6
    data = {**content, "language": "en", "direction": "ltr", "font": typesetting.FONT}
    template = files("convening.exports").joinpath(exports.TEMPLATE).read_bytes()
    inputs = {"data": json.dumps(data)}
    title = json.loads(typst.query(template, "heading", sys_inputs=inputs))[0]
    assert title["body"] == {"func": "text", "text": HOSTILE}
    assert exports.write(sheet, ENGLISH).startswith(b"%PDF-")


def test_a_long_definition_goes_on_on_further_pages() -> None:
    version = replace(ADOPTED, text=dict.fromkeys(DefinitionField, "word " * 600))
    content = exports.content(replace(SHEET, version=version), ENGLISH)
    assert len(typesetting.pages_as_png(exports.TEMPLATE, content, ENGLISH)) == 6
