"""The package's version, in one place: the build, ``srgan --version`` and model files read it from here."""

__version__ = "0.1.0"
