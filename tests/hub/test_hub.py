import io
import json

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_array_equal
from PIL import Image

import keras_gan
from keras_gan import architectures, models
from keras_gan_cli import main

ADDRESS = "hf://ada/digits"
run_once = pytest.mark.backends("torch", reason="files and answers, not tensors")


def make_gan(**settings):
    networks = architectures.mlp(
        (8, 8, 1), latent_dim=4, generator_units=(8,), discriminator_units=(8,)
    )
    gan = keras_gan.GAN(*networks, seed=0, **settings)
    gan.compile(loss=keras_gan.losses.Hinge())
    return gan


def test_what_was_published_is_loaded(hub):
    gan = make_gan()
    where = gan.save_to_preset(ADDRESS)
    assert where == f"{ADDRESS}@{hub.revision('ada/digits')}"
    expected = gan.generate(3, seed=5)
    assert_array_equal(keras_gan.from_preset(ADDRESS).generate(3, seed=5), expected)
    loaded = keras_gan.GAN.from_preset(ADDRESS)
    assert_array_equal(loaded.generate(3, seed=5), expected)
    assert isinstance(loaded.loss, keras_gan.losses.Hinge)
    for before, after in zip(
        gan.discriminator.get_weights(), loaded.discriminator.get_weights(), strict=True
    ):
        assert_array_equal(before, after)


def test_a_sampler_needs_no_other_weights(hub):
    make_gan().save_to_preset(ADDRESS)
    hub.asked.clear()
    keras_gan.from_preset(ADDRESS)
    read = {path.rpartition("/")[2] for _, path in hub.asked if "/resolve/" in path}
    assert read == {"config.json", "sampler.npz"}


@run_once
def test_the_page_says_what_the_model_is(hub):
    make_gan().save_to_preset(
        ADDRESS,
        card={
            "description": "Small digits.",
            "data": "MNIST, 60,000 images",
            "licence": "CC-BY-4.0",
            "metrics": {"frechet_distance": 1.25},
            "tags": ["digits"],
        },
    )
    (files,) = hub.repositories["ada/digits"]
    page = files["README.md"].decode()
    metadata, _, text = page.removeprefix("---\n").partition("\n---\n")
    for line in (
        "library_name: keras_gan",
        "pipeline_tag: unconditional-image-generation",
        "license_name: CC-BY-4.0",
        "- digits",
    ):
        assert line in metadata.splitlines()
    for part in (
        "Small digits.",
        f'keras_gan.from_preset("{ADDRESS}")',
        "| data | MNIST, 60,000 images |",
        "| frechet_distance | 1.25 |",
        "| training | not said by who uploaded it |",
        "| output | 8 x 8 x 1 |",
        "| model | `keras_gan.models.GAN` |",
        "(samples.png)",
    ):
        assert part in text
    # 8 columns and 2 rows, with gaps of 2 pixels around
    assert Image.open(io.BytesIO(files["samples.png"])).width >= 8 * 8


@run_once
def test_a_model_is_replaced_only_on_demand_and_is_kept(hub):
    first, second = make_gan(), make_gan()
    old = first.save_to_preset(ADDRESS)
    with pytest.raises(ValueError, match="holds a model already.*overwrite=True"):
        second.save_to_preset(ADDRESS)
    new = second.save_to_preset(ADDRESS, overwrite=True)
    for address, gan in ((old, first), (new, second), (ADDRESS, second)):
        drawn = keras_gan.from_preset(address).generate(2, seed=0)
        assert_array_equal(drawn, gan.generate(2, seed=0))


@run_once
def test_other_files_of_a_repository_stay(hub):
    hub.repositories["ada/digits"] = [{"LICENSE": b"MIT", "notes.json": b"{}"}]
    make_gan().save_to_preset(ADDRESS)
    files = hub.repositories["ada/digits"][-1]
    assert files["LICENSE"] == b"MIT"
    assert files["notes.json"] == b"{}"
    assert "config.json" in files


@run_once
def test_what_is_in_the_cache_needs_no_network(hub, monkeypatch):
    gan = make_gan()
    gan.save_to_preset(ADDRESS)
    keras_gan.from_preset(ADDRESS)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    drawn = keras_gan.from_preset(ADDRESS).generate(2, seed=0)
    assert_array_equal(drawn, gan.generate(2, seed=0))


@run_once
def test_without_a_network(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ConnectionError, match="no copy in the cache.*HF_ENDPOINT"):
        keras_gan.from_preset(ADDRESS)


@run_once
def test_a_hub_that_fails(hub):
    hub.status = 500
    with pytest.raises(ConnectionError, match="ada/digits.*500"):
        keras_gan.from_preset(ADDRESS)


@run_once
def test_strangers_neither_write_nor_read_what_is_private(hub, monkeypatch):
    gan = make_gan()
    gan.save_to_preset(ADDRESS, private=True)
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody")
    with pytest.raises(ValueError, match="no such repository, or it is private"):
        keras_gan.from_preset(ADDRESS)
    with pytest.raises(ValueError, match="'hf://ada/other' cannot be written"):
        gan.save_to_preset("hf://ada/other")
    assert set(hub.repositories) == {"ada/digits"}


@run_once
def test_an_unknown_revision(hub):
    make_gan().save_to_preset(ADDRESS)
    with pytest.raises(ValueError, match="has no revision 'v9'"):
        keras_gan.from_preset(f"{ADDRESS}@v9")


@run_once
def test_a_repository_of_something_else(hub):
    hub.repositories["ada/text"] = [{"README.md": b"words"}]
    with pytest.raises(ValueError, match="holds no model that `save_to_preset` wrote"):
        keras_gan.from_preset("hf://ada/text")


@run_once
def test_code_of_strangers_does_not_run(hub):
    make_gan().save_to_preset(ADDRESS)
    files = dict(hub.repositories["ada/digits"][-1])
    layer = keras.layers.Lambda(lambda x: x, output_shape=(4,))
    config = json.loads(files["config.json"])
    lambda_config = keras.saving.serialize_keras_object(layer)
    config["sampler"]["network"]["config"]["layers"][1]["config"] = lambda_config
    config["sampler"]["network"]["config"]["layers"][1] |= {
        "class_name": "Lambda",
        "module": "keras.layers",
        "registered_name": None,
        "config": lambda_config["config"],
    }
    files["config.json"] = json.dumps(config).encode()
    hub.repositories["ada/digits"].append(files)
    with pytest.raises(ValueError, match="makes no model here.*[Ll]ambda"):
        keras_gan.from_preset(ADDRESS)


@run_once
@pytest.mark.parametrize(
    "address", ["hf://", "hf://ada", "hf://ada/b/c", "hf://a b/c", "hf://ada/../x"]
)
def test_addresses_that_are_none(address):
    with pytest.raises(ValueError, match="hf://USER/NAME"):
        keras_gan.from_preset(address)
    with pytest.raises(ValueError, match="hf://USER/NAME"):
        make_gan().save_to_preset(address)


@run_once
@pytest.mark.parametrize(
    ("card", "message"),
    [
        ({"author": "Ada"}, "no 'author'. Expected some of description"),
        ({"metrics": [1.0]}, "must be a dict from names to numbers"),
        ({"data": 3}, "'data' must be a string"),
    ],
)
def test_cards_are_checked_before_anything_is_sent(hub, card, message):
    with pytest.raises(ValueError, match=message):
        make_gan().save_to_preset(ADDRESS, card=card)
    assert not hub.asked


@run_once
def test_a_folder_has_no_page(tmp_path):
    with pytest.raises(ValueError, match="for models on the hub"):
        make_gan().save_to_preset(tmp_path / "mine", card={"data": "MNIST"})


@run_once
def test_what_needs_pictures_to_start_from_has_no_samples(hub):
    gan = models.Pix2Pix(*architectures.pix2pix((8, 8, 1), width=2, field=16))
    gan.compile()
    gan.save_to_preset(ADDRESS)
    (files,) = hub.repositories["ada/digits"]
    assert "samples.png" not in files
    assert "image-to-image" in (page := files["README.md"].decode())
    assert "sampler.translate(images)" in page


def test_the_command_line_publishes_and_draws(hub, tmp_path):
    gan = make_gan()
    gan.save(tmp_path / "gan.keras")
    arguments = ["publish", str(tmp_path / "gan.keras"), ADDRESS]
    done = CliRunner().invoke(main, [*arguments, "--licence", "MIT"])
    assert done.exit_code == 0, done.output
    assert ADDRESS in done.output
    path = tmp_path / "drawn.png"
    done = CliRunner().invoke(main, ["generate", ADDRESS, "-n", "4", "-o", str(path)])
    assert done.exit_code == 0, done.output
    assert np.asarray(Image.open(path)).any()
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert "--overwrite" in done.output


def test_every_model_class_has_from_preset_of_an_address(hub):
    gan = make_gan()
    gan.save_to_preset(ADDRESS)
    with pytest.raises(ValueError, match="holds a GAN, which is no InfoGAN"):
        models.InfoGAN.from_preset(ADDRESS)
