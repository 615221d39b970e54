"""The networks, in torch, and their way into model files."""
