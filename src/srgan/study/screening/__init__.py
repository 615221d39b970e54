"""Who is left out, by rules that were fixed before the votes; ``rules.py`` puts them together."""
