"""What changed between two versions, as markup: signs, and nothing of what people wrote runs."""

from pages.components.definition_changes import inline, sides


def test_what_changed_has_a_sign_and_an_element_of_its_own() -> None:
    assert inline("the square is neglected", "the square was neglected") == (
        '<p class="word-diff" dir="ltr">the square '
        "<del><span><b>−</b>is</span></del><ins><span><b>+</b>was</span></ins> neglected</p>"
    )


def test_side_by_side_each_text_shows_its_own_part_of_the_change() -> None:
    before, after = sides("the rent is high", "the rent will rise")
    assert before == (
        '<p class="word-diff" dir="ltr">the rent <del><span><b>−</b>is</span> high</del></p>'
    )
    assert after == (
        '<p class="word-diff" dir="ltr">the rent <ins><span><b>+</b>will</span> rise</ins></p>'
    )


def test_an_arabic_text_runs_from_right_to_left_whatever_latin_words_change_in_it() -> None:
    shown = inline("تجديد square القديم", "تجديد plaza القديم")
    assert shown == (
        '<p class="word-diff" dir="rtl">تجديد '
        "<del><span><b>−</b>square</span></del><ins><span><b>+</b>plaza</span></ins> القديم</p>"
    )


def test_white_space_at_the_edge_of_a_change_is_not_marked() -> None:
    assert inline("rent", "rent rises") == (
        '<p class="word-diff" dir="ltr">rent <ins><span><b>+</b>rises</span></ins></p>'
    )


def test_a_line_break_alone_is_shown_by_a_sign() -> None:
    assert inline("one two", "one\ntwo") == (
        '<p class="word-diff" dir="ltr">one'
        "<del><span><b>−</b></span> </del><ins><span><b>+</b>↵</span></ins>\ntwo</p>"
    )


def test_what_people_wrote_is_text_and_never_markup() -> None:
    shown = inline("", '<img src=x onerror="alert(1)"> & <b>')
    assert shown == (
        '<p class="word-diff" dir="ltr"><ins><span><b>+</b>&lt;img</span>'
        " src=x onerror=&quot;alert(1)&quot;&gt; &amp; &lt;b&gt;</ins></p>"
    )
