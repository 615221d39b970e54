"""A way to enlarge pictures, measured: metrics, pairs of files, and the comparison of both."""
