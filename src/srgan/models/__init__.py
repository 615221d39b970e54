"""What a model file states, without torch: read, checked and found."""
