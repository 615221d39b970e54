"""What a model file states, without torch: read, checked and found."""

__all__ = ["DEFAULT"]

DEFAULT = "swift-gan@0.8"
"""The model that runs when none is named, where its dial bends (docs/explanation/dial.md); here, where
asking for it loads nothing."""
