import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_gan import plotting
from keras_gan.callbacks import LatentWalk, SampleGrid, SampleScatter
from keras_gan.latents import Normal, Uniform


class TinyGAN(keras.Model):
    """A small generator, trained by `fit`, with the methods that callbacks use."""

    def __init__(self, data_shape=(4, 5, 1), num_classes=None, activation="tanh"):
        super().__init__()
        self.generator = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(int(np.prod(data_shape)), activation=activation),
                keras.layers.Dropout(0.5),
                keras.layers.Reshape(data_shape),
            ]
        )
        self.prior = Normal(3)
        self.num_classes = num_classes
        self.requests = []

    def call(self, latents, training=False):
        return self.generator(latents, training=training)

    def synthesize(self, latents, labels=None, batch_size=32):
        self.requests.append((ops.convert_to_numpy(latents), labels))
        return ops.convert_to_numpy(self.generator(latents, training=False))

    def generate(
        self, num_images, seed=None, labels=None, truncation=None, batch_size=32
    ):
        latents = self.prior.sample(num_images, seed=seed)
        if truncation is not None:
            latents = truncation * latents
        return self.synthesize(latents, labels)


def train(gan, *callbacks, epochs=2, **kwargs):
    keras.utils.set_random_seed(0)
    if not gan.compiled:
        gan.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse", run_eagerly=True)
    x = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    y = np.ones((8, *gan.generator.output_shape[1:]), "float32")
    return gan.fit(x, y, epochs=epochs, callbacks=list(callbacks), verbose=0, **kwargs)


def kernel_of(gan):
    return ops.convert_to_numpy(gan.weights[0].value)


def read(path):
    with Image.open(path) as image:
        image.load()
        return image


def names_in(folder):
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.mark.backends(
    "tensorflow", "torch", reason="pictures and files: no backend code"
)
def test_grids_of_fixed_latents_after_every_epoch(tmp_path):
    gan = TinyGAN()
    train(gan, SampleGrid(tmp_path / "new" / "samples", num_images=6, num_columns=3))
    folder = tmp_path / "new" / "samples"
    assert names_in(folder) == [f"epoch_000{i}.png" for i in (0, 1, 2)]
    first, *others = [latents for latents, _ in gan.requests]
    for latents in others:
        np.testing.assert_array_equal(latents, first)
    last = read(folder / "epoch_0002.png")
    assert last.size == (3 * 5 + 2 * 2, 2 * 4 + 2)
    expected = plotting.image_grid(gan.generate(6, seed=0), num_columns=3)
    np.testing.assert_array_equal(np.asarray(last), np.asarray(expected))
    before = np.asarray(read(folder / "epoch_0000.png"))
    assert (before != np.asarray(last)).any()


def test_grid_every_other_epoch_with_seed_and_truncation(tmp_path):
    gan = TinyGAN()
    grid = SampleGrid(tmp_path, num_images=4, seed=7, every=2, truncation=0.5)
    train(gan, grid, epochs=5)
    assert names_in(tmp_path) == [f"epoch_000{i}.png" for i in (0, 2, 4)]
    expected = 0.5 * ops.convert_to_numpy(gan.prior.sample(4, seed=7))
    np.testing.assert_allclose(gan.requests[-1][0], expected, rtol=1e-6)


def test_epoch_numbers_continue_after_resuming(tmp_path):
    gan = TinyGAN()
    train(gan, SampleGrid(tmp_path, num_images=1), epochs=5, initial_epoch=3)
    assert names_in(tmp_path) == ["epoch_0004.png", "epoch_0005.png"]


def test_callbacks_do_not_change_training(tmp_path):
    keras.utils.set_random_seed(1)
    gan = TinyGAN()
    keras.utils.set_random_seed(1)
    plain = TinyGAN()
    callbacks = [SampleGrid(tmp_path), LatentWalk(tmp_path / "walk.gif", every=1)]
    losses = train(gan, *callbacks, epochs=3).history["loss"]
    numbers = np.random.random(2), ops.convert_to_numpy(keras.random.normal((2,)))
    assert losses == train(plain, epochs=3).history["loss"]
    expected_numbers = (
        np.random.random(2),
        ops.convert_to_numpy(keras.random.normal((2,))),
    )
    np.testing.assert_array_equal(numbers, expected_numbers)


@pytest.mark.parametrize(
    ("num_images", "expected"),
    [(None, [0, 0, 1, 1, 2, 2]), (8, [0, 0, 1, 1, 2, 2, 0, 0])],
)
def test_conditional_grid_has_a_row_for_each_class(tmp_path, num_images, expected):
    gan = TinyGAN(num_classes=3)
    train(gan, SampleGrid(tmp_path, num_images, num_columns=2), epochs=1)
    np.testing.assert_array_equal(gan.requests[-1][1], expected)


@pytest.mark.parametrize(
    ("labels", "expected"), [([2, 0, 1], [2, 0, 1]), (1, [1, 1, 1])]
)
def test_conditional_grid_of_given_labels(tmp_path, labels, expected):
    gan = TinyGAN(num_classes=3)
    num_images = 3 if labels == 1 else None
    train(gan, SampleGrid(tmp_path, num_images, labels=labels), epochs=1)
    np.testing.assert_array_equal(gan.requests[-1][1], expected)


@pytest.mark.parametrize(
    ("num_classes", "labels", "message"),
    [
        (None, [0, 1], "not conditional"),
        (3, [0, 1], r"each of 4 images.*\(2,\)"),
        (3, [0, 1, 2, 3], "from 0 to 2.*0 to 3"),
        (3, [0.0, 1.0, 2.0, 0.0], "integer labels.*float64"),
    ],
)
@pytest.mark.parametrize("make", [SampleGrid, LatentWalk])
def test_wrong_labels_are_refused_before_training(
    tmp_path, make, num_classes, labels, message
):
    gan = TinyGAN(num_classes=num_classes)
    kernel = kernel_of(gan)
    with pytest.raises(ValueError, match=message):
        train(gan, make(tmp_path / "walk.gif", num_images=4, labels=labels))
    np.testing.assert_array_equal(kernel_of(gan), kernel)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: SampleGrid(folder), "SampleGrid cannot write to the folder"),
        (lambda folder: SampleScatter(folder), "SampleScatter cannot write"),
        (lambda folder: LatentWalk(folder / "walk.gif"), "LatentWalk cannot write"),
    ],
)
def test_unwritable_folder_is_refused_before_training(tmp_path, make, message):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    gan = TinyGAN()
    kernel = kernel_of(gan)
    with pytest.raises(OSError, match=message):
        train(gan, make(in_the_way / "samples"))
    np.testing.assert_array_equal(kernel_of(gan), kernel)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SampleGrid("x", num_images=0), "`num_images` must be an integer"),
        (lambda: SampleGrid("x", num_columns=2.5), "`num_columns` must be an integer"),
        (lambda: SampleGrid("x", every=0), "`every` must be an integer"),
        (lambda: SampleScatter("x", num_points=-1), "`num_points` must be an integer"),
        (lambda: LatentWalk("walk.mp4"), r"\.gif, \.webp.*walk\.mp4"),
        (lambda: LatentWalk("walk.gif", every=0), "`every` must be an integer"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_grid_clips_the_output_of_a_linear_generator(tmp_path):
    gan = TinyGAN(activation=None)
    for weight in gan.generator.weights:
        weight.assign(100 * weight)
    train(gan, SampleGrid(tmp_path, num_images=4), epochs=1)
    pixels = np.asarray(read(tmp_path / "epoch_0000.png"))
    assert {0, 255} <= set(pixels.ravel().tolist())


@pytest.mark.parametrize("make", [SampleGrid, LatentWalk])
def test_a_diverged_generator_gives_a_warning(tmp_path, make):
    gan = TinyGAN()

    def diverge(epoch, logs):
        for weight in gan.generator.weights:
            weight.assign(np.nan * weight)

    path = tmp_path / "walk.gif"
    spoil = keras.callbacks.LambdaCallback(on_epoch_end=diverge)
    with pytest.warns(UserWarning, match=f"{make.__name__} wrote no picture.*NaN"):
        history = train(gan, spoil, make(path, num_images=2), epochs=1)
    assert len(history.history["loss"]) == 1
    assert not path.is_file()


@pytest.mark.backends(
    "tensorflow", "torch", reason="pictures and files: no backend code"
)
def test_pictures_of_early_steps(tmp_path):
    gan = TinyGAN()
    grid = SampleGrid(tmp_path, num_images=2, early_steps=(3, 1, 100))
    train(gan, grid, batch_size=2)  # 4 steps an epoch
    early = [name for name in names_in(tmp_path) if name.startswith("step")]
    assert early == ["step_00001.png", "step_00003.png"]
    with pytest.raises(ValueError, match="`early_steps` must be an integer"):
        SampleGrid(tmp_path, early_steps=[0])


def test_an_early_step_may_lie_between_two_calls(tmp_path):
    grid = SampleGrid(tmp_path, num_images=2, early_steps=(1, 4, 100))
    grid.set_model(SimpleNamespace(steps_per_execution=3))
    saved = []
    grid._save = saved.append
    grid._is_early = True
    for batch in (2, 5, 8):  # the last of three steps
        grid.on_train_batch_end(batch)
    assert saved == ["step_00003.png", "step_00006.png"]


@pytest.mark.backends(
    "tensorflow", "torch", reason="pictures and files: no backend code"
)
def test_points_give_a_scatter_plot(tmp_path):
    gan = TinyGAN(data_shape=(2,))
    train(gan, SampleGrid(tmp_path, num_images=50), epochs=1)
    assert names_in(tmp_path) == ["epoch_0000.png", "epoch_0001.png"]
    assert read(tmp_path / "epoch_0001.png").size == (1320, 1320)


def test_scatter_shows_real_points_and_the_discriminator(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(
        plotting, "scatter_2d", lambda *args: calls.append(args) or args[2].touch()
    )
    gan = TinyGAN(data_shape=(2,), num_classes=2)
    real, discriminator = np.eye(2), len
    train(gan, SampleScatter(tmp_path, real, 5, discriminator), epochs=1)
    assert names_in(tmp_path) == ["epoch_0000.png", "epoch_0001.png"]
    shown_real, shown_fake, _, shown_discriminator = calls[-1]
    assert shown_real is real
    assert shown_fake.shape == (5, 2)
    assert shown_discriminator is discriminator
    np.testing.assert_array_equal(gan.requests[-1][1], [0, 1, 0, 1, 0])


@pytest.mark.backends(
    "tensorflow", "torch", reason="pictures and files: no backend code"
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorboard")
def test_tensorboard_has_the_grids(tmp_path):
    from tensorboard.backend.event_processing import event_accumulator

    grid = SampleGrid(tmp_path / "png", 4, num_columns=2, tensorboard=tmp_path / "log")
    train(TinyGAN(data_shape=(4, 5, 3)), grid)
    events = event_accumulator.EventAccumulator(str(tmp_path / "log" / "samples"))
    events.Reload()
    assert events.Tags()["images"] == ["samples"]
    pictures = events.Images("samples")
    assert [picture.step for picture in pictures] == [0, 1, 2]
    assert (pictures[0].width, pictures[0].height) == (12, 10)
    saved = (tmp_path / "png" / "epoch_0002.png").read_bytes()
    assert pictures[2].encoded_image_string == saved


def test_missing_tensorboard_is_refused_before_training(tmp_path, monkeypatch):
    name = "tensorboard.summary.writer.event_file_writer"
    monkeypatch.setitem(sys.modules, name, None)
    gan = TinyGAN()
    with pytest.raises(ImportError, match="pip install tensorboard"):
        train(gan, SampleGrid(tmp_path, tensorboard=tmp_path))
    assert not gan.requests


def test_walk_returns_to_its_start(tmp_path):
    gan = TinyGAN()
    path = tmp_path / "new" / "walk.webp"
    train(gan, LatentWalk(path, num_images=4, num_keys=3, num_steps=5, fps=25))
    with Image.open(path) as walk:
        assert walk.n_frames == 15
        assert walk.size == (5 + 2 + 5, 4 + 2 + 4)
    probe, *steps = [latents for latents, _ in gan.requests]
    np.testing.assert_array_equal(probe, steps[0])
    assert len(steps) == 15
    keys = ops.convert_to_numpy(gan.prior.sample(12, seed=0)).reshape(4, 3, 3)
    for key in range(3):
        np.testing.assert_array_equal(steps[5 * key], keys[:, key])
    # The step that closes each loop is as long as the steps before it.
    lengths = np.linalg.norm(steps - np.roll(steps, -1, axis=0), axis=2)
    np.testing.assert_array_less(lengths[14], 1.5 * lengths[10:14].max(axis=0))


def test_walk_of_uniform_latents_stays_in_the_cube(tmp_path):
    gan = TinyGAN()
    gan.prior = Uniform(3)
    train(gan, LatentWalk(tmp_path / "walk.gif", num_images=16, num_keys=4))
    assert max(np.abs(each).max() for each, _ in gan.requests) <= 1


def test_walk_of_a_conditional_model_every_epoch(tmp_path):
    gan = TinyGAN(num_classes=10)
    path = tmp_path / "walk.gif"
    walk = LatentWalk(path, num_images=4, num_keys=2, num_steps=2, every=1)
    train(gan, walk, epochs=2)
    assert len(gan.requests) == 1 + 3 * 4  # a probe, two epochs, the end
    np.testing.assert_array_equal(gan.requests[-1][1], [0, 0, 1, 1])


def test_walk_of_points_is_refused_before_training(tmp_path):
    gan = TinyGAN(data_shape=(2,))
    with pytest.raises(ValueError, match="num_images, height, width, channels"):
        train(gan, LatentWalk(tmp_path / "walk.gif"))
