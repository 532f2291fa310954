"""Generative adversarial networks for Keras 3."""
