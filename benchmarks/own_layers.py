"""What each of our own layers saves of a training step, alone.

    python benchmarks/own_layers.py
    python benchmarks/own_layers.py --dtype mixed_bfloat16 --rounds 12

Trains the networks of TensorFlow's tutorial, whose layers are those that have a form of
their own here, in several processes in turn: one with all of our layers, and one for
each layer that is replaced by Keras' own. Prints the median of the ratios, round by
round, of wall time and of processor time. A layer stays in the package if it saves 4%
of a step on one kind of processor and costs nothing on another.
"""

import json
import statistics
import subprocess
import sys
import time

import click

REPLACED = {
    "ours": (),
    "Keras' convolutions": ("Conv2D", "Conv2DTranspose"),
    "Keras' batch normalisation": ("BatchNormalization",),
    "Keras' dropout": ("Dropout",),
}
BATCH_SIZE = 256


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--dtype", default="float32", show_default=True)
@click.option("--rounds", default=8, show_default=True)
@click.option("--steps", default=5, show_default=True, help="Steps in a round.")
@click.option("--batch-size", default=BATCH_SIZE, show_default=True)
@click.option("--worker", hidden=True)
def main(dtype, rounds, steps, batch_size, worker):
    if worker is not None:
        work(json.loads(worker), dtype, batch_size)
        return
    processes = {n: start(layers, dtype, batch_size) for n, layers in REPLACED.items()}
    seconds = {name: [] for name in REPLACED}
    for number in range(rounds):
        order = list(REPLACED)[:: 1 if number % 2 == 0 else -1]
        for name in order:
            seconds[name].append(run(processes[name], steps))
    for process in processes.values():
        process.stdin.close()
        process.wait()
    for name in REPLACED:
        wall, processor = (ratios(seconds[name], seconds["ours"], k) for k in (0, 1))
        print(f"{name:28} wall time {wall}   processor time {processor}")


def ratios(seconds, base, kind):
    found = sorted(a[kind] / b[kind] for a, b in zip(seconds, base, strict=True))
    low, high = found[len(found) // 4], found[-1 - len(found) // 4]
    return f"{statistics.median(found):.3f} ({low:.3f} to {high:.3f})"


def start(layers, dtype, batch_size):
    command = [sys.executable, __file__, "--worker", json.dumps(layers)]
    command += ["--dtype", dtype, "--batch-size", str(batch_size)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    run(process, 3)  # traced, and warm
    return process


def run(process, num_steps):
    process.stdin.write(f"{num_steps}\n")
    process.stdin.flush()
    return tuple(map(float, process.stdout.readline().split()))


def work(replaced, dtype, batch_size):
    """Train as many steps as each line of the input says, and print their seconds."""
    import keras_gan

    import keras
    import numpy as np

    from steps import keras_nets, nets

    class Kinds:
        """Our layers, but for those that are replaced by Keras'."""

        def __getattr__(self, name):
            return getattr(keras.layers if name in replaced else keras_gan.layers, name)

    pair = keras_nets.build(nets.of_size(28), dtype, Kinds())
    gan = keras_gan.models.SimultaneousGAN(*pair, seed=0)
    gan.compile(keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4))
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (4 * batch_size, 28, 28, 1), "uint8")
    data = keras_gan.datasets.Batches(images, batch_size=batch_size)
    for line in sys.stdin:
        clock = new_clock()
        data = data.with_steps_per_epoch(int(line) + 1)
        gan.fit(data, verbose=0, callbacks=[clock])
        (wall, processor), *_, (end, processor_end) = clock.times
        print(end - wall, processor_end - processor, flush=True)


def new_clock():
    """A callback that notes the time after every step."""
    import keras

    class Times(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.times = []

        def on_train_batch_end(self, batch, logs=None):
            self.times.append((time.perf_counter(), time.process_time()))

    return Times()


if __name__ == "__main__":
    main()
