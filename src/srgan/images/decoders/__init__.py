"""One file a library or a quirk: from a file's content to a header, and to its pixels when asked."""
