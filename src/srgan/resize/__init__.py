"""MATLAB's bicubic, exact: ``matlab`` in numpy, ``tensor`` in torch."""
