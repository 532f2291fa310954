"""How a training of so many steps is cut into epochs."""

FEWEST, MOST = 20, 50


def epochs_of(num_steps):
    """Epochs that make 20 to 50 rows of a log, and as few steps too many as can be.

    Args:
        num_steps: int, the steps of the whole training.

    Returns:
        `epochs, steps_per_epoch`. Of equally good numbers of epochs, the largest.

    Example:

    ```python
    from keras_gan import runs

    runs.epochs_of(1000)  # (50, 20)
    ```
    """
    choices = range(min(FEWEST, num_steps), min(MOST, num_steps) + 1)
    epochs = min(choices, key=lambda number: (-num_steps % number, -number))
    return epochs, -(-num_steps // epochs)
