"""The page of the report."""

import json
import os
import shlex
import string
from html import escape
from importlib import resources
from pathlib import Path

from keras_gan.files import write_text
from keras_gan.plotting import svg
from keras_gan.presets import specs
from keras_gan.presets.specs import SHARES
from keras_gan.runs import best, evaluation, layout
from keras_gan.runs import log as run_log
from keras_gan.runs import settings as run_settings
from keras_gan.runs.report import charts, pictures


def write(folder: str | os.PathLike) -> Path:
    """Write `report.html` of a finished or running training.

    The page shows settings and versions, curves, the sample grids over time, the
    latent walk and the last metrics. It is one file: pictures are embedded, it makes
    no network request, and it opens from the disk.

    Args:
        folder: the folder of a run, as `keras-gan train` leaves it.

    Returns:
        The `pathlib.Path` of the page.

    Raises:
        ValueError: if the folder is not that of a run.

    Example:

    ```python
    from keras_gan.runs import report

    report.write("runs/dcgan_fashion_mnist")
    ```
    """
    folder = Path(folder)
    settings = run_settings.read_facts(folder)
    log = run_log.read(folder / layout.LOG)
    parts = {
        "title": escape(str(settings["preset"]["name"])),
        "description": escape(str(settings["preset"]["description"])),
        "state": _state(folder, settings, log),
        "samples": _samples(folder),
        "walk": _walk(folder),
        "metrics": _metrics(evaluation.read(folder / layout.METRICS)),
        "curves": _curves(run_log.curves(log)),
        "settings": _settings(settings),
        "command": escape(shlex.join(map(str, settings.get("command", ())))),
        "style": svg.style_sheet(),
        "script": _asset("report.js"),
    }
    path = folder / layout.REPORT
    page = string.Template(_asset("report.html")).substitute(parts)
    write_text(path, page)
    return path


def _asset(name):
    path = resources.files("keras_gan.runs.report") / "page" / name
    return path.read_text(encoding="utf-8")


def _state(folder, settings, log):
    """Return the progress of the run in a few numbers."""
    is_finished = (folder / layout.MODEL).is_file()
    last = log[-1] if log else {"epoch": 0, "images": 0, "seconds": 0.0}
    entries = {
        "Images": f"{last['images']:,}",
        "Epochs": str(last["epoch"]),
        "Time": _duration(last["seconds"]),
        "State": "finished" if is_finished else "running",
    }
    return "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries.items()
    )


def _duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s"


def _samples(folder):
    grids = pictures.thin_out(pictures.grids(folder))
    if not grids:
        return '<p class="hint">None yet.</p>'
    width, height = pictures.size_of(next(iter(grids.values())))
    sources = {epoch: pictures.data_uri(path) for epoch, path in grids.items()}
    last = len(sources) - 1
    columns = pictures.description(list(grids.values())[-1])
    hint = "The same latents after each epoch."
    if columns:
        hint = f"The same images after each epoch. Columns: {escape(columns)}."
    return string.Template(_asset("samples.html")).substitute(
        source=list(sources.values())[-1],
        hint=hint,
        width=width,
        height=height,
        last=last,
        epoch=list(sources)[-1],
        epochs=_script_json(list(sources)),
        sources=_script_json(list(sources.values())),
    )


def _script_json(value):
    """Return JSON that cannot end the script element that it stands in."""
    return json.dumps(value).replace("<", "\\u003c")


def _walk(folder):
    path = folder / layout.WALK
    if not path.is_file() or not pictures.is_picture(path):
        return ""
    width, height = pictures.size_of(path)
    return (
        '<section aria-labelledby="walk-title"><h2 id="walk-title">Latent walk</h2>'
        '<p class="hint">Interpolation through a few random latents and back.</p>'
        f'<img class="walk" src="{pictures.data_uri(path)}" width="{width}" '
        f'height="{height}" alt="Generated pictures that change into one another">'
        "</section>"
    )


def _metrics(measured):
    if not measured:
        return ""
    rows = "".join(
        f"<tr><th>{escape(name.replace('_', ' '))}</th><td>{value:.4g}</td></tr>"
        for name, value in measured["metrics"].items()
    )
    lines = measured["described"]
    if measured["kept"]:
        lines = [best.sentence(measured["kept"]), *lines]
    said = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (
        '<section aria-labelledby="metrics-title"><h2 id="metrics-title">Metrics</h2>'
        f'<p class="hint">After epoch {measured["epoch"]}.</p>'
        f'<table>{rows}</table><ul class="hint">{said}</ul></section>'
    )


def _curves(curves):
    if not curves:
        return '<p class="hint">None yet.</p>'
    num_epochs = max(curves["epoch"][1])
    figures = []
    for title, subtitle, span, lines in charts.panels(curves):
        legend = "".join(_legend(*line) for line in lines)
        figures.append(
            f"<figure><figcaption><h3>{escape(title)}</h3>"
            f'<p class="hint">{escape(subtitle)}</p><p class="legend">{legend}</p>'
            f"</figcaption>{_chart(title, span, lines, num_epochs)}</figure>"
        )
    return "".join(figures)


def _chart(title, span, lines, num_epochs):
    """Return a chart and its cursor, which the script moves to an epoch."""
    first = charts.position(1, num_epochs)
    last = charts.position(num_epochs, num_epochs)
    return (
        f'<div class="chart" data-last="{num_epochs}" data-left="{100 * first:.2f}" '
        f'data-right="{100 * last:.2f}">{charts.svg(title, span, lines, num_epochs)}'
        '<i class="cursor"></i></div>'
    )


def _legend(label, colour, points):
    epochs, values = points
    data = json.dumps(dict(zip(epochs, (f"{v:.4g}" for v in values), strict=True)))
    return (
        f'<span><i class="{colour}"></i>{escape(label)} '
        f"<output data-values='{escape(data)}'>{values[-1]:.4g}</output></span>"
    )


def _settings(settings):
    """Return the settings that are not shown elsewhere on the page."""
    hidden = {"options", "command"}
    shown = {**settings.pop("preset"), **settings}
    return "".join(
        f"<div><dt>{escape(name.replace('_', ' '))}</dt><dd>{_value(value)}</dd></div>"
        for name, value in shown.items()
        if name not in hidden and value not in (None, "", [], {})
    )


def _value(value):
    if isinstance(value, dict):
        if len(value) == 1 and set(value) <= set(SHARES):
            return str(specs.from_json(value))
        if set(value) == {"make", "arguments"}:
            given = f" {_value(value['arguments'])}" if value["arguments"] else ""
            return f"{escape(value['make'].rpartition('.')[2])}{given}"
        return "<br>".join(
            f"<span>{escape(str(k).replace('_', ' '))}</span> {_value(v)}"
            for k, v in value.items()
        )
    if isinstance(value, list):
        is_flat = not any(isinstance(each, (list, dict)) for each in value)
        return (", " if is_flat else "<br>").join(map(_value, value))
    return escape(f"{value:,}" if type(value) is int and value > 9999 else str(value))
