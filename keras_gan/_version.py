"""The version of this package, which a checkout that is not installed has too."""

__version__ = "0.1.0"
