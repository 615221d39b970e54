"""Losses, a scalar each; ``table.py`` names them."""
