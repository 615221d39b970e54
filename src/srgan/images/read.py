"""Reading a picture: what the file is decides its content, whether it is read at all decides its header."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np

from srgan.errors import InputError, SrganError, one_line
from srgan.images import orientation
from srgan.images.decoders import pillow, pnm, vips
from srgan.images.decoders.opened import Opened
from srgan.images.formats import Format
from srgan.images.messages import VIPS_ERRORS, reason
from srgan.images.picture import Header, Picture
from srgan.images.sniff import HEAD, sniff
from srgan.storage import local_copy

__all__ = ["MAX_PIXELS", "probe", "read"]

MAX_PIXELS = 100_000_000


def read(place: str | os.PathLike[str], *, max_pixels: int = MAX_PIXELS) -> Picture:
    """Read a picture with all that travels with it, turned upright.

    Colours stay in their own RGB or grey space, with its profile; CMYK and Lab become sRGB. Grey stays grey,
    16 bits stay 16, 10 and 12 fill the 16; palettes become RGB and bitmaps 8-bit grey. A plane of alpha that
    is opaque everywhere is dropped. Of several frames or pages the first is read.

    Args:
        place: a local path or a URL; its name has no say in what it is.
        max_pixels: the most that is decoded; the header is enough to refuse more.

    Raises:
        InputError: missing, damaged, cut off, too large or no picture; one line that says what to do.
    """
    name = os.fspath(place)
    with local_copy(place) as path:
        row, opened = _open(path, name, max_pixels)
        try:
            pixels = opened.decode()
        except MemoryError as error:
            raise InputError(f"{name}: does not fit into memory; free some or shrink it first") from error
        except Exception as error:  # decoders raise what they like
            raise _damaged(name, row, error) from error
    if opened.has_alpha and pixels[..., -1].min() == np.iinfo(pixels.dtype).max:
        pixels = pixels[..., :-1]
    return Picture.from_planes(
        orientation.apply(pixels, opened.orientation),
        metadata=orientation.reset(opened.metadata, opened.orientation),
        format=row.name,
        frames=opened.frames,
        notes=opened.notes,
    )


def probe(place: str | os.PathLike[str], *, max_pixels: int = MAX_PIXELS) -> Header:
    """Read all but the pixels; much quicker than ``read``, and blind to damage behind the header.

    ``has_alpha`` tells of the file; ``read`` drops a plane that is opaque everywhere.

    Raises:
        InputError: as ``read``, as far as the header shows it.
    """
    name = os.fspath(place)
    with local_copy(place) as path:
        row, opened = _open(path, name, max_pixels)
    lying = orientation.swaps_sides(opened.orientation)
    return Header(
        height=opened.width if lying else opened.height,
        width=opened.height if lying else opened.width,
        bits=opened.bits,
        is_grey=opened.is_grey,
        has_alpha=opened.has_alpha,
        metadata=orientation.reset(opened.metadata, opened.orientation),
        format=row.name,
        frames=opened.frames,
    )


def _open(path: Path, name: str, max_pixels: int) -> tuple[Format, Opened]:
    row = sniff(_head(path, name), name)
    try:
        match row.reader:
            case "vips":
                opened = vips.open_picture(path, row, name)
            case "pnm":
                opened = pnm.open_picture(path)
            case "pillow":
                opened = pillow.open_picture(path, row, name)
    except SrganError:
        raise
    except Exception as error:  # decoders raise what they like
        raise _damaged(name, row, error) from error
    pixels = opened.width * opened.height
    if pixels > max_pixels:
        raise InputError(
            f"{name}: is {opened.width} x {opened.height} = {_mega(pixels)} megapixels; the limit is "
            f"{_mega(max_pixels)}; raise it with --max-pixels if you trust the file"
        )
    if pixels <= 0:
        raise InputError(f"{name}: is {opened.width} x {opened.height} pixels; get the file again")
    return row, opened


def _head(path: Path, name: str) -> bytes:
    """Read the first bytes, or say in a person's words why not."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{name}: is a folder, not a picture; name the files in it")
        if not stat.S_ISREG(mode):  # reading a pipe or a device could wait for ever
            raise InputError(f"{name}: is no regular file; copy the picture to one first")
        with path.open("rb") as file:
            return file.read(HEAD)
    except FileNotFoundError as error:
        raise InputError(f"{name}: no such file; check the name") from error
    except PermissionError as error:
        raise InputError(f"{name}: no permission to read it; change that or copy it") from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise InputError(f"{name}: cannot be read ({one_line(error)}); check name and disk") from error


def _damaged(name: str, row: Format, error: Exception) -> InputError:
    said = reason(error) if isinstance(error, VIPS_ERRORS) else one_line(error).rstrip(".")
    return InputError(
        f"{name}: this {row.label} cannot be read ({said}); it is damaged or of a rare kind: "
        "get it again, or open it elsewhere and save it as PNG"
    )


def _mega(pixels: int) -> str:
    return f"{pixels / 1e6:.3g}" if pixels < 100e6 else f"{pixels / 1e6:.0f}"
