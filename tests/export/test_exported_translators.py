"""Networks from images to images: any size, every runtime, files in and out."""

import io
import json

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image as Pictures

import keras_gan
from keras_gan import export
from keras_gan.conditions import Image
from keras_gan.export import runtimes, translation

ANY = (None, None, 3)


def make_network(shape=ANY, halvings=2):
    """A translator that halves the picture and doubles it again."""
    keras.utils.set_random_seed(4)
    inputs = x = keras.Input(shape)
    for _ in range(halvings):
        x = layers.Conv2D(8, 3, strides=2, padding="same")(x)
        x = layers.ReLU()(layers.GroupNormalization(-1)(x))
    for _ in range(halvings):
        x = layers.Conv2DTranspose(8, 3, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Conv2D(shape[-1], 3, padding="same", activation="tanh")(x)
    return keras.Model(inputs, x, name="tiny")


@pytest.fixture(scope="module")
def network():
    return make_network()


@pytest.fixture(scope="module")
def sampler(network):
    return keras_gan.Sampler(network, condition=Image(ANY))


def bytes_of(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, "uint8")


def on_unit(levels):
    return (levels / 127.5 - 1).astype("float32")


def test_one_or_many_bytes_or_floats(sampler, network):
    levels = bytes_of(5, 8, 12, 3)
    made = sampler.translate(levels, batch_size=2)
    assert (made.shape, made.dtype) == ((5, 8, 12, 3), "float32")
    expected = network.predict(on_unit(levels), verbose=0)
    np.testing.assert_allclose(made, expected, atol=1e-5)
    tensor = keras.ops.convert_to_tensor(on_unit(levels))
    np.testing.assert_allclose(sampler.translate(tensor), expected, atol=1e-5)
    one = sampler.translate(levels[3])
    np.testing.assert_allclose(one, expected[3], atol=1e-5)


def test_any_size_is_continued_and_cut(sampler, network):
    assert translation.size_multiple(network, ANY) == 4
    levels = bytes_of(2, 9, 14, 3)
    continued = np.pad(levels, [(0, 0), (0, 3), (0, 2), (0, 0)], mode="edge")
    expected = network.predict(on_unit(continued), verbose=0)[:, :9, :14]
    np.testing.assert_allclose(sampler.translate(levels), expected, atol=1e-5)


@pytest.mark.backends("tensorflow", reason="shapes are traced alike")
def test_the_multiple_is_found_by_tracing():
    inputs = keras.Input(ANY)
    down = layers.Conv2D(4, 4, strides=2, padding="same")(inputs)
    deep = layers.UpSampling2D()(layers.AveragePooling2D(2)(down))
    both = layers.Concatenate()([down, deep])
    unet = keras.Model(inputs, layers.Conv2DTranspose(3, 4, 2, padding="same")(both))
    assert translation.size_multiple(unet, ANY) == 4
    doubled = keras.Model(inputs, layers.UpSampling2D()(inputs))
    assert translation.size_multiple(doubled, ANY) == 1
    valid = keras.Model(inputs, layers.Conv2D(3, 3)(inputs))
    assert translation.size_multiple(valid, ANY) == 1
    assert translation.size_multiple(make_network((8, 8, 3)), (8, 8, 3)) == 1


def test_what_does_not_translate_is_explained(sampler):
    with pytest.raises(ValueError, match=r"shape \(8, 8\). Expected \(num_images"):
        sampler.translate(np.zeros((8, 8)))
    with pytest.raises(ValueError, match=r"Expected \(1, None, None, 3\), in which N"):
        sampler.translate(np.zeros((8, 8, 1), "float32"))
    with pytest.raises(ValueError, match=r"lie in \[0, 255\]. Expected \[-1, 1\]"):
        sampler.translate(np.linspace(0, 255, 192).reshape(8, 8, 3))
    with pytest.raises(ValueError, match="`batch_size` must be an integer"):
        sampler.translate(np.zeros((8, 8, 3), "uint8"), batch_size=0)
    generator = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    drawn = keras_gan.Sampler(generator, keras_gan.latents.Normal(4))
    with pytest.raises(ValueError, match="it starts from latents. Use `generate"):
        drawn.translate(np.zeros((8, 8, 3), "uint8"))


def test_a_shape_of_any_size():
    condition = Image(ANY)
    assert Image.from_config(condition.get_config()) == condition
    assert condition.complete(np.zeros((4, 6, 3)), 2).shape == (2, 4, 6, 3)
    with pytest.raises(ValueError, match=r"or \(None, None, channels\) for any size"):
        Image((None, 0, 3))


@pytest.fixture(scope="module")
def exported(sampler, tmp_path_factory):
    pytest.importorskip("tensorflow", reason="exporting needs TensorFlow")
    return sampler.export(tmp_path_factory.mktemp("models") / "tiny")


@pytest.mark.backends(
    "tensorflow", reason="a process more; test_backends.py has it on the others"
)
def test_the_saved_model_translates_in_python(exported, sampler):
    translator = export.SavedTranslator(exported.parent)
    assert (translator.name, translator.condition) == ("tiny", Image(ANY))
    levels = bytes_of(5, 9, 14, 3)
    expected = sampler.translate(levels)
    made = translator.translate(levels, batch_size=2)
    np.testing.assert_allclose(made, expected, atol=1e-5)
    one = export.SavedTranslator(exported).translate(levels[0])
    np.testing.assert_allclose(one, expected[0], atol=1e-5)
    card = json.loads((exported / "assets.extra/model_card.json").read_text())
    assert card["architecture"]["size_multiple"] == 4
    assert card["architecture"]["output_shape"] == [None, *ANY]


def file_of(levels, kind="png", **options):
    file = io.BytesIO()
    Pictures.fromarray(levels).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.backends("tensorflow", reason="a TensorFlow graph")
def test_png_takes_png_and_jpeg_of_any_size(exported, sampler):
    import tensorflow as tf

    signature = tf.saved_model.load(str(exported)).signatures["png"]
    smooth = np.linspace(0, 255, 9 * 14 * 3).reshape(9, 14, 3).astype("uint8")
    for file in (file_of(smooth), file_of(smooth, "jpeg")):
        levels = np.asarray(Pictures.open(io.BytesIO(file)))
        answer = signature(image_bytes=tf.constant([file, file]))["image_bytes"]
        shown = np.asarray(Pictures.open(io.BytesIO(answer.numpy()[1])))
        wanted = np.floor((sampler.translate(levels) + 1) * 127.5 + 0.5)
        assert shown.shape == (9, 14, 3)
        assert np.abs(shown - wanted).max() <= 1
    with pytest.raises(tf.errors.InvalidArgumentError):
        signature(image_bytes=tf.constant([b"a text"]))


@pytest.mark.backends("tensorflow", reason="a TensorFlow graph")
def test_a_size_that_the_network_has_not_is_named(tmp_path):
    import tensorflow as tf

    path = export.saved_model(make_network((8, 12, 1)), tmp_path / "fixed")
    signature = tf.saved_model.load(str(path)).signatures["png"]
    (file,) = signature(image_bytes=tf.constant([file_of(bytes_of(8, 12), "jpeg")]))[
        "image_bytes"
    ].numpy()
    assert Pictures.open(io.BytesIO(file)).size == (12, 8)
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be 8 pixels high"):
        signature(image_bytes=tf.constant([file_of(bytes_of(9, 12))]))


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
@pytest.mark.parametrize("name", runtimes.RUNTIMES)
def test_other_runtimes(name, tmp_path):
    for package in runtimes.RUNTIMES[name].packages:
        pytest.importorskip(package)
    sampler = keras_gan.Sampler(make_network(halvings=1))
    path = tmp_path / f"tiny{runtimes.RUNTIMES[name].suffixes[-1]}"
    sampler.export(path, format=name)
    images = on_unit(bytes_of(5, 8, 12, 3))
    made = runtimes.RUNTIMES[name].run(path, {"images": images})
    np.testing.assert_allclose(made, sampler.translate(images), atol=1e-5)


PUBLISHED = {  # networks of the published width, and how near they come
    "unet": (lambda: keras_gan.architectures.unet((64, 64, 3)), 1e-5),
    # 24 convolutions of up to 2,304 products one after the other: 1.2e-5 was seen.
    "resnet": (lambda: keras_gan.architectures.resnet_translator((64, 64, 3)), 3e-5),
}


@pytest.mark.slow
@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
@pytest.mark.parametrize("width", PUBLISHED)
def test_other_runtimes_at_the_published_width(width, tmp_path):
    keras.utils.set_random_seed(0)
    make, atol = PUBLISHED[width]
    network = make()
    rng = np.random.default_rng(0)
    for weight in network.weights:  # what is not drawn at the start, as after training
        if weight.name in ("gamma", "moving_variance"):
            weight.assign(rng.uniform(0.5, 1.5, weight.shape))
        elif weight.name != "kernel":
            weight.assign(rng.uniform(-0.1, 0.1, weight.shape))
    sampler = keras_gan.Sampler(network)
    images = on_unit(bytes_of(2, 64, 64, 3))
    wanted = sampler.translate(images)
    assert np.ptp(wanted) > 0.2
    for name, runtime in runtimes.RUNTIMES.items():
        path = tmp_path / f"{width}{runtime.suffixes[-1]}"
        sampler.export(path, format=name)
        made = runtime.run(path, {"images": images})
        np.testing.assert_allclose(made, wanted, atol=atol, err_msg=name)


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
def test_a_saved_model_that_does_not_translate_is_named(generator, tmp_path):
    prior = keras_gan.latents.Normal(generator.inputs[0].shape[-1])
    export.saved_model(generator, tmp_path / "noise", prior=prior)
    with pytest.raises(ValueError, match=r"does not translate: it takes \['latents'\]"):
        export.SavedTranslator(tmp_path / "noise")
    export.saved_model(make_network(), tmp_path / "tiny")
    with pytest.raises(ValueError, match="several models: noise, tiny. Name the fol"):
        export.SavedTranslator(tmp_path)
    with pytest.raises(ValueError, match="There is nothing at"):
        export.SavedTranslator(tmp_path / "none")
