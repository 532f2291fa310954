"""Measure how fast a trained generator makes images: in Keras, and exported.

    python benchmarks/generate.py

On TensorFlow it prints images per second of `gan.generate`, of the exported
`serving_default` signature, and of the bare network in a `tf.function`, on the same
latents, alternating within one run, and the ratios to the bare network. Then it counts
how often `generate` is traced for new numbers of images.
"""

import statistics
import tempfile
import time

import keras_gan

import click
import tensorflow as tf


def candidates(gan, latents, batch_size, folder):
    """Return functions that make the same images, by name."""
    bare = tf.function(lambda latents: gan.generator(latents, training=False))
    gan.export(folder, version=1)
    serve = tf.saved_model.load(f"{folder}/1").signatures["serving_default"]
    batches = [
        tf.constant(latents[start : start + batch_size])
        for start in range(0, len(latents), batch_size)
    ]
    (name,) = serve.structured_input_signature[1]
    return {
        "bare network": lambda: [bare(batch).numpy() for batch in batches],
        "gan.generate": lambda: gan.synthesize(latents, batch_size=batch_size),
        "exported signature": lambda: [serve(**{name: batch}) for batch in batches],
    }


def median_times(functions, num_rounds):
    """Return the median seconds of each function; the functions alternate."""
    times = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(num_rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return times


def num_traces(gan, sizes):
    """Return how many graphs `generate` traces for these numbers of images."""
    for size in sizes:
        gan.generate(size, seed=0)
    return gan.generator.predict_function.experimental_get_tracing_count()


@click.command()
@click.option("--num-images", default=2048, show_default=True)
@click.option("--batch-size", default=256, show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--width", default=64, show_default=True, help="of the DCGAN, 28 px")
def main(num_images, batch_size, rounds, width):
    """Print the table."""
    gan = keras_gan.GAN(*keras_gan.architectures.dcgan((28, 28, 1), width=width))
    latents = gan.prior.sample(num_images, seed=0).numpy()
    with tempfile.TemporaryDirectory() as folder:
        functions = candidates(gan, latents, batch_size, folder)
        times = median_times(functions, rounds)
    print(f"{num_images} images of 28 x 28, {batch_size} at a time")
    for name, seconds in times.items():
        ratio = statistics.median(
            bare / own for bare, own in zip(times["bare network"], seconds, strict=True)
        )
        rate = num_images / statistics.median(seconds)
        print(f"{name:20} {rate:9,.0f} images/s   {ratio:5.2f} of the bare network")
    sizes = [256, 1000, 257, 511, 777, 2000]
    print(f"generate for {sizes} images: {num_traces(gan, sizes)} graphs")


if __name__ == "__main__":
    main()
