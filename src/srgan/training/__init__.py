"""Recipes, prepared photos, the step, the loop around it, checkpoints."""
