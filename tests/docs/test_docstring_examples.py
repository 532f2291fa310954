"""The example of every public docstring runs, and what its comments say is so."""

import inspect
import re
import shutil

import claims
import keras
import numpy as np
import pages
import public
import pytest

import keras_gan

# Of these the examples run on TensorFlow: models, what they learn by, and exports.
ON_TENSORFLOW = {
    *("AdversarialModel", "EMA", "GAN", "Sampler", "export", "from_preset"),
    *("losses", "models", "penalties"),
}
run_once = pytest.mark.backends("torch", reason="no backend code: run once")

# Files of published weights, with part of which the examples do.
PUBLISHED = {
    "cyclegan.npz": "cyclegan_resnet9.npz",
    "pix2pix.npz": "pix2pix_unet64.npz",
    "r3gan.npz": "r3gan_unconditional.npz",
    "stylegan2.npz": "stylegan2_skip.npz",
}

NOT_RUN = {
    "keras_gan.datasets.tfds": "a network; datasets/test_tfds.py builds a data set",
    "keras_gan.metrics.InceptionV3": "weights that no package holds",
    "keras_gan.serving.Client": "a server; test_served_snippets.py runs the client",
}


def cases():
    for name, thing in public.names():
        members = dict(public.methods(thing)) if inspect.isclass(thing) else {}
        for place, documented in {
            name: thing,
            **{f"{name}.{member}": method for member, method in members.items()},
        }.items():
            for code in public.examples(documented):
                if place not in NOT_RUN:
                    is_main = place.split(".")[1] in ON_TENSORFLOW
                    backend = "tensorflow" if is_main else "torch"
                    once = pytest.mark.backends(backend, reason="run on one backend")
                    yield pytest.param(place, code, id=place, marks=once)


def prepare(code, folder, request):
    """The names and files that an example uses and does not make."""
    names = {"keras": keras, "np": np, "keras_gan": keras_gan}
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (300, 28, 28, 1)).astype("float32")
    names |= {"real": rng.normal(size=(50, 2)), "train_images": images}
    names |= {"points": names["real"].astype("float32"), "images": images[:16]}
    for name, fixture in PUBLISHED.items():
        if name in code:
            shutil.copy(pages.ROOT / "tests" / "fixtures" / fixture, folder / name)
    if "report.write" in code:
        preset = keras_gan.presets.get("dcgan_fashion_mnist")
        keras_gan.runs.Run(folder / "runs" / preset.name, preset).begin()
    if not re.search(
        r"\b(gan|dataset|generator|latents|history|serving_config)\b", code
    ):
        return names
    given = request.getfixturevalue("given")
    gan = given["gan"]
    if "best.npz" in code:
        checkpoint = keras_gan.callbacks.Checkpoint("run/checkpoints", best="d_loss")
        gan.fit(given["dataset"], callbacks=[checkpoint])
    if "serving_config" in code:
        for name in ("fashion", "emoji"):
            gan.export(folder / "savedmodels" / name)
    if re.search(r"\bpoints\b", code):
        gan = keras_gan.GAN(*keras_gan.architectures.mlp((2,), latent_dim=8))
        gan.compile()
    return {**names, **given, "gan": gan, "generator": given["gan"].generator}


@pytest.mark.filterwarnings("ignore:The generated images hardly differ")
@pytest.mark.parametrize(("place", "code"), list(cases()))
def test_example_runs(place, code, tiny, request):
    names = prepare(code, tiny, request)
    try:
        assert claims.run(code, place, names) == []
    except (FileNotFoundError, ImportError) as error:
        if not place.startswith("keras_gan.datasets."):
            raise
        pytest.skip(f"data that are not on this machine: {error}")
    assert claims.not_finite(names) == []


@run_once
def test_there_are_examples():
    assert len(list(cases())) > 80
    assert set(NOT_RUN) <= dict(public.names()).keys()


@run_once
def test_what_is_not_so_is_found():
    code = "x = [1, 2]\nsum(x)  # 3\nprint(len(x))  # 3\nx  # a list"
    assert claims.run(code, "here", {}) == ["len(x) is 2, not 3"]
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, name="last")], name="m"
    )
    assert claims.not_finite({"model": model}) == []
    model.weights[1].assign([np.nan])
    assert claims.not_finite({"model": model}) == ["m/last/bias"]
