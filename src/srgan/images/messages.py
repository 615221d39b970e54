"""What libvips says: warnings to Python's logger ``pyvips``, which is silent by default; errors in one line.

pyvips takes its words for UTF-8. They quote files, which may hold anything, and then it fails: a warning
prints a traceback, and an error stays in libvips' buffer and fails again in whatever comes next.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Any

import pyvips

__all__ = ["VIPS_ERRORS", "forget", "reason"]

VIPS_ERRORS = (pyvips.Error, UnicodeDecodeError)  # what a failing call of libvips raises

# GLib's levels and Python's
_LEVELS = {4: logging.CRITICAL, 8: logging.ERROR, 16: logging.WARNING, 32: logging.INFO, 64: logging.INFO}

# lines that tell a person nothing
_EMPTY = ("load error", "bad seek", "unable to call", "read error", "write error", "Unknown error")


def forget() -> None:
    """Take away what earlier failures left in libvips' buffer, which the next error would repeat."""
    pyvips.vips_lib.vips_error_clear()


def reason(error: BaseException) -> str:
    """Give the most telling line of libvips' message, without the names of its functions."""
    detail = str(error.detail) if isinstance(error, pyvips.Error) else ""
    for line in detail.splitlines():
        name, colon, said = line.strip().partition(": ")
        said = said if colon and " " not in name else line.strip()
        if said and not any(phrase in said for phrase in _EMPTY):
            return said.rstrip(".")
    return "its data make no sense or end too early"


def _log(_domain: Any, level: int, message: Any, _data: Any) -> None:
    text = pyvips.ffi.string(message).decode("utf-8", "replace")
    logging.getLogger("pyvips").log(_LEVELS.get(level & ~3, logging.DEBUG), "libvips: %s", text)


if pyvips.API_mode:  # in its other mode, with a libvips of the system, pyvips leaves nothing to replace
    with contextlib.suppress(pyvips.ffi.error):  # a pyvips that names it otherwise
        pyvips.ffi.def_extern(name="_log_handler_callback")(_log)
