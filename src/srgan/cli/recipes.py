"""``srgan recipes``: the recipes that come with the package."""

from __future__ import annotations

from srgan.cli.lines import say

__all__ = ["recipes"]


def recipes() -> None:
    """List the shipped recipes: name, updates, what it is, and the file to copy and change."""
    from srgan.training.recipe import RECIPES, read_recipe

    for path in sorted(RECIPES.glob("*.toml")):
        recipe = read_recipe(path)
        say(f"{path.stem:<16} {recipe.updates:>9,} updates  {recipe.summary}  ({path})")
