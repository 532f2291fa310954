"""What a training step compiles to under JAX, and how long that takes.

    KERAS_BACKEND=jax python benchmarks/compile_step.py
    KERAS_BACKEND=jax python benchmarks/compile_step.py --preset r3gan_emoji_64

The step of a preset is traced and compiled without its lazy penalties and its
augmentation, with each of them, and with all. Printed are the equations of the traced
program, those of branches included, and the processor seconds that tracing and
compiling take. Wall time is shorter where there are several cores. Presets for images
of any shape get 64 x 64 pixels in colour.
"""

import time

import click
import keras

from tables import markdown

PARTS = ("discriminator_penalties", "generator_penalties", "augment")
ROWS = {
    "networks, losses and optimizers": (),
    "with the discriminator's penalties": PARTS[:1],
    "with the generator's penalties": PARTS[1:2],
    "with the augmentation": PARTS[2:],
    "with all": PARTS,
}


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--preset", default="stylegan2", show_default=True)
@click.option("--batch-size", default=8, show_default=True)
def main(preset, batch_size):
    if keras.backend.backend() != "jax":
        raise click.UsageError("Set KERAS_BACKEND=jax: other backends trace otherwise.")
    rows = []
    for name, parts in ROWS.items():
        rows.append((name, *measured(preset, parts, batch_size)))
        print(*rows[-1], flush=True)
    heads = ("a step", "equations", "s to trace", "s to compile")
    print(markdown.table(heads, rows))


def measured(preset, parts, batch_size):
    """Return the equations, and the seconds to trace and to compile them."""
    import keras_gan
    from keras_gan import backend, presets

    import jax
    import numpy as np

    preset = presets.get(preset)
    if preset.dataset is None:  # for images of any shape
        preset = preset.replace(image_shape=(64, 64, 3), dataset="emoji")
    gan = keras_gan.GAN(**preset.make_networks(), seed=0)
    arguments = preset.compile_arguments()
    for name in set(PARTS) - set(parts):
        arguments[name] = None if name == "augment" else []
    gan.compile(**arguments)
    groups = (
        gan.trainable_variables,
        gan.non_trainable_variables,
        gan.optimizer.variables,
        gan.metrics_variables,
    )
    state = [[variable.value for variable in group] for group in groups]
    images = np.zeros((batch_size, *preset.image_shape), "float32")
    start = time.process_time()
    traced = jax.jit(lambda *args: backend.train_step(gan, *args)).trace(state, images)
    middle = time.process_time()
    traced.lower().compile()
    end = time.process_time()
    seconds = f"{middle - start:.1f}", f"{end - middle:.0f}"
    return f"{number_of_equations(traced.jaxpr.jaxpr):,}", *seconds


def number_of_equations(jaxpr):
    """Return the number of equations of a program and of all programs in it."""
    total = 0
    for equation in jaxpr.eqns:
        values = [
            v if isinstance(v, list | tuple) else [v] for v in equation.params.values()
        ]
        inner = [getattr(each, "jaxpr", each) for value in values for each in value]
        total += 1 + sum(number_of_equations(j) for j in inner if hasattr(j, "eqns"))
    return total


if __name__ == "__main__":
    main()
