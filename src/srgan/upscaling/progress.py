"""How far the work is, told to whoever wants to show it."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Told what happens while a picture is enlarged, by the thread that enlarges it."""

    def reached(self, fraction: float) -> None:
        """Hear how much of this picture is done, 0 to 1; less than before when a part must be done again."""
        ...

    def note(self, line: str) -> None:
        """Hear something that a person should know and that is no error."""
        ...


class Silent:
    """Shows nothing."""

    def reached(self, fraction: float) -> None:
        """Do nothing."""

    def note(self, line: str) -> None:
        """Do nothing."""
