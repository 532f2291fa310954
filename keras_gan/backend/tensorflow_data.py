"""Every replica's part of the data, under `tf.distribute`."""

import itertools

import tensorflow as tf


def active_strategy(strategy):
    """The strategy, or None for the one that stands for having none."""
    return None if "Default" in type(strategy).__name__ else strategy


def num_processes(model):
    """How many processes train the model together."""
    extended = model.distribute_strategy.extended
    return getattr(extended, "_num_workers", 1)


def check_data(model, data, batch_size):
    """See that every replica can get its own part of every batch.

    Args:
        model: the model in `fit`.
        data: what it is trained on, where that is not a dataset of ours.
        batch_size: int, of the first batch.

    Raises:
        ValueError: if not.
    """
    replicas = model.distribute_strategy.num_replicas_in_sync
    if num_processes(model) > 1 and not isinstance(data, tf.data.Dataset):
        raise ValueError(
            "Several workers train together, and nothing says which of them is to see "
            f"which part of a {type(data).__name__}. Pass a dataset of "
            "`keras_gan.datasets`, such as `Batches(images, batch_size=...)`, or a "
            "`tf.data.Dataset`; both with the batch size of all workers together."
        )
    left_over = len(data) % batch_size if hasattr(data, "shape") else 0
    if left_over % replicas:
        raise ValueError(
            f"The last batch of {left_over} images does not split over {replicas} "
            f"replicas. Pass `images[:{len(data) - left_over}]`, or "
            "`keras_gan.datasets.Batches(images)`, which leaves it out."
        )


def distribute_data(model, data, place, num_parts):
    """Let every replica get its part of every batch of a seeded dataset.

    A batch that a step splits into parts is divided part by part: together the
    replicas then see the parts that one device would see.

    Args:
        model: the model in `fit`.
        data: a dataset whose `batch` is a function of the step.
        place: `epoch, step` of the next step to take. What lies before it in its
            epoch is passed over, so that any batch will do.
        num_parts: int, into how many parts a step splits a batch.

    Returns:
        `data, steps_per_epoch` for Keras' `fit`.
    """
    strategy = model.distribute_strategy
    if active_strategy(strategy) is None:
        return data, None
    replicas = strategy.num_replicas_in_sync
    first, start = place[0] * len(data), place[0] * len(data) + place[1]

    def for_worker(context):
        num_local = replicas // context.num_input_pipelines
        first_local = context.input_pipeline_id * num_local

        def shares():
            batch = batch_of(start)
            for step in itertools.count(first):
                batch = batch_of(step) if step > start else batch
                for replica in range(first_local, first_local + num_local):
                    yield tuple(_share(a, replica, replicas, num_parts) for a in batch)

        return tf.data.Dataset.from_generator(
            shares, output_signature=signature
        ).prefetch(2 * num_local)

    def batch_of(step):
        batch = data.batch(step)
        return tuple(batch) if isinstance(batch, tuple | list) else (batch,)

    signature = tuple(
        tf.TensorSpec((len(a) // replicas, *a.shape[1:]), a.dtype)
        for a in batch_of(start)
    )
    return strategy.distribute_datasets_from_function(for_worker), len(data)


def _share(array, replica, num_replicas, num_parts):
    """A replica's share of every part of a batch."""
    shares = array.reshape(num_parts, num_replicas, -1, *array.shape[1:])
    return shares[:, replica].reshape(-1, *array.shape[1:])
