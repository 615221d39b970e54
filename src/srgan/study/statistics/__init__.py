"""What the votes of a study say, one file a method; all of it on plain arrays, NaN where there is no vote."""
