"""Votes as the dataset that Netflix's sureal reads: a Python file with ``ref_videos`` and ``dis_videos``."""

from __future__ import annotations

import pprint
from collections.abc import Iterable

from srgan.study.comparison import judged
from srgan.study.design import Design
from srgan.study.terms import ORIGINAL, Stimulus, Vote

__all__ = ["as_sureal"]


def as_sureal(votes: Iterable[Vote], design: Design) -> str:
    """Write votes for sureal; versions that nobody judged are left out.

    ``os`` of each version is a table from rater to score; where it was compared with the original, -3 to 3.
    Pairs: it is a table from (rater, ``asset_id`` of the version that lost) to 1. Test trials only: most of
    sureal's models take no repeats.
    """
    counted = [vote for vote in votes if vote.trial.kind == "test"]
    pairs = design.protocol == "pairwise"
    shown = {each for vote in counted for each in (vote.trial.shown if pairs else judged(vote.trial)[:1])}
    rated = [stimulus for stimulus in design.stimuli if stimulus in shown]
    place = {stimulus: at for at, stimulus in enumerate(rated)}
    opinions: list[dict[object, int]] = [{} for _ in rated]
    for vote in counted:
        if not pairs:
            stimulus, sign = judged(vote.trial)
            opinions[place[stimulus]][vote.rater] = sign * vote.answer
        else:
            winner, loser = vote.trial.shown if vote.answer == 0 else vote.trial.shown[::-1]
            opinions[place[winner]][vote.rater, place[loser]] = 1
    scenes = list(dict.fromkeys((stimulus.set, stimulus.picture) for stimulus in rated))
    references = [
        {
            "content_id": at,
            "content_name": f"{name}/{picture}",
            "path": _path(Stimulus(name, picture, ORIGINAL)),
        }
        for at, (name, picture) in enumerate(scenes)
    ]
    versions = [
        {
            "asset_id": at,
            "content_id": scenes.index((stimulus.set, stimulus.picture)),
            "path": _path(stimulus),
        }
        | {"os": opinions[at]}
        for at, stimulus in enumerate(rated)
    ]
    lines = [
        f"dataset_name = {design.name!r}",
        "yuv_fmt = 'notyuv'",
        f"ref_score = {0 if design.protocol == 'ccr' else 5}.0",
        f"ref_videos = {pprint.pformat(references, sort_dicts=False)}",
        f"dis_videos = {pprint.pformat(versions, sort_dicts=False)}",
    ]
    return "\n".join(lines) + "\n"


def _path(stimulus: Stimulus) -> str:
    return f"{stimulus.set}/{stimulus.picture}/{stimulus.method}.png"
