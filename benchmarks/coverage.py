"""How often a 95 % interval of `srgan evaluate` holds the truth, beside plain percentiles.

    python benchmarks/coverage.py

Numbers of which the mean is known are drawn, normal and exponential ones, as many as a benchmark set has
pictures. Prints a line for each kind and count and writes ``benchmarks/results/coverage.json``.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from measuring import write_results
from srgan.evaluation.statistics import interval

COUNTS = (5, 14, 100)
DRAWS = 1000


def main() -> None:
    """Draw, count and print."""
    parser = argparse.ArgumentParser(description="how often an interval holds the truth")
    parser.add_argument("--trials", type=int, default=2000)
    trials: int = parser.parse_args().trials
    rows: list[dict[str, object]] = []
    for kind in ("normal", "exponential"):
        for count in COUNTS:
            plain, expanded = coverage(kind, count, trials)
            print(f"{count:4} {kind:12} plain {plain:6.1%}  expanded {expanded:6.1%}", flush=True)
            rows.append({"numbers": kind, "pictures": count, "plain": plain, "expanded": expanded})
    print(write_results("coverage", {"trials": trials, "draws": DRAWS, "rows": rows}))


def coverage(kind: str, count: int, trials: int) -> tuple[float, float]:
    """Give how often plain percentiles, and ours, hold the mean of ``count`` numbers, of which it is 1."""
    random = np.random.default_rng(count)
    plain = expanded = 0
    for trial in range(trials):
        numbers = random.normal(1, 1, count) if kind == "normal" else random.exponential(1, count)
        low, high = _percentiles(numbers, trial)
        plain += low <= 1 <= high
        ours = interval(numbers, seed=trial, resamples=DRAWS)
        expanded += ours is not None and ours.low <= 1 <= ours.high
    return plain / trials, expanded / trials


def _percentiles(numbers: NDArray[np.float64], seed: int) -> tuple[float, float]:
    found = bootstrap(
        (numbers,), np.mean, n_resamples=DRAWS, method="percentile", rng=np.random.default_rng(seed)
    ).confidence_interval
    return found.low, found.high


if __name__ == "__main__":
    main()
