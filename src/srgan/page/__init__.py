"""What every HTML page that is made here shares: its frame, its look, its axes, pictures inside it."""
