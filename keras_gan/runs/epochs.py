"""The number of epochs for a number of steps."""

MIN_EPOCHS, MAX_EPOCHS = 20, 50


def epochs_of(num_steps: int) -> tuple[int, int]:
    """Divide a training into 20 to 50 epochs, with as few extra steps as possible.

    Args:
        num_steps: int, the steps of the whole training. Fewer than 20 steps make an
            epoch each.

    Returns:
        `epochs, steps_per_epoch`. Their product is at least `num_steps`. Of equally
        good numbers of epochs, the largest.

    Example:

    ```python
    from keras_gan import runs

    runs.epochs_of(1000)  # (50, 20)
    ```
    """
    choices = range(min(MIN_EPOCHS, num_steps), min(MAX_EPOCHS, num_steps) + 1)
    epochs = min(choices, key=lambda number: (-num_steps % number, -number))
    return epochs, -(-num_steps // epochs)
