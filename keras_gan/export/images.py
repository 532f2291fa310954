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
    """Decode PNG files to images, as `keras_gan.datasets` reads them.

    For 1 or 3 channels, transparent pixels are composed with white, and grey is made
    of colour as Pillow makes it (BT.601). For 2 or 4 the last channel is the alpha.

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
        if channels in (1, 3):
            image = _on_white(tf.io.decode_png(file, channels=4), channels)
        else:
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


def _on_white(pixels, channels):
    """Compose uint8 RGBA `(height, width, 4)` with white, as colour or grey levels."""
    import tensorflow as tf

    pixels = tf.cast(pixels, tf.int32)
    colour, alpha = pixels[..., :3], pixels[..., 3:]
    colour = (colour * alpha + 255 * (255 - alpha) + 127) // 255
    if channels == 3:
        return colour
    weights = tf.constant([19595, 38470, 7471])  # of BT.601, times 2 ** 16
    return (tf.reduce_sum(colour * weights, axis=-1, keepdims=True) + 2**15) // 2**16


def is_picture(shape: tuple) -> bool:
    """Whether an example of this shape can be a PNG file."""
    return len(shape) == 3 and shape[-1] in (1, 2, 3, 4)
