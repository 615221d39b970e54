"""The command ``srgan``: one thin file a command, which parses, calls and prints."""
