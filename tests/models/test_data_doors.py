"""The same data by every door: what the checks accept trains, and all is checked."""

import itertools

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS

import keras_gan
from keras_gan import architectures, datasets

POINTS = np.random.default_rng(0).normal(size=(24, 2)).astype("float32")
CLASSES = (np.arange(24) % 3).astype("int32")


def new_gan(num_classes=None, shape=(2,), is_compiled=False):
    pair = architectures.mlp(shape, 4, num_classes, (4,), (4,))
    gan = keras_gan.GAN(*pair, num_classes=num_classes)
    optimizers = keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01)
    if is_compiled:
        gan.compile(*optimizers)
    else:
        gan.compile(*optimizers, **FEW_STEPS)
    return gan


def num_steps(gan):
    return int(keras.ops.convert_to_numpy(gan.generator_iterations))


class Sequence(keras.utils.PyDataset):
    def __init__(self, batches, **options):
        super().__init__(**options)
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


class Endless(Sequence):
    num_batches = None

    def __getitem__(self, index):
        return self.batches[index % len(self.batches)]


class Bare:
    """Neither a dataset of Keras nor of torch."""

    def __init__(self, batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


class Iterable:
    """It can be read only from the beginning."""

    def __iter__(self):
        return iter([POINTS])


def py_dataset(batches):
    return Sequence(batches)


def threaded_py_dataset(batches):
    return Sequence(batches, workers=2)


def generator(batches):
    return (batch for batch in batches)


def tf_data(batches):
    tf = pytest.importorskip("tensorflow")
    spec = tf.nest.map_structure(
        lambda a: tf.TensorSpec((None, *a.shape[1:]), a.dtype), batches[0]
    )
    return tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=spec)


def data_loader(batches):
    torch = pytest.importorskip("torch")
    tensors = keras.tree.map_structure(torch.from_numpy, batches)
    return torch.utils.data.DataLoader(tensors, batch_size=None)


def iterable_data_loader(batches):
    torch = pytest.importorskip("torch")

    class Stream(torch.utils.data.IterableDataset):
        def __iter__(self):
            return iter(keras.tree.map_structure(torch.from_numpy, batches))

    return torch.utils.data.DataLoader(Stream(), batch_size=None)


STREAMS = [
    py_dataset,
    threaded_py_dataset,
    generator,
    tf_data,
    data_loader,
    iterable_data_loader,
    Bare,
]


# Keras says so of every dataset whose length is not known.
at_the_end = pytest.mark.filterwarnings("ignore:Your input ran out of data")


@at_the_end
@pytest.mark.parametrize("stream", STREAMS)
def test_bare_images_train(stream):
    gan = new_gan(is_compiled=True)
    gan.fit(stream([POINTS[:8], POINTS[8:16], POINTS[16:]]), verbose=0)
    assert num_steps(gan) == 3


BAD_BATCHES = {
    "a label of -1": ((POINTS[:8], CLASSES[:8] - 1), r"run from -1 to 1"),
    "a label too large": ((POINTS[:8], CLASSES[:8] + 1), r"run from 1 to 3"),
}


@pytest.mark.parametrize(
    ("stream", "name"),
    [(stream, "a label of -1") for stream in STREAMS]
    + [(py_dataset, name) for name in BAD_BATCHES],
)
def test_later_batches_are_checked(stream, name):
    bad, message = BAD_BATCHES[name]
    good = (POINTS[:8], CLASSES[:8])
    with pytest.raises(ValueError, match=f"In a batch after the first: .*{message}"):
        new_gan(3).fit(stream([good, good, bad, good]), verbose=0)


def test_batches_of_a_seeded_dataset_are_checked():
    class Own(datasets.SeededDataset):
        def batch(self, step):
            return POINTS[:8], CLASSES[:8] - (step == 2)

    with pytest.raises(ValueError, match="after the first.*from -1"):
        new_gan(3).fit(Own(4), verbose=0)
    labels = CLASSES.copy()
    labels[20:] += 3
    data = datasets.Batches(POINTS, labels, batch_size=8, shuffle=False)
    gan = new_gan(3)
    with pytest.raises(ValueError, match=r"The labels run from 0 to 5"):
        gan.fit(data, verbose=0)
    assert num_steps(gan) == 0


@at_the_end
def test_lists_as_batches():
    """[x, y] is a batch like (x, y)."""
    gan = new_gan(3)
    batches = [[POINTS[:8], CLASSES[:8]]] * 2
    gan.fit(generator(batches), verbose=0)
    gan.fit(Sequence(batches), verbose=0)
    assert num_steps(gan) == 4


@pytest.mark.backends("tensorflow", "torch", reason="data: no backend code")
def test_tables_and_lists():
    pandas = pytest.importorskip("pandas")
    gan = new_gan(3)
    table = pandas.DataFrame(POINTS, columns=["a", "b"])
    gan.fit(table, pandas.Series(CLASSES), batch_size=12, verbose=0)
    gan.fit(POINTS, CLASSES.tolist(), batch_size=12, verbose=0)
    gan.fit(list(POINTS), list(CLASSES), batch_size=12, verbose=0)
    assert num_steps(gan) == 6


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((None,), "received no data"),
        (("photos",), r"takes images, not a path. Received: 'photos'.*datasets.load"),
        (({"x": POINTS},), r"dict with the keys \['x'\]. Pass its arrays"),
        (((POINTS, CLASSES),), r"tuple of 2. Pass what it holds"),
        (([POINTS],), r"\(1, 24, 2\), and the networks.*list of one array"),
        (([POINTS[:8], POINTS],), r"shapes \[\(8, 2\), \(24, 2\)\].*concatenate"),
        (([{"x": POINTS}],), "are a list of dict"),
        ((Sequence([POINTS]), CLASSES), "Labels were passed beside a Sequence"),
        ((Sequence([(POINTS, CLASSES, CLASSES)]),), "yields three parts. Sample weig"),
        ((Sequence([[*POINTS[:8]]]),), "yields lists of 8.*numpy.stack"),
        ((Sequence([POINTS[:0]]),), "empty"),
        ((Iterable(),), "cannot read the Iterable again"),
    ],
)
def test_what_is_not_data_is_a_sentence(data, message):
    gan = new_gan()
    with pytest.raises(ValueError, match=message):
        gan.fit(*data, verbose=0)
    assert num_steps(gan) == 0


def endless_tf_data(batches):
    return tf_data(batches).repeat()


@pytest.mark.parametrize("endless", [Endless, itertools.cycle, endless_tf_data])
def test_endless_data_need_steps_per_epoch(endless):
    gan = new_gan()
    with pytest.raises(ValueError, match="data never end.*steps_per_epoch"):
        gan.fit(endless([POINTS[:8]]), epochs=2, verbose=0)
    gan.fit(endless([POINTS[:8]]), epochs=2, steps_per_epoch=2, verbose=0)
    assert num_steps(gan) == 4


def test_a_generator_is_read_once():
    with pytest.raises(ValueError, match="used up after one epoch, and .* 3"):
        new_gan().fit(generator([POINTS]), epochs=3, verbose=0)


PICTURES = np.random.default_rng(1).uniform(0, 1, (16, 4, 4, 1)).astype("float32")


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_pictures_in_0_1_are_refused():
    gan = new_gan(shape=(4, 4, 1))
    with pytest.raises(ValueError, match=r"no value is below 0.*2 \* images - 1"):
        gan.fit(PICTURES, verbose=0)
    assert num_steps(gan) == 0
    gan.fit(np.full_like(PICTURES, 0.5), verbose=0)  # grey is grey on any scale


def test_a_first_batch_in_0_1_is_warned_of():
    """It may be bright by chance."""
    gan = new_gan(shape=(4, 4, 1))
    with pytest.warns(UserWarning, match="of the first batch lie in.*below 0"):
        gan.fit(Sequence([PICTURES, PICTURES - 1]), verbose=0)
    gan.fit(Sequence([PICTURES - 1, PICTURES]), verbose=0)
    with pytest.warns(UserWarning, match="of the first batch lie in.*below 0"):
        new_gan(shape=(4, 4, 1)).train_on_batch(PICTURES)


def test_bytes_of_0_and_1_are_refused():
    bits = (PICTURES > 0.5).astype("uint8")
    with pytest.raises(ValueError, match=r"only 0 and 1.*images \* 255"):
        new_gan(shape=(4, 4, 1)).fit(bits, verbose=0)
    with pytest.raises(ValueError, match=r"only 0 and 1.*images \* 255"):
        datasets.Batches(bits)


def rescaled(layers):
    return [*layers, keras.layers.Rescaling(2.0, offset=-1.0)]


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
@pytest.mark.parametrize(
    "end",
    [
        [keras.layers.Dense(16, activation="sigmoid"), keras.layers.Reshape((4, 4, 1))],
        [
            keras.layers.Dense(16),
            keras.layers.Reshape((4, 4, 1)),
            keras.layers.Activation("hard_sigmoid"),
        ],
        [
            keras.Sequential([keras.layers.Dense(16), keras.layers.ReLU()]),
            keras.layers.Reshape((4, 4, 1)),
        ],
        [
            keras.layers.Dense(16, activation="sigmoid"),
            keras.layers.Reshape((4, 4, 1)),
            keras.layers.Activation("linear", dtype="float32"),
        ],
        [
            keras.layers.Dense(16),
            keras.layers.Reshape((4, 4, 1)),
            keras.layers.Lambda(lambda x: (keras.ops.tanh(x) + 1) / 2),
        ],
    ],
    ids=["dense", "activation", "nested", "cast", "lambda"],
)
def test_a_generator_that_makes_no_black_is_refused(end):
    discriminator = architectures.mlp((4, 4, 1), 4, None, (4,), (4,))[1]
    generator = keras.Sequential([keras.Input((4,)), *end])
    message = r"ends in a (.*sigmoid|relu|lambda.*), so no value.*Rescaling\(2.0"
    with pytest.raises(ValueError, match=message):
        keras_gan.GAN(generator, discriminator)
    with pytest.raises(ValueError, match=message):
        keras_gan.Sampler(generator, keras_gan.latents.Normal(4))
    generator = keras.Sequential([keras.Input((4,)), *rescaled(end)])
    keras_gan.GAN(generator, discriminator)


class Subclass(keras.Model):
    """A generator whose layers Keras does not know before it runs."""

    def __init__(self, end):
        super().__init__()
        self.dense, self.end = keras.layers.Dense(16), end

    def call(self, latents, training=False):
        return keras.ops.reshape(self.end(self.dense(latents)), (-1, 4, 4, 1))


def test_a_subclass_that_makes_no_black_is_refused():
    discriminator = architectures.mlp((4, 4, 1), 4, None, (4,), (4,))[1]
    prior = keras_gan.latents.Normal(4)
    with pytest.raises(ValueError, match="function without negative values"):
        keras_gan.GAN(Subclass(keras.ops.sigmoid), discriminator, prior=prior)
    gan = keras_gan.GAN(Subclass(keras.ops.tanh), discriminator, prior=prior)
    brightest = [w + 9.0 for w in gan.generator.get_weights()]
    gan.generator.set_weights(brightest)  # white by its weights, not by its end
    keras_gan.GAN(gan.generator, discriminator, prior=prior)
