"""Translate emoji: between two styles without pairs, and from outline to colour.

    python benchmarks/translation.py --data emoji_styles --steps 40000
    python benchmarks/translation.py --data openmoji --minutes 30 --seeds 1
    python benchmarks/translation.py --data openmoji --save-arrays openmoji.npz
    python benchmarks/translation.py --arrays openmoji.npz --steps 40000
    python benchmarks/translation.py --run runs/pix2pix_openmoji --ship savedmodels

Trains a CycleGAN on `emoji_styles`, Google's and Twitter's drawings as two domains, or
pix2pix on the pairs of `openmoji`. Test glyphs are held out: 178 in two styles, 199 of
OpenMoji. Their translations are compared with the true drawings, in both directions
where the model has them:

- the mean absolute difference, 0 to 1; PSNR in dB; SSIM (if scikit-image is there);
- how often the nearest, or one of the five nearest, of the true drawings is the own;
- the Frechet distance over the features of `keras_gan.metrics.EmojiClassifier`;
- the error of the cycle;
- the share of translations that are nearer to the negative of the true drawing.

The same table has what no training is needed for: the input as it is, the target of
the nearest training input, and the mean and the median target of training.

With `--steps` the learning rate is constant for one half and then goes to 0 along a
line; the result follows from the seed. With `--minutes` the clock sets the rate, the
compilation of the first step left out. `--save-arrays` writes the images to a file, for
a machine that cannot get the packages, and trains nothing.

`--output` keeps the results of each seed, with its model, its pictures (input, output,
target, cycle) and its checkpoints. A finished seed is not trained again, and a stopped
one goes on, if it has `--steps`.

`--run` measures a finished run of a preset in place of training, a folder that
`keras-gan train pix2pix_openmoji` wrote. `--ship` then writes its networks to where
`keras_gan.from_preset` finds them.
"""

import importlib.util
import time
from pathlib import Path

from keras_gan import (
    architectures,
    array_files,
    callbacks,
    datasets,
    metrics,
    models,
    optimizers,
    plotting,
)
from keras_gan.files import atomic_write, write_text
from keras_gan.metrics.distances import squared_distances
from keras_gan.runs import Run

import click
import keras
import numpy as np
from keras_gan_cli.train import PRECISIONS

from steps.report import machine
from tables import gallery, markdown, runs
from tables.kept import Kept

GAMES = {"emoji_styles": "cyclegan", "openmoji": "pix2pix"}
WIDTHS = {"cyclegan": 40, "pix2pix": 48}
STEPS_PER_EPOCH = 100
COLUMNS = {
    "l1": ("L1", "{:.3f}"),
    "psnr": ("PSNR", "{:.2f}"),
    "ssim": ("SSIM", "{:.3f}"),
    "retrieval_top_1": ("top 1", "{:.3f}"),
    "retrieval_top_5": ("top 5", "{:.3f}"),
    "frechet_distance": ("Frechet", "{:.2f}"),
    "cycle_error": ("cycle", "{:.3f}"),
    "inverted": ("inverted", "{:.3f}"),
}


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--data", "name", type=click.Choice([*GAMES]), default="emoji_styles")
@click.option("--game", type=click.Choice([*WIDTHS]), help="By default, by the data.")
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option("--steps", type=int, help="Updates of each network.")
@click.option("--minutes", type=float, help="In place of --steps.")
@click.option("--batch-size", default=1, show_default=True)
@click.option("--width", type=int, help="Of the generators: 40, pix2pix 48.")
@click.option("--discriminator-width", default=48, show_default=True)
@click.option("--blocks", default=6, show_default=True, help="Of residual networks.")
@click.option(
    "--generator",
    type=click.Choice(["unet", "resnet"]),
    default="unet",
    show_default=True,
    help="pix2pix's.",
)
@click.option("--depth", type=int, help="Halvings of pix2pix's U-Net; all by default.")
@click.option(
    "--normalization",
    type=click.Choice(["batch", "instance"]),
    default="batch",
    show_default=True,
    help="pix2pix's.",
)
@click.option("--field", default=34, show_default=True, help="16, 34 or 70 pixels.")
@click.option("--upsampling", default="transposed", show_default=True)
@click.option("--rate", default=2e-4, show_default=True)
@click.option("--cycle-weight", default=10.0, show_default=True)
@click.option("--identity-weight", default=0.5, show_default=True)
@click.option("--l1-weight", default=100.0, show_default=True)
@click.option("--dropout", default=0.5, show_default=True, help="pix2pix's.")
@click.option("--flip/--no-flip", default=True, show_default=True)
@click.option("--shift/--no-shift", default=True, show_default=True)
@click.option("--evaluate-every", type=int, help="Epochs of 100 steps.")
@click.option("--steps-per-execution", default=1, show_default=True)
@click.option(
    "--precision",
    type=click.Choice([p for p in PRECISIONS if p != "auto"]),
    default="float32",
    show_default=True,
)
@click.option("--shared-outlines", is_flag=True, help="Of OpenMoji, flags too.")
@click.option("--arrays", type=Path, help="A file that --save-arrays wrote.")
@click.option("--save-arrays", type=Path, help="Write the images; train nothing.")
@click.option("--run", "run_folder", type=Path, help="Measure it, and train nothing.")
@click.option("--ship", type=Path, help="A folder for the networks of --run.")
@click.option("--output", type=Path, default="runs/translation", show_default=True)
def main(name, run_folder, ship, **options):
    if ship is not None and run_folder is None:
        raise click.UsageError("--ship needs the folder of a finished run: --run.")
    if run_folder is None:
        train_seeds(name, **options)
    else:
        measure_run(run_folder, ship, options["output"])


def measure_run(folder, ship, output):
    """Measure a finished run of a preset, and write its networks where they are found.

    Args:
        folder: path of the run.
        ship: path of a folder of trained generators, or None.
        output: path of the folder for its picture and its table.
    """
    run, kept = Run.open(folder), Kept(output)
    name, images = load(run.preset.dataset)
    rows = kept.result(f"{name}-baselines", lambda: baselines(images))
    found = {"metrics": measure(run.restore(), images, output)}
    print(tables(rows, [found], {"game": run.preset.name}))
    if ship is not None:
        runs.save_translators(folder, ship, output / "grid.png")
        gallery.write(ship)


def train_seeds(
    name,
    shared_outlines,
    arrays,
    save_arrays,
    output,
    num_seeds,
    first_seed,
    **options,
):
    """Train and measure a model of each seed, and print the tables."""
    more = {"shared_outlines": True} if shared_outlines else {}
    name, images = load(name, **more) if arrays is None else read_arrays(arrays)
    if save_arrays is not None:
        with atomic_write(save_arrays) as draft:
            np.savez_compressed(draft, name=np.array(name), **images)
        return
    if (options["steps"] is None) == (options["minutes"] is None):
        raise click.UsageError("Pass one of --steps and --minutes.")
    options["game"] = options["game"] or GAMES[name]
    options["width"] = options["width"] or WIDTHS[options["game"]]
    keras.config.set_dtype_policy(PRECISIONS[options["precision"]])
    kept = Kept(output)
    rows = kept.result(f"{name}-baselines", lambda: baselines(images))
    trained = []
    for seed in range(first_seed, first_seed + num_seeds):
        folder = output / f"{name}-{options['game']}-{seed}"
        found = kept.result(
            folder.name, lambda s=seed, f=folder: run(images, s, f, **options)
        )
        print(folder.name, found["metrics"], f"{found['seconds']:.0f} s", flush=True)
        trained.append(found)
    text = tables(rows, trained, options)
    write_text(output / f"{name}.md", text + "\n")
    print(text)


# The data.


def load(name, **settings):
    """Return the name of the data, and their images: arrays of bytes by their names."""
    images = {}
    for split in ("train", "test"):
        more = {"paired": True} if name == "emoji_styles" else {}
        more |= {"split": split, "shuffle": False, "batch_size": 1, **settings}
        data = datasets.load(name, **more)
        for side, array in zip("ab", data.as_uint8().arrays(), strict=True):
            images[f"{split}_{side}"] = np.ascontiguousarray(array)
    return name, images


def read_arrays(path):
    """Return what `load` returned when the file was written."""
    images = array_files.read(path)
    return str(images.pop("name")), images


# Without training.


def baselines(images):
    """Measure what is had without training, by its name, in both directions."""
    found = {}
    for direction, (a, b) in {"a_to_b": "ab", "b_to_a": "ba"}.items():
        inputs, targets = images[f"test_{a}"], images[f"test_{b}"]
        sources, known = images[f"train_{a}"], images[f"train_{b}"]
        number = len(inputs)
        nearest = np.concatenate(
            [
                block.argmin(1)
                for _, block in squared_distances(flat(inputs), flat(sources))
            ]
        )
        mean, median = known.mean(0).round(), np.median(known, 0).round()
        for name, outputs in {
            "the input": inputs,
            "nearest training pair": known[nearest],
            "mean image": np.repeat(mean[None].astype("uint8"), number, 0),
            "median image": np.repeat(median[None].astype("uint8"), number, 0),
        }.items():
            results = {"inverted": inverted(targets, outputs)}
            for metric in measures(direction, with_cycle=False):
                metric.update_state(targets, outputs)
                results |= {k: float(v) for k, v in metric.results().items()}
            found.setdefault(name, {})[direction] = plain(results, direction)
    return found


def measures(direction, with_cycle):
    """Return the metrics of a direction."""
    chosen = [metrics.L1(direction), metrics.PSNR(direction)]
    if importlib.util.find_spec("skimage"):
        chosen.append(metrics.SSIM(direction))
    chosen += [metrics.RetrievalAccuracy(k, direction) for k in (1, 5)]
    distance = metrics.FrechetDistance(metrics.EmojiClassifier())
    chosen.append(metrics.InDirection(distance, direction))
    return [*chosen, metrics.CycleError(direction)] if with_cycle else chosen


def plain(results, direction):
    """Return results of a direction by the names that the other one has too."""
    return {name.removesuffix(f"_{direction}"): v for name, v in results.items()}


def inverted(targets, outputs):
    """Return the share of images that are nearer to the negative of their target."""
    targets, outputs = (flat(each).astype("int16") for each in (targets, outputs))
    own = np.abs(targets - outputs).mean(1)
    negative = np.abs(255 - targets - outputs).mean(1)
    return float((negative < own).mean())


def flat(images):
    return images.reshape(len(images), -1)


# Training.


def new_model(shapes, seed, steps, **options):
    """Return a compiled model for images of A and of B of these shapes."""
    (*size, channels_a), (*_, channels_b) = shapes
    rate = options["rate"]
    if steps is not None:
        half = steps // 2
        rate = optimizers.ConstantThenLinear(rate, half, steps - half)
    adam = [keras.optimizers.Adam(rate, beta_1=0.5) for _ in range(2)]
    common = {
        "width": options["width"],
        "field": options["field"],
        "discriminator_width": options["discriminator_width"],
        "upsampling": options["upsampling"],
    }
    shape = (*size, channels_a)
    if options["game"] == "cyclegan":
        networks = architectures.cyclegan(
            shape, channels_b, num_blocks=options["blocks"], **common
        )
        model = models.CycleGAN(*networks, seed=seed)
        weights = {name: options[name] for name in ("cycle_weight", "identity_weight")}
    else:
        generator, discriminator = architectures.pix2pix(
            shape,
            channels_b,
            dropout=options["dropout"],
            depth=options["depth"],
            normalization=options["normalization"],
            generator=options["generator"],
            num_blocks=options["blocks"] if options["generator"] == "resnet" else None,
            **common,
        )
        model = models.Pix2Pix(generator, discriminator, seed=seed)
        weights = {"l1_weight": options["l1_weight"]}
    with_cycle = len(model.directions) > 1
    model.compile(
        *adam,
        **weights,
        metrics=[m for d in model.directions for m in measures(d, with_cycle)],
        steps_per_execution=options["steps_per_execution"],
    )
    return model


class ByTheClock(keras.callbacks.Callback):
    """Lower the learning rate by the time, and stop when it is over.

    Args:
        seconds: float, how long to train after the first step.
    """

    def __init__(self, seconds):
        super().__init__()
        self.seconds, self.start, self.rate = seconds, None, None

    def on_train_batch_end(self, batch, logs=None):
        self.start = self.start or time.perf_counter()

    def on_epoch_begin(self, epoch, logs=None):
        if self.start is None:
            self.rate = float(self.model.optimizer.learning_rate)
        else:
            left = 1 - (time.perf_counter() - self.start) / self.seconds
            self.model.optimizer.learning_rate = self.rate * min(1, max(0, 2 * left))

    def on_epoch_end(self, epoch, logs=None):
        if time.perf_counter() - self.start >= self.seconds:
            self.model.stop_training = True


class Report(keras.callbacks.Callback):
    """Print the means of an epoch, now and then."""

    def on_epoch_end(self, epoch, logs=None):
        measured = any(name.startswith("val_") for name in logs)
        if measured or epoch % 10 == 0:
            shown = {k: round(float(v), 4) for k, v in logs.items()}
            print(f"step {(epoch + 1) * STEPS_PER_EPOCH}: {shown}", flush=True)


def run(images, seed, folder, steps, minutes, **options):
    """Train one model, measure it, and keep it with its pictures."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    make = datasets.unpaired if options["game"] == "cyclegan" else datasets.pairs
    augment = [datasets.horizontal_flip] * options["flip"]
    augment += [datasets.random_shift] * options["shift"]
    train = make(
        images["train_a"],
        images["train_b"],
        batch_size=options["batch_size"],
        seed=seed,
        augment=augment,
        steps_per_epoch=STEPS_PER_EPOCH,
    )
    test = test_pairs(images)
    if steps is not None:  # in whole epochs
        steps = -(-steps // STEPS_PER_EPOCH) * STEPS_PER_EPOCH
    model = new_model(train.shapes, seed, steps, **options)
    chosen = [Report()]
    if steps is None:
        chosen.append(ByTheClock(60 * minutes))
    else:
        chosen.append(callbacks.Checkpoint(folder / "checkpoints", every=2000, keep=1))
    validation = {}
    if options["evaluate_every"]:
        validation = {
            "validation_data": test,
            "validation_freq": options["evaluate_every"],
        }
    start = time.perf_counter()
    model.fit(
        train,
        epochs=10**6 if steps is None else steps // STEPS_PER_EPOCH,
        verbose=0,
        callbacks=chosen,
        **validation,
    )
    seconds = time.perf_counter() - start
    found = measure(model, images, folder)
    with atomic_write(folder / "model.keras") as draft:
        model.save(draft)
    return {
        "metrics": found,
        "seconds": seconds,
        "steps": int(model.optimizer.iterations),
        "seed": seed,
        "options": {"steps": steps, "minutes": minutes, **options},
        "parameters": sum(n.count_params() for n in model.networks),
        "backend": keras.backend.backend(),
        "machine": machine(),
    }


def test_pairs(images):
    """Return the held-out pairs as a dataset."""
    return datasets.pairs(
        images["test_a"],
        images["test_b"],
        batch_size=64,
        shuffle=False,
        drop_remainder=False,
    )


def measure(model, images, folder):
    """Measure a model in each of its directions, and draw `grid.png` in a folder."""
    test, found = test_pairs(images), {}
    for direction in model.directions:
        a, b = direction[0], direction[-1]
        inputs, targets = images[f"test_{a}"], images[f"test_{b}"]
        outputs = plotting.to_uint8(model.translate(inputs, direction))
        results = {"inverted": inverted(targets, outputs)}
        others = [each for each in model.directions if each != direction]
        for metric in measures(direction, with_cycle=bool(others)):
            if isinstance(metric, metrics.CycleError):
                metric.update_state(inputs, model.translate(outputs, others[0]))
            else:
                metric.update_state(targets, outputs)
            results |= {k: float(v) for k, v in metric.results().items()}
        found[direction] = plain(results, direction)
    folder.mkdir(parents=True, exist_ok=True)
    shown = test.subset(np.linspace(0, test.num_samples - 1, 16).astype(int))
    grid = callbacks.TranslationGrid(folder, shown, num_images=16)
    grid.set_model(model)
    grid.prepare()
    grid.plot(grid.make(), folder / "grid.png")
    return found


# The tables.


def tables(rows, trained, options):
    """Return a table for each direction."""
    parts = []
    for direction in trained[0]["metrics"] if trained else ("a_to_b", "b_to_a"):
        own = [each["metrics"][direction] for each in trained]
        known = [values[direction] for values in rows.values()] + own
        names = [n for n in COLUMNS if any(n in values for values in known)]
        lines = [
            [name, *(cell(n, [values[direction]]) for n in names)]
            for name, values in rows.items()
        ]
        if own:
            title = f"{options['game']}, {len(own)} seeds"
            lines.append([title, *(cell(n, own) for n in names)])
        heads = [direction.replace("_", " "), *(COLUMNS[n][0] for n in names)]
        parts.append(markdown.table(heads, lines))
    return "\n\n".join(parts)


def cell(name, found):
    """Return a figure over the seeds, or nothing where it was not measured."""
    values = [values[name] for values in found if name in values]
    return markdown.over_seeds(values, COLUMNS[name][1]) if values else ""


if __name__ == "__main__":
    main()
