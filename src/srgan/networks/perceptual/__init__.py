"""Perceptual networks: frozen rulers that measure how alike two pictures look."""
