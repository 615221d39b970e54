"""Discriminators: what tells photos from results while a network trains; none of them ships."""
