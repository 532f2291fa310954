"""The page, put together."""

import json
import shlex
import string
from html import escape
from importlib import resources
from pathlib import Path

from keras_gan.plotting.files import replacing
from keras_gan.runs.report import charts, facts, files, pictures


def write(folder):
    """Write `report.html` of a run, as far as the run has come.

    One file without a word from elsewhere: pictures are inside, no other host is
    asked, and it opens from the disk. Settings, curves, the grids over time, the
    last measurement, the walk through latent space, and the versions.

    Args:
        folder: the folder of a run, as `keras-gan train` leaves it.

    Returns:
        The `pathlib.Path` of the page.

    Raises:
        ValueError: if the folder is not a run's.

    Example:

    ```python
    from keras_gan.runs import report

    report.write("runs/dcgan_fashion_mnist")
    ```
    """
    folder = Path(folder)
    settings = facts.load(folder, files.SETTINGS)
    if not settings:
        raise ValueError(
            f"{str(folder)!r} is not the folder of a run: it has no {files.SETTINGS}. "
            "Pass a folder that `keras-gan train` has written."
        )
    log = facts.rows(folder / files.LOG)
    parts = {
        "title": escape(settings["preset"]["name"]),
        "description": escape(settings["preset"]["description"]),
        "state": _state(folder, settings, log),
        "samples": _samples(folder),
        "walk": _walk(folder),
        "metrics": _metrics(facts.load(folder, files.METRICS)),
        "curves": _curves(facts.curves(log)),
        "settings": _settings(settings),
        "command": escape(shlex.join(settings.get("command", ()))),
        "style": _asset("report.css"),
        "script": _asset("report.js"),
    }
    path = folder / files.REPORT
    page = string.Template(_asset("report.html")).substitute(parts)
    with replacing(path) as beside:
        beside.write_text(page, encoding="utf-8")
    return path


def _asset(name):
    path = resources.files("keras_gan.runs.report") / "page" / name
    return path.read_text(encoding="utf-8")


def _state(folder, settings, log):
    """How far the run has come, in a few numbers."""
    is_over = (folder / files.MODEL).is_file()
    last = log[-1] if log else {"epoch": 0, "images": 0, "seconds": 0.0}
    entries = {
        "Images": f"{last['images']:,}",
        "Epochs": str(last["epoch"]),
        "Time": _duration(last["seconds"]),
        "State": "finished" if is_over else "under way",
    }
    return "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries.items()
    )


def _duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s"


def _samples(folder):
    grids = pictures.thinned(facts.grids(folder))
    if not grids:
        return '<p class="hint">None yet.</p>'
    width, height = pictures.size_of(next(iter(grids.values())))
    sources = {epoch: pictures.data_uri(path) for epoch, path in grids.items()}
    last = len(sources) - 1
    return string.Template(_asset("samples.html")).substitute(
        source=list(sources.values())[-1],
        width=width,
        height=height,
        last=last,
        epoch=list(sources)[-1],
        epochs=json.dumps(list(sources)),
        sources=json.dumps(list(sources.values())),
    )


def _walk(folder):
    path = folder / files.WALK
    if not path.is_file():
        return ""
    width, height = pictures.size_of(path)
    return (
        '<section aria-labelledby="walk-title"><h2 id="walk-title">Latent walk</h2>'
        '<p class="hint">Each picture walks past a few random latents and back.</p>'
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
    said = "".join(f"<li>{escape(line)}</li>" for line in measured["described"])
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
            f"</figcaption>{charts.svg(title, span, lines, num_epochs)}</figure>"
        )
    return "".join(figures)


def _legend(label, colour, points):
    epochs, values = points
    data = json.dumps(dict(zip(epochs, (f"{v:.4g}" for v in values), strict=True)))
    return (
        f'<span><i class="{colour}"></i>{escape(label)} '
        f"<output data-values='{escape(data)}'>{values[-1]:.4g}</output></span>"
    )


def _settings(settings):
    """All settings but those that are shown elsewhere or said twice."""
    hidden = {"options", "command"}
    shown = {**settings.pop("preset"), **settings}
    return "".join(
        f"<div><dt>{escape(name.replace('_', ' '))}</dt><dd>{_value(value)}</dd></div>"
        for name, value in shown.items()
        if name not in hidden and value not in (None, "", [], {})
    )


def _value(value):
    if isinstance(value, dict):
        if set(value) == {"cosine_ramp"}:
            ramp = value["cosine_ramp"]
            return f"{ramp['start']:g} to {ramp['end']:g}, along a cosine"
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
