"""What is left of a faulty recipe, so that the rest of it can be looked at too.

A person should hear at once of a crop of 97 pixels and of a folder of photos that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from srgan.training.recipe import Recipe

__all__ = ["rest_of"]

Place = tuple[int | str, ...]

_OPTIONAL = frozenset({"start", "average", "validation", "doctor"})
"""Tables that a recipe can do without."""
_BATCH = 5040
"""Divisible by any number of processes that one might train with, so that nobody is told of it."""
_CROP = 64
"""Likewise: smaller than all photos that can be prepared, and as often halved as a discriminator may want."""


def rest_of(values: dict[str, Any], faults: Sequence[Place]) -> Recipe | None:
    """Give a recipe without what is at fault.

    A key falls back to its default; a loss or a phase goes. Where a part then lacks something, the simplest
    one that can stand takes its place, of which nothing is wrong.

    Args:
        values: the tables of the file.
        faults: where they are at fault, as keys and places in lists; () is the recipe as a whole.

    Returns:
        None where nothing can stand for what is at fault: the photos.
    """
    rest = deepcopy(values)
    for place in sorted(set(faults), key=_order, reverse=True):  # from the back: lists keep their numbers
        if not _take_out(rest, place):
            _stand_in(rest, place)
    for _ in range(2):  # what lacks something now; then what does not go together with that
        try:
            return Recipe.model_validate(rest)
        except ValidationError as error:
            for fault in error.errors():
                _stand_in(rest, fault["loc"])
    return None


def _take_out(rest: dict[str, Any], place: Place) -> bool:
    """Delete what is at ``place``, if it is there and not the whole or one of its tables."""
    values: Any = rest
    known = len(place) == 1 and place[0] in Recipe.model_fields
    try:
        for part in place[:-1]:
            values = values[part]
        if not place or (known and isinstance(values[place[0]], dict | list)):
            return False
        del values[place[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _stand_in(values: dict[str, Any], place: Place) -> None:
    """Put what can stand in the place of the table at fault, and drop what hangs on it."""
    table = place[0] if place else "phases"
    if table in _OPTIONAL:
        values.pop(str(table), None)
    elif table == "generator":
        values["generator"] = {"architecture": "swift"}
        values.pop("start", None)  # which may well be right for the generator that was meant
    elif table == "discriminator":
        values.pop("discriminator", None)
        values["phases"] = [_phase(adversarial=False)]
    elif table == "optimiser":
        values["optimiser"] = {"rate": 1e-4}
    elif table == "phases":
        values["phases"] = [_phase(adversarial="discriminator" in values)]
    elif table == "name":
        values["name"] = "recipe"


def _phase(*, adversarial: bool) -> dict[str, Any]:
    losses = [{"name": "l1"}, {"name": "adversarial"}]
    return {"updates": 1, "batch": _BATCH, "crop": _CROP, "losses": losses[: 1 + adversarial]}


def _order(place: Place) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (-1, part) for part in place]
