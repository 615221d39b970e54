"""The parts of the page that shows an evaluation."""
