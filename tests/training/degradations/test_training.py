from __future__ import annotations

from pathlib import Path

import pytest
import torch

from srgan.training.checkpoint import Checkpoints
from srgan.training.loop import Machine, train
from srgan.training.recipe import Recipe


def weights(run: Path) -> list[torch.Tensor]:
    newest = Checkpoints(run, 1).last
    assert newest is not None
    content = torch.load(newest, weights_only=True)
    return list(content["players"]["generator"].values())


@pytest.mark.parametrize("name", ["photo", "restore"])
def test_training_works_with_each_and_depends_on_it(recipe: Recipe, tmp_path: Path, name: str) -> None:
    """And the same recipe gives the same weights, whenever it was interrupted."""
    content = recipe.model_dump(by_alias=True)
    content["data"] |= {"degradation": {"name": name}, "difficulty": {}}
    content["phases"] = [content["phases"][0] | {"updates": 4}]
    ends = []
    for data in (content, content, content | {"data": recipe.data.model_dump()}):
        run = tmp_path / str(len(ends))
        outcome = train(Recipe.model_validate(data), run, Machine(threads=1), lambda _: None)
        assert outcome.ended == "finished"
        ends.append(weights(run))
    assert all(torch.equal(*pair) for pair in zip(ends[0], ends[1], strict=True))
    assert not all(torch.equal(*pair) for pair in zip(ends[0], ends[2], strict=True))
