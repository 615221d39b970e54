"""The parts of a study's report: charts, tables, the page around them, and files for other programs."""
