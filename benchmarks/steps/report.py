"""Write the tables, in Markdown."""

import importlib.metadata
import os
import platform
import statistics
from pathlib import Path

import click

from steps.targets import described

PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "jax", "torch", "numpy")


def table(heads, rows):
    """Return a Markdown table; the first column is text, the others are figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def machine():
    """Return the processor, its cores and the versions of the libraries."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            line.split(":", 1)[1].strip()
            for line in cpuinfo.read_text().splitlines()
            if line.startswith("model name")
        ]
        name = models[0] if models else name
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return f"{name}, {os.cpu_count()} cores; {', '.join(versions)}"


def comparison(results):
    """Return the table of one comparison; speeds are relative to the first program."""
    reference, rows = results[0], []
    peaks = [result for result in results if result.entry.key == "peak"]
    for result in results:
        if result.entry.key == "peak":
            continue
        mine = [peak for peak in peaks if peak.entry.dtype == result.entry.dtype]
        times = [1000 * seconds for seconds in result.step_seconds]
        shares = result.shares_of(mine) if mine else None
        seconds = statistics.median(result.step_seconds)
        rows.append(
            (
                described(result.entry),
                spread(times, "{:.{digits}f}"),
                f"{result.entry.batch_size / seconds:,.0f}",
                f"{statistics.median(result.rates) / 1e9:,.0f}",
                f"{statistics.median(shares):.0%}" if shares else "",
                spread(result.times_faster_than(reference), "{:.2f}"),
                f"{result.first_step_seconds:.1f}",
                memory(result),
            )
        )
    heads = (
        "",
        "ms a step",
        "images/s",
        "GFLOP/s",
        "of the peak",
        f"speed ({described(reference.entry)} = 1)",
        "first step, s",
        "memory, MiB",
    )
    notes = [
        f"{described(peak.entry)}: {spread([r / 1e9 for r in peak.rates], '{:,.0f}')} "
        "GFLOP/s."
        for peak in peaks
    ]
    idle = max(result.idle_cpu for result in results)
    notes.append(f"A waiting program used at most {idle:.1%} of a core.")
    devices = dict.fromkeys(r.device for r in results if r.device != "CPU")
    notes += [f"Device: {device}." for device in devices]
    return table(heads, rows) + "\n\n" + " ".join(notes)


def sizes(results, time_line, memory_line, size_of):
    """Return the table of cost by size, beside the fitted lines.

    Args:
        results: list of `Result`.
        time_line: `Line`, of the seconds of a step.
        memory_line: `Line`, of the memory in MiB.
        size_of: function from an `Entry` to what the lines are in.
    """
    rows = []
    for result in results:
        entry, size = result.entry, size_of(result.entry)
        times = [1000 * seconds for seconds in result.step_seconds]
        rows.append(
            (
                f"{entry.size} px, batch {entry.batch_size}",
                spread(times, "{:.{digits}f}"),
                f"{1000 * time_line(size):.0f}",
                f"{statistics.median(times) / (1000 * time_line(size)) - 1:+.0%}",
                memory(result),
                f"{memory_line(size):.0f}",
                f"{memory_mib(result) / memory_line(size) - 1:+.0%}",
            )
        )
    heads = ("", "ms a step", "line", "off", "memory, MiB", "line", "off")
    return table(heads, rows)


def targets(found):
    """Return the table of targets and results."""
    return table(("", "target", "measured", ""), [t.row() for t in found])


def spread(values, form):
    """Return the median, with the lowest and the highest in brackets."""
    digits = 1 if max(values) < 100 else 0
    median, low, high = (
        form.format(value, digits=digits)
        for value in (statistics.median(values), min(values), max(values))
    )
    return f"{median} ({low} to {high})"


def memory_mib(result):
    """Return the largest memory used, on the device if there is one, in MiB."""
    return (result.peak_device_bytes or result.peak_bytes) / 2**20


def memory(result):
    return f"{memory_mib(result):,.0f}"


def replace_file(path, text):
    """Write a file whole, beside it first."""
    beside = path.with_name(f".{path.name}.partial")
    beside.write_text(text)
    os.replace(beside, path)


def say(line):
    """Print progress, apart from the tables."""
    click.echo(line, err=True)
