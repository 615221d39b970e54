from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from srgan.study.session import place_of
from srgan.study.terms import Stimulus, Trial, TrialKind


def trials(*kinds_and_blocks: tuple[TrialKind, int]) -> tuple[Trial, ...]:
    return tuple(
        Trial(number, kind, block, (Stimulus("Set5", str(number), "nearest"),))
        for number, (kind, block) in enumerate(kinds_and_blocks)
    )


ORDER = trials(
    ("calibration", 0), ("calibration", 0), ("stabilising", 1), ("test", 1), ("test", 2), ("repeat", 2)
)


def test_a_new_rater_begins_with_the_calibration_of_the_first_block() -> None:
    place = place_of(ORDER, frozenset())
    assert (place.answered, place.total, place.block, place.blocks) == (0, 6, 1, 2)
    assert place.block_size == 2
    assert place.next is ORDER[0]
    assert place.following is ORDER[1]
    assert not place.pause


def test_there_is_no_break_after_calibration_and_one_after_a_block() -> None:
    assert not place_of(ORDER, {0, 1}).pause
    assert not place_of(ORDER, {0, 1, 2}).pause
    after = place_of(ORDER, {0, 1, 2, 3})
    assert after.pause
    assert (after.block, after.block_size) == (2, 2)
    assert not place_of(ORDER, {0, 1, 2, 3, 4}).pause


def test_at_the_end_nothing_is_asked() -> None:
    place = place_of(ORDER, set(range(6)))
    assert place.next is None
    assert place.following is None
    assert (place.answered, place.block, place.pause) == (6, 2, False)


def test_no_trials_at_all_are_an_end_too() -> None:
    assert place_of((), frozenset()).next is None


@given(st.sets(st.integers(-2, 9)))
def test_the_next_is_the_first_without_an_answer_whatever_was_answered(answered: set[int]) -> None:
    place = place_of(ORDER, answered)
    left = [number for number in range(6) if number not in answered]
    assert place.answered == 6 - len(left)
    assert [each.number for each in (place.next, place.following) if each] == left[:2]
