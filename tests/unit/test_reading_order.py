from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.reading_order import reading_order
from workshop.domain.people import Side
from workshop.domain.question import Answer, Answered

SENTENCES = st.lists(
    st.builds(
        lambda words, side: Answered(Answer(words), side),
        st.sampled_from(["the calendar", "no reasons", "late leads", "old lists"])
        | st.text("abc ", min_size=1, max_size=20),
        st.sampled_from([*Side, None]),
    ),
    max_size=30,
)


@given(SENTENCES)
def test_each_sentence_is_read_exactly_once(sentences: list[Answered]) -> None:
    assert Counter(reading_order(sentences)) == Counter(sentences)


@given(st.data(), SENTENCES)
def test_the_order_tells_nothing_of_the_order_in_which_they_were_written(
    data: st.DataObject, sentences: list[Answered]
) -> None:
    later = data.draw(st.permutations(sentences))
    assert reading_order(later) == reading_order(sentences)


@given(SENTENCES)
def test_no_side_has_two_in_a_row_while_another_has_any_left(sentences: list[Answered]) -> None:
    order = reading_order(sentences)
    for place, (one, other) in enumerate(pairwise(order)):
        left = {sentence.side for sentence in order[place + 1 :]}
        assert one.side is not other.side or left == {one.side}


def test_one_sentence_more_of_a_side_changes_nothing_of_how_the_others_follow_each_other() -> None:
    words = [f"sentence {number}" for number in range(9)]
    sales = [Answered(Answer(each), Side.SALES) for each in words]
    for place in range(9):
        fewer = sales[:place] + sales[place + 1 :]
        assert [one for one in reading_order(sales) if one in fewer] == [*reading_order(fewer)]
