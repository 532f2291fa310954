"""The report of a run: one HTML file that shows how it went."""

from keras_gan.runs.report.writing import write

__all__ = ["write"]
