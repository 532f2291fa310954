"""Small games, played on one device or on several, each in a process of its own.

    python games.py one|mirrored|worker|jax RESULT.npz GAMES [FOLDER]

`worker` reads `TF_CONFIG`, as on a cluster; JAX is told what stands in it.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers

import keras_gan
from keras_gan import datasets, metrics, penalties

EPOCHS, BATCH = 2, 16


def adam(**kwargs):
    return keras.optimizers.Adam(1e-2, beta_1=0.5, epsilon=1e-3, **kwargs)


def steps():
    """k steps, accumulation, penalties, clipping, loss scaling and an average."""
    return {
        "discriminator_optimizer": adam(clipnorm=0.1),
        "generator_optimizer": keras.optimizers.LossScaleOptimizer(
            adam(), initial_scale=8.0
        ),
        "discriminator_penalties": [penalties.R1(0.5), penalties.R2(0.5, interval=2)],
        "discriminator_steps": 2,
        "gradient_accumulation_steps": 2,
        "ema": keras_gan.EMA(100),
    }


def normalised():
    return {
        "discriminator_optimizer": adam(),
        "generator_optimizer": adam(),
        "loss": "hinge",
        "share_fakes": True,
        "metrics": [metrics.FrechetDistance(metrics.RawSamples())],
    }


def spoilt():
    """One image is NaN, and only one replica sees it."""
    return {**normalised(), "loss": "non_saturating", "nonfinite": "skip"}


def cyclegan():
    """Parts of a batch, and pools, which all replicas exchange alike."""
    return {
        "generator_optimizer": adam(),
        "discriminator_optimizer": adam(),
        "pool_size": 6,
        "gradient_accumulation_steps": 2,
    }


GAMES = {
    "steps": steps,
    "normalised": normalised,
    "spoilt": spoilt,
    "cyclegan": cyclegan,
}


def normalisation():
    """Statistics of the whole batch, which JAX computes without being told."""
    kwargs = {"synchronized": True} if keras.backend.backend() == "tensorflow" else {}
    return layers.BatchNormalization(**kwargs)


def new_translator():
    def network(strides=1):
        x = inputs = keras.Input((4, 4, 1))
        x = layers.LeakyReLU(0.2)(layers.Conv2D(4, 2, strides)(x))
        x = layers.Conv2DTranspose(1, 2)(x) if strides == 1 else layers.Dense(1)(x)
        return keras.Model(inputs, x)

    networks = [network(), network(), network(2), network(2)]
    gan = keras_gan.models.CycleGAN(*networks, seed=0)
    gan.compile(**cyclegan())
    return gan


def new_gan(game):
    if game == "cyclegan":
        return new_translator()
    norm = [normalisation()] * (game == "normalised")
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(8),
            *norm,
            layers.ReLU(),
            layers.Dense(6, activation="tanh"),
        ]
    )
    discriminator = keras.Sequential(
        [keras.Input((6,)), layers.Dense(8), layers.LeakyReLU(0.2), layers.Dense(1)]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gan.compile(**GAMES[game]())
    return gan


class Points(datasets.Batches):
    """Batches of which one holds a NaN, in its last row."""

    spoilt = None

    def batch(self, step):
        points = np.array(super().batch(step))
        if step == self.spoilt:
            points[-1] = np.nan
        return points


def data(game):
    if game == "cyclegan":
        return Pairs(steps_per_epoch=6)
    points = np.random.default_rng(0).uniform(-1, 1, (96, 6)).astype("float32")
    batches = Points(points, batch_size=BATCH)
    batches.points = points
    batches.spoilt = 3 if game == "spoilt" else None
    return batches


class Pairs(datasets.SeededDataset):
    """Batches of two kinds of images."""

    def batch(self, step):
        images = self.rng(0, step).uniform(-1, 1, (2, BATCH, 4, 4, 1))
        return tuple(images.astype("float32"))


class Slowly(keras.callbacks.Callback):
    """Leaves time to be killed in, and a file with the number of steps taken."""

    def __init__(self, path):
        super().__init__()
        self.path, self.steps = path, 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        if seconds := float(os.environ.get("SECONDS_PER_STEP", 0)):
            self.path.write_text(str(self.steps))
            time.sleep(seconds)


class Diary(keras_gan.callbacks.EpochSamples):
    """Writes what was generated, where other callbacks draw it."""

    def __init__(self, folder):
        super().__init__(folder, 5, 0, None, 1, None, None)

    def plot(self, samples, path):
        np.save(path.with_suffix(".npy"), samples)


def watching(folder):
    """The callbacks of a run: those of each worker have a folder of their own."""
    worker = os.environ.get("WORKER", "0")
    every = int(os.environ.get("SAVE_EVERY", 1))
    return [
        keras_gan.callbacks.Checkpoint(folder / "checkpoints", every=every),
        Diary(folder / f"samples_{worker}"),
        keras.callbacks.CSVLogger(folder / f"log_{worker}.csv"),
        Slowly(folder / f"steps_{worker}"),
    ]


def play(game, scope=None, folder=None):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    with scope or contextlib.nullcontext():
        gan = new_gan(game)
        callbacks = [] if folder is None else watching(Path(folder))
        # On one device, tracing takes longer than these few steps.
        one = scope is None and folder is None
        gan.run_eagerly = one and keras.backend.backend() == "tensorflow"
        history = gan.fit(data(game), epochs=EPOCHS, verbose=0, callbacks=callbacks)
    arrays = {f"history/{k}": np.array(v) for k, v in history.history.items()}
    for name, variable in gan.checkpoint_variables().items():
        arrays[name] = keras.ops.convert_to_numpy(variable)
    if game == "cyclegan":
        arrays["generated"] = gan.translate(data(game).batch(0)[0])
    else:
        arrays["generated"] = gan.generate(5, seed=0)
    if game == "normalised":
        measured = gan.evaluate(data(game).points, return_dict=True, verbose=0)
        arrays |= {f"evaluated/{name}": value for name, value in measured.items()}
    return gan, {f"{game}/{name}": array for name, array in arrays.items()}


def noise(gan, strategy):
    """What the replicas draw in one step: latents, and numbers of their own."""
    import tensorflow as tf

    from keras_gan import backend

    @tf.function
    def draw():
        with backend.per_replica_seeds([gan.seed_generator.state]):
            latents = gan.sample_latents(8)
            own = keras.random.uniform((8,), seed=gan.seed_generator)
        return latents, own

    latents, own = strategy.run(draw)
    return {
        "noise/state": gan.seed_generator.state.numpy(),
        **{f"noise/latents_{i}": v.numpy() for i, v in enumerate(latents.values)},
        **{f"noise/own_{i}": v.numpy() for i, v in enumerate(own.values)},
    }


def tensorflow_strategy(kind):
    import tensorflow as tf

    if kind == "worker":
        return tf.distribute.MultiWorkerMirroredStrategy()
    (cpu,) = tf.config.list_physical_devices("CPU")
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def join_processes():
    """Make this process one of several of JAX."""
    cluster = json.loads(os.environ["TF_CONFIG"])
    addresses = cluster["cluster"]["worker"]
    keras.utils.set_random_seed(11)  # else they would agree on one, by JAX' pmap
    keras.distribution.initialize(
        addresses[0], len(addresses), cluster["task"]["index"]
    )


def main(kind, result, games, folder=None):
    arrays, strategy = {}, None
    if keras.backend.backend() == "jax":
        if kind == "worker":
            join_processes()
    elif kind in ("mirrored", "worker"):
        strategy = tensorflow_strategy(kind)
    for game in games.split(","):
        scope = None if strategy is None else strategy.scope()
        if keras.backend.backend() == "jax" and kind != "one":
            devices = keras.distribution.DataParallel(auto_shard_dataset=False)
            scope = devices.scope()
        gan, played = play(game, scope, folder)
        arrays |= played
    if kind == "mirrored":
        arrays |= noise(gan, strategy)
    np.savez(result, **arrays)


if __name__ == "__main__":
    if keras.backend.backend() == "jax":  # as conftest.py does for the tests
        sys.path.append(str(Path(__file__).parents[1]))
        import jax_programs

        jax_programs.compile_once()
    main(*sys.argv[1:])
