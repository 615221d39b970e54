"""A picture file read and written, and nothing of it lost; the only door to pyvips and Pillow."""
