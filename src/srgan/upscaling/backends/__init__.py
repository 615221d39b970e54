"""Runtimes that run a network, one file each; a new one implements `backend.Backend` in a file of its own."""
