"""The report of a run: one HTML file with curves, samples, metrics and settings."""

from keras_gan.runs.report.callback import ReportWriter, write_or_warn
from keras_gan.runs.report.writing import write

__all__ = ["ReportWriter", "write", "write_or_warn"]
