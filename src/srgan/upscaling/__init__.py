"""A picture through a network, tile by tile; files and folders through one after the other."""
