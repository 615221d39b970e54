"""The frame of a page that is one file: no script, no request to anyone, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

__all__ = ["document"]

_STYLE = Path(__file__).parent / "page.css"


def document(title: str, style: Path, body: Iterable[str]) -> Iterator[str]:
    """Give the lines of a page.

    Args:
        title: what the browser calls it, as plain text.
        style: a sheet of what is this page's own, after the one that all pages share.
        body: HTML of what is inside ``main``.
    """
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>"
    yield f"<style>{_STYLE.read_text(encoding='utf-8')}{style.read_text(encoding='utf-8')}</style></head>"
    yield "<body><main>"
    yield from body
    yield "</main></body></html>"
