"""``srgan recipes``: the recipes that come with the package, and what to do with them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from srgan.cli.lines import complain, say

__all__ = ["recipes"]


def recipes(do: Literal["list", "show", "copy", "validate"] = "list", *words: str) -> int:
    """List the shipped recipes, show or copy one, or check your own.

    `srgan recipes` lists them: name, updates, what it is.

    `srgan recipes show NAME` prints one, comments and all.

    `srgan recipes copy NAME [FILE]` writes it into a file to change, by default NAME.toml here.

    `srgan recipes validate FILE...` says everything that is wrong in recipes, or that they are right.

    Parameters
    ----------
    do
        list, show, copy or validate.
    words
        Names and files, as above.
    """
    from srgan.errors import RecipeError, UsageError
    from srgan.storage import whole_file
    from srgan.training.recipe_file import RECIPES, find_recipe, read_recipe, recipe_names

    match do, words:
        case "list", ():
            for name in recipe_names():
                recipe = read_recipe(RECIPES / f"{name}.toml")
                say(f"{name:<22} {recipe.updates:>9,} updates  {recipe.summary}")
        case "show", (name,):
            say(find_recipe(name).read_text(encoding="utf-8").rstrip())
        case "copy", (name, *rest) if len(rest) <= 1:
            source = find_recipe(name)
            target = Path(rest[0]) if rest else Path(source.name)
            with whole_file(target) as temporary:
                temporary.write_bytes(source.read_bytes())
            say(str(target))
        case "validate", (_, *_):
            failed = False
            for name in words:
                try:
                    recipe = read_recipe(find_recipe(name))
                except RecipeError as error:
                    for line in str(error).splitlines():
                        complain(line)
                    failed = True
                else:
                    say(f"{name}: {recipe.name}, {recipe.updates:,} updates; nothing wrong with it")
            return 2 if failed else 0
        case _:
            raise UsageError(f"recipes {do}: see `srgan recipes --help` for what it takes")
    return 0
