"""Generators, one file each; ``table.py`` names them."""
