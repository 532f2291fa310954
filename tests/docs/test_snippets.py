"""The Python of README and docs runs as printed, with training cut short.

Blocks of a page run in order, in one namespace, on one backend. Left alone are those
that quote a file (tests/examples/test_guide.py holds them against it), and `NOT_RUN`.
"""

import pkgutil
import re
import shutil

import claims
import numpy as np
import pages
import pytest
from PIL import Image

import keras_gan

run_once = pytest.mark.backends("torch", reason="no backend code: run once")
# What newcomers read first, what exports, and what is of TensorFlow.
ON_TENSORFLOW = {
    *("README.md", "docs/guide/training.md", "docs/guide/server.md"),
    *("docs/migrating.md", "docs/scaling.md", "docs/serving.md"),
    *("docs/convert.md", "docs/translation.md"),
}

NOT_RUN = {
    "InceptionV3(": "weights that no package holds",
    "DataParallel(": "of JAX; tests/distribution runs it",
    "MultiWorkerMirroredStrategy(": "several processes; tests/distribution runs it",
    "TPUStrategy(": "a TPU",
    "import tensorflow_gan": "the retired library itself",
    "serving.Client(": "a server; test_served_snippets.py runs it",
    "import Client": "a server; test_served_snippets.py runs it",
    "pickle.load(": "a file of NVIDIA's, and their code beside it",
    "hf://": "the hub; tests/hub runs it against a stand-in",
    "datasets.tfds(": "a download; tests/datasets/test_tfds.py builds its own",
}
ELSEWHERE = {"docs/extending.md"}  # test_extending.py, on all backends
AFRESH = {"docs/scaling.md"}  # each block is another training


def snippets(page):
    return [
        block
        for block in pages.blocks(page, "python")
        if not block.is_quote and not any(name in block.text for name in NOT_RUN)
    ]


def run(block, names):
    """Run it, with the page's lines in errors; return what it says and is not so."""
    return claims.run("\n" * (block.line - 1) + block.text, block.page, names)


def best_checkpoint(given, folder):
    networks = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    gan = keras_gan.GAN(*networks)
    gan.compile()
    checkpoint = keras_gan.callbacks.Checkpoint("earlier", best="d_loss")
    gan.fit(given["dataset"], callbacks=[checkpoint])
    best = folder / "run" / "checkpoints" / "best.npz"
    best.parent.mkdir(parents=True)
    (folder / "earlier" / "best.npz").rename(best)


def exports(given, folder):
    given["gan"].export(folder / "savedmodels" / "fashion")
    shutil.copytree(folder / "savedmodels" / "fashion", folder / "savedmodels/emoji")


def photos(given, folder):
    """Pictures of several sizes and kinds, in two classes; and one broken file."""
    rng = np.random.default_rng(0)
    names = [f"photos/cats/{i:02}.png" for i in range(20)]
    names += [f"photos/dogs/{i:02}.jpg" for i in range(28)]
    names += [f"download/{i:02}.png" for i in range(12)]
    for i, name in enumerate(names):
        channels = 3 if name.endswith("jpg") else (3, 4)[i % 2]
        shape = (50 + i, 90 - i, channels)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, shape, "uint8")).save(path)
    (folder / "download" / "broken.png").write_bytes(b"<html>404</html>")


def published(given, folder):
    fixture = pages.ROOT / "tests" / "fixtures" / "cyclegan_resnet9.npz"
    shutil.copy(fixture, folder / "cyclegan.npz")


# What was made before the page begins, where the page speaks of it.
EARLIER = {
    "cyclegan.npz": published,
    "best.npz": best_checkpoint,
    "savedmodels/emoji": exports,
    '"photos"': photos,
}


def pages_that_run():
    for page in pages.PAGES:
        name = pages.name_of(page)
        if snippets(page) and name not in ELSEWHERE:
            backend = "tensorflow" if name in ON_TENSORFLOW else "torch"
            once = pytest.mark.backends(backend, reason="a page runs on one backend")
            yield pytest.param(page, id=name, marks=once)


@pytest.mark.filterwarnings("ignore:Left out 1 of 13")
@pytest.mark.filterwarnings("ignore:The generated images hardly differ")
@pytest.mark.parametrize("page", list(pages_that_run()))
def test_blocks_run_in_order(page, given, tiny):
    for name, make in EARLIER.items():
        if name in page.read_text():
            make(given, tiny)
    for block in snippets(page):
        names = dict(given) if pages.name_of(page) in AFRESH else given
        try:
            assert run(block, names) == []
        except Exception as error:
            error.add_note(f"in the block at {block.place}")
            raise
        assert claims.not_finite(names) == []


@pytest.mark.backends("tensorflow", reason="README is for TensorFlow: run once")
def test_python_of_the_readmes_commands(given, tiny, capsys):
    """What README passes to `python -c`, on a model like the one it trained."""
    folder = tiny / "runs" / "dcgan_fashion_mnist"
    folder.mkdir(parents=True)
    given["gan"].save(folder / "gan.keras")
    commands = [
        code
        for block in pages.blocks(pages.ROOT / "README.md", "sh")
        for code in re.findall(r'python -c "(.*?)"', block.text, flags=re.S)
    ]
    assert commands
    for code in commands:
        exec(code, {"__name__": "command"})
    assert "frechet_distance" in capsys.readouterr().out


@run_once
def test_what_is_not_run_is_there_and_is_python():
    blocks = [block for page in pages.PAGES for block in pages.blocks(page, "python")]
    for name in NOT_RUN:
        assert any(name in block.text for block in blocks), f"no page has {name}"
    for block in blocks:
        if not block.is_quote:
            compile(block.text, block.place, "exec")


@run_once
def test_names_of_the_package_exist():
    """`keras_gan.this.that`, in code and in prose."""
    for page in pages.PAGES:
        for name in re.findall(r"(?<![\w/.-])keras_gan(?:\.\w+)+", page.read_text()):
            try:
                pkgutil.resolve_name(name)
            except (ImportError, AttributeError) as error:
                raise AssertionError(f"{pages.name_of(page)}: {name}") from error
