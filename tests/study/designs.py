"""A design as small as may be."""

from __future__ import annotations

from srgan.study.design import Design, MethodOf, SetOf


def small_design(**more: object) -> Design:
    """Give a design of two pictures; ``more`` replaces or adds keys."""
    values: dict[str, object] = {
        "name": "s",
        "title": "t",
        "protocol": "acr",
        "seed": 5,
        "languages": ("en",),
        "question": {"en": "?"},
        "labels": {"en": ("5", "4", "3", "2", "1")},
        "methods": (MethodOf(name="a"), MethodOf(name="b"), MethodOf(name="original", role="original")),
        "sets": (SetOf(name="S", pictures=("p", "q"), methods=("a", "b", "original")),),
    }
    return Design.model_validate({**values, **more})
