"""The columns of the paper's mean opinion scores (Ledig et al., CVPR 2017, section 3.3 and Table 2)."""

from __future__ import annotations

import re

__all__ = ["PAPER_SETS", "column_of", "is_left_out", "missing_columns"]

PAPER_SETS = ("Set5", "Set14", "BSD100")

_COLUMNS = {  # as `srgan reproduce` names them, with the names of the paper
    "nearest": ("nearest",),
    "bicubic": ("bicubic",),
    "srcnn": ("srcnn",),
    "selfexsr": ("selfexsr",),
    "drcn": ("drcn",),
    "espcn": ("espcn",),
    "srresnet": ("srresnet", "srresnetmse"),
    "srresnet-vgg22": ("srresnetvgg22",),
    "srgan-mse": ("srganmse",),
    "srgan-vgg22": ("srganvgg22",),
    "srgan": ("srgan", "srganvgg54"),
    "original": ("original",),
}
_NOT_ON_BSD100 = ("srresnet-vgg22", "srgan-mse", "srgan-vgg22")


def column_of(method: str) -> str | None:
    """Give the paper's column that a method is, whatever its case and hyphens; None: it is none of them."""
    plain = re.sub(r"[\W_]", "", method.casefold())
    plain = plain.removesuffix("x4")
    return next((column for column, names in _COLUMNS.items() if plain in names), None)


def is_left_out(set_name: str, method: str) -> bool:
    """Tell whether the paper did not show a method on a set: three of its twelve are not on BSD100."""
    return set_name == "BSD100" and column_of(method) in _NOT_ON_BSD100


def missing_columns(methods: list[str]) -> list[str]:
    """Name the paper's columns that none of the methods is."""
    there = {column_of(each) for each in methods}
    return [column for column in _COLUMNS if column not in there]
