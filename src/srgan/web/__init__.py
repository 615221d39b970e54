"""What the servers here share: errors as HTTP answers, limits, tokens."""
