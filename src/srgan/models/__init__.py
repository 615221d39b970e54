"""What a model file states, without torch: read, checked and found."""

__all__ = ["DEFAULT"]

DEFAULT = "swift"
"""The model that runs when none is named; here, where asking for it loads nothing."""
