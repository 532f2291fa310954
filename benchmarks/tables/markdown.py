"""Tables in Markdown, and figures over several seeds."""

import statistics


def table(heads, rows):
    """Return a Markdown table; the first column is text, the others are figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def over_seeds(values, form="{:.2f}"):
    """Return the mean, and in brackets the lowest and the highest if they differ."""
    values = list(values)
    mean, least, most = map(
        form.format, (statistics.fmean(values), min(values), max(values))
    )
    return mean if least == most else f"{mean} ({least} to {most})"
