"""People asked which enlargement is better: a study designed, served, stored and evaluated."""
