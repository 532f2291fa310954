"""The table of programs on a GPU."""

import statistics

from steps import gpu_cases, report

HEADS = (
    "",
    "precision",
    "batch",
    "ms a step",
    "images/s",
    "TFLOP/s",
    "of the matrix peak",
    "speed (plain PyTorch = 1)",
    "memory, GiB",
    "first step, s",
)


def name_of(case):
    """Return what tells a row from the others."""
    return {
        "case": case.name,
        "program": case.program,
        "precision": case.precision,
        "batch_size": case.entry.batch_size,
        "options": case.entry.options,
    }


def row_of(case, found):
    """Return the figures of one program, for JSON.

    Args:
        case: `gpu_cases.Case`.
        found: dict from `steps.one_by_one`.
    """
    seconds = statistics.median(found["step_seconds"])
    flop = found["flop"] or case.entry.flop
    return {
        **name_of(case),
        "device": found["device"],
        "step_seconds": found["step_seconds"],
        "images_per_second": case.entry.batch_size / seconds,
        "flop": flop,
        "flop_per_second": flop / seconds,
        "peak_bytes": found["peak_device_bytes"] or found["peak_bytes"],
        "first_step_seconds": found["first_step_seconds"],
        "build_seconds": found["build_seconds"],
    }


def figures(rows, left_out, seconds, is_tiny):
    """Return all that is known so far, for JSON."""
    return {
        "machine": report.machine(),
        "devices": list(dict.fromkeys(row["device"] for row in rows)),
        "seconds": seconds,
        "is_tiny": is_tiny,
        "rows": rows,
        "left_out": left_out,
    }


def markdown(found):
    """Return the page of some figures."""
    rows = found["rows"]
    peaks = {r["precision"]: r for r in rows if r["case"] == "peak"}
    lines = [_line(row, peaks, rows) for row in rows if row["case"] != "peak"]
    notes = ["Tiny networks: the figures mean nothing."] * found["is_tiny"]
    notes += [
        f"One matrix product in {name} on {row['program']}: "
        f"{row['flop'] / min(row['step_seconds']) / 1e12:,.3g} TFLOP/s."
        for name, row in peaks.items()
    ]
    notes += [
        f"Left out: {title(each)}: {last_line(each['why'])}."
        for each in found["left_out"]
    ]
    return "\n\n".join(
        (
            f"Device: {', '.join(found['devices']) or 'none'}. {found['machine']}.",
            report.table(HEADS, lines),
            *notes,
            f"All of it took {found['seconds']:.0f} s.\n",
        )
    )


def title(row):
    """Return what a row is called."""
    if row["case"] == "peak":
        return f"{gpu_cases.TITLES['peak']} on {row['program']}, {row['precision']}"
    program = gpu_cases.PROGRAMS[row["program"]]
    extras = [name for name in ("augmented", "compiled") if row["options"].get(name)]
    name = f"{gpu_cases.TITLES[row['case']]}: {program}"
    return ", ".join([name, *extras, row["precision"]])


def last_line(why):
    """Return the last line of a reason, without the traceback before it."""
    return why.strip().splitlines()[-1].rstrip(".")


def in_short(row):
    """Return the figures of a row in words."""
    milliseconds = 1000 * statistics.median(row["step_seconds"])
    return (
        f"{milliseconds:.2f} ms a step, {row['images_per_second']:,.0f} images/s, "
        f"{row['flop_per_second'] / 1e12:.3g} TFLOP/s"
    )


def _line(row, peaks, rows):
    peak = peaks.get(row["precision"])
    share = peak and row["flop_per_second"] * min(peak["step_seconds"]) / peak["flop"]
    keys = ("case", "precision", "batch_size")
    same = [r for r in rows if all(r[key] == row[key] for key in keys)]
    peer = next((r for r in same if r["program"] == "peer"), None)
    peer = None if row["options"].get("augmented") else peer  # which the peer is not
    speed = peer and row["images_per_second"] / peer["images_per_second"]
    times = [1000 * seconds for seconds in row["step_seconds"]]
    name, _, _ = title(row).rpartition(", ")
    return (
        name,
        row["precision"],
        row["batch_size"],
        report.spread(times, "{:.2f}"),
        f"{row['images_per_second']:,.0f}",
        f"{row['flop_per_second'] / 1e12:,.3g}",
        f"{share:.0%}" if peak else "",
        f"{speed:.2f}" if peer else "",
        f"{row['peak_bytes'] / 2**30:.2f}",
        f"{row['first_step_seconds']:.1f}",
    )
