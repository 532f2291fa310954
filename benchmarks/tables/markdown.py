"""Tables in Markdown, and figures over several seeds."""

import statistics


def table(heads, rows):
    """A Markdown table; the first column is text, the others are figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def over_seeds(values, form="{:.2f}"):
    """The mean, and in brackets the lowest and the highest where there are several."""
    values = list(values)
    mean = form.format(statistics.fmean(values))
    if len(values) == 1:
        return mean
    return f"{mean} ({form.format(min(values))} to {form.format(max(values))})"
