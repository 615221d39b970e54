"""Enlarge one picture four times, photo-realistically."""
