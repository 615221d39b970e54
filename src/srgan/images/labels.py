"""A line of text as pixels, for pictures that carry captions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["label"]


def label(text: str, height: int) -> NDArray[np.uint8]:
    """Draw one line of text in the font that Pillow carries, so no font need be installed.

    Args:
        text: letters, digits and signs of Western languages; others come out as boxes.
        height: of the result in pixels, at least 8; the letters take about two thirds of it.

    Returns:
        (height, width): how much of a pixel is ink, 0 to 255; as wide as the text.
    """
    font = ImageFont.load_default(height * 0.72)
    width = max(1, round(font.getlength(text)))
    picture = Image.new("L", (width, height))
    ImageDraw.Draw(picture).text((0, height // 2), text, fill=255, font=font, anchor="lm")
    return np.array(picture)
