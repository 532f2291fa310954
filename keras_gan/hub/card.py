"""The page of a model on the hub: what it is, a picture, how to use it."""

from pathlib import Path
from typing import Any

import keras

from keras_gan._version import __version__
from keras_gan.conditions import ClassLabels
from keras_gan.sampler import Sampler

PAGE, PICTURE = "README.md", "samples.png"
NOT_SAID = "not said by who uploaded it"
FACTS = ("description", "data", "training", "metrics", "licence", "tags")


def check(facts: dict | None) -> None:
    """Check what a user says of a model.

    Args:
        facts: dict of `description`, `data`, `training`, `licence`, strings;
            `metrics`, a dict from names to numbers; `tags`, a list of strings.

    Raises:
        ValueError: on other names or types.
    """
    facts = facts or {}
    unknown = sorted(set(facts) - set(FACTS))
    if unknown:
        raise ValueError(
            f"The card has no {', '.join(map(repr, unknown))}. Expected some of "
            f"{', '.join(FACTS)}."
        )
    metrics = facts.get("metrics") or {}
    if not isinstance(metrics, dict) or not all(map(_is_number, metrics.values())):
        raise ValueError(
            "The card's `metrics` must be a dict from names to numbers, such as "
            f"`gan.evaluate(...)` returns. Received: {metrics!r}"
        )
    for name in ("description", "data", "training", "licence"):
        if not isinstance(facts.get(name) or "", str):
            raise ValueError(
                f"The card's {name!r} must be a string. Received: {facts[name]!r}"
            )


def write(folder: Path, address: str, sampler, model_class: str, facts=None) -> None:
    """Write the page, and a picture of 16 samples, into a folder.

    Args:
        folder: `pathlib.Path`.
        address: str, where the model is going to be.
        sampler: the `Sampler`.
        model_class: str, the name of the class it was trained as.
        facts: dict, see `check`.
    """
    facts = facts or {}
    has_picture = _draw(sampler, folder / PICTURE)
    text = _page(address, sampler, model_class, facts, has_picture)
    (folder / PAGE).write_text(text, encoding="utf-8")


def _draw(sampler, path):
    """Draw samples where all that they need is a seed, and they are pictures."""
    condition = sampler.condition
    can_draw = condition is None or isinstance(condition, ClassLabels)
    shape = sampler.image_shape
    is_picture = len(shape) == 3 and shape[-1] in (1, 2, 3, 4)
    if sampler.prior is None or not can_draw or not is_picture:
        return False
    from keras_gan import plotting  # imports Matplotlib

    plotting.image_grid(sampler.generate(16, seed=0), num_columns=8, path=path)
    return True


def _page(address, sampler, model_class, facts, has_picture):
    name = address.rpartition("/")[2]
    parts = [_metadata(name, sampler, facts), f"# {name}"]
    if facts.get("description"):
        parts.append(facts["description"])
    if has_picture:
        parts.append(f"![16 samples, drawn with seed 0]({PICTURE})")
    parts += ["## Use it", _usage(address, sampler)]
    parts += ["## What it is", _table(_description(sampler, model_class))]
    known = {key: facts.get(key) or NOT_SAID for key in ("data", "training", "licence")}
    parts += ["## Where it comes from", _table(known)]
    if facts.get("metrics"):
        measured = {key: f"{value:.4g}" for key, value in facts["metrics"].items()}
        parts += ["## Measured", _table(measured)]
    parts += ["## Limits", _LIMITS]
    return "\n\n".join(parts) + "\n"


_LIMITS = (
    "The model repeats what its training data show and lacks what they lack; a sample "
    "can come close to a training example. Numbers above compare with others only if "
    "they come from the same features, images and sample count."
)


def _metadata(name, sampler, facts):
    from huggingface_hub import ModelCardData

    tags = ["gan", "generative-adversarial-network", "keras", *facts.get("tags", ())]
    data = ModelCardData(
        library_name="keras_gan",
        pipeline_tag=_task(sampler),
        license=_licence(facts.get("licence")),
        license_name=facts.get("licence") or None,
        tags=list(dict.fromkeys(tags)),
        model_name=name,
    )
    return f"---\n{data.to_yaml()}\n---"


def _licence(given):
    """Return what the hub takes as a licence: identifiers, or `other` with a name."""
    return "other" if given else None


def _task(sampler):
    if sampler.prior is None:
        return "image-to-image"
    return "unconditional-image-generation" if len(sampler.image_shape) == 3 else None


def _usage(address, sampler):
    draw = "sampler.generate(16, seed=0)"
    if sampler.prior is None:
        draw = "sampler.translate(images)"
    elif isinstance(sampler.condition, ClassLabels):
        draw = "sampler.generate(16, seed=0, labels=0)"
    elif sampler.condition is not None:
        draw = "sampler.generate(16, seed=0, condition=condition)"
    return (
        '```bash\npip install "keras-gan[cpu,hub]"\n```\n\n'
        "```python\nimport keras_gan\n\n"
        f'sampler = keras_gan.from_preset("{address}")\nimages = {draw}\n```'
    )


def _description(sampler: Sampler, model_class: str) -> dict[str, Any]:
    return {
        "model": f"`keras_gan.models.{model_class}`",
        "parameters of the generator": f"{sampler.network.count_params():,}",
        "output": " x ".join(map(str, sampler.image_shape)),
        "prior": f"`{sampler.prior!r}`",
        "condition": f"`{sampler.condition!r}`",
        "written by": f"keras_gan {__version__}, Keras {keras.__version__}",
    }


def _table(rows):
    lines = [f"| {key} | {_cell(value)} |" for key, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _cell(value):
    return " ".join(str(value).replace("|", "\\|").split())


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)
