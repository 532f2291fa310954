"""PNG files in a TensorFlow graph: to images in [-1, 1], and back."""

from __future__ import annotations


def encode_png(images):
    """Encode images as PNG files.

    Args:
        images: float tensor `(batch, height, width, channels)`, in [-1, 1].

    Returns:
        A string tensor `(batch,)`.
    """
    import tensorflow as tf

    levels = tf.clip_by_value((images + 1.0) * 127.5, 0.0, 255.0)
    return tf.io.encode_png(tf.cast(tf.floor(levels + 0.5), tf.uint8))


def decode_png(files, image_shape: tuple):
    """Decode PNG files to images.

    Args:
        files: string tensor `(batch,)`.
        image_shape: `(height, width, channels)`. A side of None is free, but
            the same for all images of a batch.

    Returns:
        A float32 tensor `(batch, height, width, channels)`, in [-1, 1].
    """
    import tensorflow as tf

    height, width, channels = image_shape

    def decode(file):
        image = tf.io.decode_png(file, channels=channels)
        size = tf.shape(image)
        checks = [
            tf.debugging.assert_equal(
                size[axis], expected, f"The PNG must be {expected} pixels {side}."
            )
            for axis, expected, side in ((0, height, "high"), (1, width, "wide"))
            if expected is not None
        ]
        with tf.control_dependencies(checks):
            return tf.cast(image, tf.float32) / 127.5 - 1.0

    signature = tf.TensorSpec(image_shape, "float32")
    return tf.map_fn(decode, files, fn_output_signature=signature)


def is_picture(shape: tuple) -> bool:
    """Whether an example of this shape can be a PNG file."""
    return len(shape) == 3 and shape[-1] in (1, 2, 3, 4)
