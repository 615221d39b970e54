"""Pairs that are chosen: what that may not change, that they hold before they are shown, what it is worth."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, stats

from srgan.study.active import beliefs_of, chosen, with_pairs
from srgan.study.design import Calibration, Design, MethodOf, SetOf
from srgan.study.order import trials_of
from srgan.study.orders import PAIRS, Orders
from srgan.study.ratings import choices_of
from srgan.study.session import place_of
from srgan.study.simulate import SimulatedRater, truths, votes_of_all
from srgan.study.standing import RaterKey
from srgan.study.statistics.bradley_terry import bradley_terry
from srgan.study.statistics.information import Belief, belief_of
from srgan.study.store import Store
from srgan.study.terms import Stimulus, Trial, Vote

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def design(methods: int = 6, pictures: tuple[int, ...] = (8,), **more: object) -> Design:
    names = ("nearest", *(f"m{at}" for at in range(methods - 2)), "original")
    values: dict[str, object] = {
        "name": "s",
        "title": "t",
        "protocol": "pairwise",
        "seed": 5,
        "languages": ("en",),
        "question": {"en": "?"},
        "labels": {"en": ("left", "right")},
        "methods": tuple(MethodOf(name=name) for name in names),
        "sets": tuple(
            SetOf(name=f"S{at}", pictures=tuple(f"p{n}" for n in range(count)), methods=names[at:])
            for at, count in enumerate(pictures)
        ),
        "calibration": Calibration(pictures=("c1", "c2", "c3")),
        "per_rater": 30,
        "block": 10,
        "repeats": 4,
        "gold": 3,
        "stabilising": 2,
        "choice": "active",
    }
    return Design.model_validate({**values, **more})


def go_through(store: Store, orders: Orders, key: RaterKey, most: int = 10**6) -> list[Trial]:
    """Answer by the page's way: what is next, with what follows fetched beforehand."""
    answered: set[int] = set()
    shown: list[Trial] = []
    promised: Trial | None = None
    while len(shown) < most:
        place = place_of(orders.of(key, frozenset(answered)), answered)
        if place.next is None:
            break
        assert promised is None or place.next == promised  # its pictures were fetched already
        promised = place.following
        shown.append(place.next)
        answer = int(place.next.shown[0].method < place.next.shown[1].method)
        assert store.record(Vote(key.rater, place.next, answer, 900, NOW)).outcome == "stored"
        answered.add(place.next.number)
    return shown


def scene(trial: Trial) -> tuple[str, str]:
    return trial.shown[0].set, trial.shown[0].picture


@pytest.mark.parametrize("pictures", [(8,), (5, 7)])
def test_an_order_keeps_what_every_order_keeps(store: Store, pictures: tuple[int, ...]) -> None:
    of = design(pictures=pictures)
    orders = Orders(of, store)
    for _ in range(3):
        key = store.add_rater()
        shown, laid = go_through(store, orders, key), trials_of(of, key.number)
        for trial, plan in zip(shown, laid, strict=True):
            assert replace(trial, shown=()) == replace(plan, shown=())
            assert scene(trial) == scene(plan)
            if trial.kind in ("calibration", "stabilising", "gold"):
                assert trial == plan
            else:
                assert len({each.method for each in trial.shown}) == 2
        tests = [trial for trial in shown if trial.kind == "test"]
        assert len({frozenset(trial.shown) for trial in tests}) == len(tests) == 30
        assert {stimulus for trial in tests for stimulus in trial.shown} <= set(of.stimuli)
        for repeat in (trial for trial in shown if trial.kind == "repeat"):
            (before,) = (trial for trial in tests if trial.shown == repeat.shown)
            assert before.number < repeat.number
        sides = Counter((each.set, each.method) for trial in tests for each in trial.shown[:1])
        sides.subtract((each.set, each.method) for trial in tests for each in trial.shown[1:])
        assert all(abs(count) <= 3 for count in sides.values())
    assert store.verify().faults == ()


def test_what_was_shown_holds_in_every_process_and_on_every_day(store: Store, url: str) -> None:
    of = design()
    orders, key, other = Orders(of, store), store.add_rater(), store.add_rater()
    begun = go_through(store, orders, key, most=14)
    answered = frozenset(trial.number for trial in begun)
    now = place_of(orders.of(key, answered), answered)
    go_through(store, orders, other)  # what others say meanwhile changes nothing that was settled
    elsewhere = Store(url)
    again = place_of(Orders(of, elsewhere).of(key, answered), answered)
    elsewhere.close()
    assert (again.next, again.following) == (now.next, now.following)
    assert list(Orders(of, store).of(key, answered))[: len(begun)] == begun


def test_pairs_are_settled_once_by_whoever_comes_first(store: Store, url: str) -> None:
    of = design()
    key = store.add_rater()
    other = Store(url)
    found: list[tuple[Trial, ...]] = []
    started = threading.Barrier(6)

    def look(which: Store) -> None:
        orders = Orders(of, which)
        started.wait()
        found.append(orders.of(key, frozenset(range(8))))

    threads = [threading.Thread(target=look, args=(each,)) for each in (store, other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert [each.data["block"] for each in store.events() if each.event == PAIRS] == [1]


def test_pairs_can_be_chosen_again_from_the_votes_that_were_there(store: Store) -> None:
    of = design()
    orders = Orders(of, store)
    for _ in range(3):
        go_through(store, orders, store.add_rater())
    votes = list(store.votes())
    for key in store.raters():
        laid = trials = trials_of(of, key.number)
        pairs: dict[int, tuple[str, str]] = {}
        for block, data in store.settled(key.rater, PAIRS).items():
            anew = chosen(of, key.number, trials, block, beliefs_of(of, votes[: data["votes"]]))
            assert [[at, *pair] for at, pair in anew.items()] == data["pairs"]
            pairs |= anew
            trials = with_pairs(laid, pairs)


def test_a_deleted_rater_takes_the_pairs_along(store: Store) -> None:
    of = design()
    key = store.add_rater()
    go_through(store, Orders(of, store), key, most=20)
    assert store.settled(key.rater, PAIRS)
    store.delete_rater(key.rater)
    assert not list(store.events())
    assert store.settled(key.rater, PAIRS) == {}
    assert store.verify().faults == ()


def test_where_nothing_is_chosen_nothing_is_noted(store: Store) -> None:
    of = design(choice=None)
    key = store.add_rater()
    assert tuple(go_through(store, Orders(of, store), key)) == trials_of(of, key.number)
    assert not list(store.events())


def test_the_first_pairs_are_all_alike_and_those_who_come_at_once_get_others() -> None:
    """Nothing is known: each of 15 pairs twice or so in 30, and not in one order for all."""
    of = design(block=30)
    orders = [chosen(of, number, trials_of(of, number), 1, beliefs_of(of, [])) for number in range(6)]
    for pairs in orders:
        counts = Counter(frozenset(pair) for pair in pairs.values())
        assert set(counts.values()) <= {1, 2, 3}
        assert len(counts) == 15
    assert len({tuple(map(frozenset, pairs.values())) for pairs in orders}) == 6


def test_the_information_is_that_of_another_integral() -> None:
    random = np.random.default_rng(0)
    root = random.normal(0, 0.6, (4, 4))
    belief = Belief(random.normal(0, 2, 4), root @ root.T)
    found = belief.information()
    assert np.array_equal(np.diag(found), np.zeros(4))
    assert found == pytest.approx(found.T, abs=1e-9)

    def entropy(p: float) -> float:
        return float(stats.entropy([p, 1 - p]))

    for a, b in ((0, 1), (1, 3), (2, 0)):
        lead = belief.strength[a] - belief.strength[b]
        spread = float(
            np.sqrt(belief.covariance[a, a] + belief.covariance[b, b] - 2 * belief.covariance[a, b])
        )
        ends, draw = (lead - 12 * spread, lead + 12 * spread), stats.norm(lead, spread).pdf
        mean = integrate.quad(lambda d, p=draw: p(d) / (1 + np.exp(-d)), *ends)[0]
        left = integrate.quad(lambda d, p=draw: p(d) * entropy(1 / (1 + np.exp(-d))), *ends)[0]
        assert found[a, b] == pytest.approx(entropy(mean) - left, abs=1e-5)


def test_close_and_little_known_pairs_tell_most() -> None:
    spread = np.eye(3) * 0.3
    found = Belief(np.array([0.0, 0.2, 4.0]), spread).information()
    assert found[0, 1] > 3 * found[1, 2] > 3 * found[0, 2] > 0
    known = Belief(np.zeros(3), np.diag([0.3, 0.01, 0.01])).information()
    assert known[0, 1] > 5 * known[1, 2]


def test_an_answer_shrinks_what_is_open_as_its_curvature_says() -> None:
    wins: NDArray[np.float64] = np.array([[0.0, 5, 9], [3, 0, 6], [1, 4, 0]])
    belief = belief_of(wins)
    after = belief.asked(0, 2)
    chance = 1 / (1 + np.exp(belief.strength[2] - belief.strength[0]))
    contrast = np.array([1.0, 0, -1])
    by_hand = np.linalg.pinv(
        np.linalg.pinv(belief.covariance, rcond=1e-9) + chance * (1 - chance) * np.outer(contrast, contrast),
        rcond=1e-9,
    )
    assert after.covariance == pytest.approx(by_hand, abs=1e-9)
    assert after.information()[0, 2] < belief.information()[0, 2]
    assert after.strength is belief.strength


def test_nothing_known_is_a_belief_too() -> None:
    found = belief_of(np.zeros((5, 5))).information()
    off = found[~np.eye(5, dtype=bool)]
    assert off == pytest.approx(off[0])
    assert off[0] > 0.1


def test_chosen_pairs_rank_better_than_as_many_that_are_alike() -> None:
    """Twelve methods, ten raters with thirty questions each, twelve studies: benchmarks/study_pairs.py."""
    scores: dict[str | None, list[tuple[float, float]]] = {None: [], "active": []}
    for seed in range(12):
        random = np.random.default_rng(seed)
        level = random.permutation(np.linspace(0, 6, 12)) + random.normal(0, 0.18, 12)
        for choice, found in scores.items():
            of = design(12, (10,), seed=seed, choice=choice, block=15, repeats=0, gold=0)
            (each,) = of.sets
            noise = np.random.default_rng(seed).normal(0, 0.35, (12, 10))
            truth = dict(truths(of)) | {
                Stimulus("S0", picture, method): float(level[row] + noise[row, column])
                for row, method in enumerate(each.methods)
                for column, picture in enumerate(each.pictures)
            }
            people = [SimulatedRater(name=f"r{at}") for at in range(10)]
            votes = votes_of_all(of, people, truth, seed=seed)
            assert sum(vote.trial.kind == "test" for vote in votes) == 300
            model = bradley_terry(choices_of(votes, of).wins("S0", each.methods).sum(axis=0))
            means = level + noise.mean(axis=1)
            order = np.argsort(means)
            errors = [model.difference(int(a), int(b))[1] for a, b in zip(order[1:], order, strict=False)]
            found.append((float(stats.kendalltau(model.strength, means).statistic), float(np.mean(errors))))
    alike, active = (np.array(each) for each in scores.values())
    assert active[:, 0].mean() > alike[:, 0].mean() + 0.01
    assert (active[:, 1] < alike[:, 1]).all()
    assert active[:, 1].mean() < 0.85 * alike[:, 1].mean()  # how sure one is of who is ahead of the next
