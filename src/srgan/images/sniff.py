"""What a file is by its first bytes; its name has no say."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from srgan.errors import InputError
from srgan.images.formats import FORMATS, Format

__all__ = ["HEAD", "UnreadKindError", "sniff"]

HEAD = 4096  # bytes that tell every kind apart


class UnreadKindError(InputError):
    """A picture of a kind that is known and not read."""


@dataclass(frozen=True, slots=True)
class _Other:
    """A kind of file that is known and not read."""

    label: str
    signature: re.Pattern[bytes]
    advice: str


_CONVERT = "save it as JPEG, PNG or TIFF first"
_EXPORT = "export it as PNG at the size you need"
_TEXT_START = rb"(?:\xef\xbb\xbf)?\s*"  # a byte order mark, blanks
_DEVELOP = "develop it to TIFF or JPEG first"


def _other(label: str, signature: bytes, advice: str) -> _Other:
    return _Other(label, re.compile(signature, re.DOTALL | re.IGNORECASE), advice)


_OTHERS = (
    _other("a HEIC picture", rb".{4}ftyp(?:hei[cmsx]|hev[cx]|mif1|msf1)", _CONVERT),
    _other("a camera raw file", rb".{4}ftypcrx |FUJIFILMCCD-RAW|IIR[OS]|IIU\0|\0MRM|FOVb", _DEVELOP),
    _other("a film", rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI |\0\0\x01[\xb3\xba]", "save a frame as PNG first"),
    _other("a JPEG XL picture", rb"\xff\x0a|\0\0\0\x0cJXL ", _CONVERT),
    _other("a JPEG XR picture", rb"II\xbc[\0\x01]", _CONVERT),
    _other("a Photoshop file", rb"8BPS", "save it as TIFF or PNG first"),
    _other("a GIMP file", rb"gimp xcf", _EXPORT),
    _other("an OpenEXR picture", rb"\x76\x2f\x31\x01", "save it as 16-bit TIFF or PNG first"),
    _other("a Radiance HDR picture", rb"#\?(?:RADIANCE|RGBE)", "save it as 16-bit TIFF or PNG first"),
    _other("a floating-point PFM picture", rb"Pf\s", "save it as 16-bit TIFF or PNG first"),
    _other("a PAM picture", rb"P7\s", _CONVERT),
    _other("a DirectDraw texture", rb"DDS ", _CONVERT),
    _other("a QOI picture", rb"qoif", _CONVERT),
    _other("a PDF document", rb"%PDF", "export its page as PNG"),
    _other("a PostScript document", rb"%!PS|\xc5\xd0\xd3\xc6", _EXPORT),
    _other("a ZIP archive", rb"PK\x03\x04", "unpack it first"),
    _other("a compressed file", rb"\x1f\x8b|BZh|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!", "unpack it first"),
    _other(
        "an SVG drawing",
        _TEXT_START + rb"(?:<\?xml.*?)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE svg|<svg)",
        _EXPORT,
    ),
    _other(
        "an HTML page",
        _TEXT_START + rb"(?:<!--.*?-->\s*)*<(?:!DOCTYPE html|html|head|body)",
        "the download probably failed: get it again",
    ),
    _other("a Git LFS pointer", rb"version https://git-lfs", "run 'git lfs pull'"),
)

_PICTURES = frozenset(
    {
        "a HEIC picture",
        "a camera raw file",
        "a JPEG XL picture",
        "a JPEG XR picture",
        "a Photoshop file",
        "an OpenEXR picture",
        "a Radiance HDR picture",
        "a floating-point PFM picture",
        "a PAM picture",
        "a QOI picture",
        "a Git LFS pointer",
    }
)
"""Of these what a folder of photos may hold, so that none is passed over."""


def sniff(head: bytes, place: str) -> Format:
    """Tell the format of a file from its first ``HEAD`` bytes.

    Raises:
        UnreadKindError: it is a picture of a kind that is not read.
        InputError: it is empty, no picture, or of no known kind; the message says which.
    """
    for row in FORMATS:
        if row.signature.match(head):
            return row
    if not head:
        raise InputError(f"{place}: the file is empty; copy or download it again")
    for other in _OTHERS:
        if other.signature.match(head):
            kind = UnreadKindError if other.label in _PICTURES else InputError
            raise kind(f"{place}: is {other.label}, which is not read; {other.advice}")
    if _is_text(head):
        raise InputError(f"{place}: is a text file, not a picture; check the name")
    labels = ", ".join(row.label for row in FORMATS)
    raise InputError(f"{place}: is no known kind of picture, or its beginning is damaged; readable: {labels}")


def _is_text(head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the last letter may be cut in two
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\t\n\r\f" for letter in text)
