"""Picture files in a TensorFlow graph: to images in [-1, 1], and back to PNG."""

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


def decode_picture(files, image_shape: tuple):
    """Decode PNG or JPEG files to images, as `keras_gan.datasets` reads them.

    For 1 or 3 channels, transparent pixels are composed with white, and grey is made
    of colour as Pillow makes it (BT.601). For 2 or 4, which a JPEG file has not, the
    last channel is the alpha. The orientation in Exif data is not applied: the
    built-in server does that before.

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
            image = _on_white(_colours(file), channels)
        else:
            image = tf.io.decode_png(file, channels=channels)
        size = tf.shape(image)
        checks = [
            tf.debugging.assert_equal(
                size[axis], expected, f"The picture must be {expected} pixels {side}."
            )
            for axis, expected, side in ((0, height, "high"), (1, width, "wide"))
            if expected is not None
        ]
        with tf.control_dependencies(checks):
            return tf.cast(image, tf.float32) / 127.5 - 1.0

    signature = tf.TensorSpec(image_shape, "float32")
    return tf.map_fn(decode, files, fn_output_signature=signature)


def _colours(file):
    """Decode a PNG or JPEG file as uint8 RGBA `(height, width, 4)`."""
    import tensorflow as tf

    def jpeg():
        # The transform that Pillow uses, not the faster one.
        method = "INTEGER_ACCURATE"
        colours = tf.io.decode_jpeg(file, channels=3, dct_method=method)
        opaque = tf.fill(tf.concat([tf.shape(colours)[:2], [1]], 0), 255)
        return tf.concat([colours, tf.cast(opaque, tf.uint8)], axis=2)

    return tf.cond(
        tf.io.is_jpeg(file), jpeg, lambda: tf.io.decode_png(file, channels=4)
    )


def padded(images, multiple: int):
    """Continue images by their last row and column to multiples of a number.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        multiple: int, what the sides become multiples of.
    """
    import tensorflow as tf

    for axis in (1, 2):
        side = tf.shape(images)[axis]
        places = tf.minimum(tf.range(-(-side // multiple) * multiple), side - 1)
        images = tf.gather(images, places, axis=axis)
    return images


def cut(made, given, wanted):
    """Cut what was made of padded images to the part that was not padding.

    Args:
        made: tensor `(batch, height, width, channels)`.
        given: the padded images.
        wanted: the images before.
    """
    import tensorflow as tf

    sizes, after, before = tf.shape(made), tf.shape(given), tf.shape(wanted)
    return made[
        :, : sizes[1] * before[1] // after[1], : sizes[2] * before[2] // after[2]
    ]


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
