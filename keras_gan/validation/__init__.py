"""Checks of arguments, networks and data, made before the first training step."""
