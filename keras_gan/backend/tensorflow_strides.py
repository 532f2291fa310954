"""Convolutions of stride 2 between an image and many channels, on a processor.

Where the large side has few channels, as images have, the library behind TensorFlow
is slow in one of the three directions: from the small side to the large one, which is
what a generator's last layer does and what brings a gradient to a discriminator's
input. That direction is computed here as a convolution of stride 1 that makes four
neighbouring pixels as channels, which are then laid side by side (Shi et al. 2016,
"Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
Convolutional Neural Network", arXiv:1609.05158). The numbers are the same, sums are
taken in another order.

`halve` and `double` are each other's transpose, and each is the other's gradient.
"""

import tensorflow as tf

STRIDES = [1, 2, 2, 1]


def halve(images, kernel):
    """A convolution of stride 2 with "same" padding.

    Args:
        images: tensor `(batch, height, width, few)`, height and width even.
        kernel: tensor `(rows, columns, few, many)`, of 2 to 6 rows and columns.

    Returns:
        Tensor `(batch, height / 2, width / 2, many)`.
    """

    @tf.custom_gradient
    def convolve(images, kernel):
        def gradient(upstream):
            return double(upstream, kernel), _of_kernel(images, kernel, upstream)

        return tf.nn.conv2d(images, kernel, STRIDES, "SAME"), gradient

    return convolve(images, tf.convert_to_tensor(kernel))


def double(features, kernel):
    """The transpose of `halve`.

    Args:
        features: tensor `(batch, height, width, many)`.
        kernel: as for `halve`.

    Returns:
        Tensor `(batch, 2 height, 2 width, few)`.
    """

    @tf.custom_gradient
    def convolve(features, kernel):
        def gradient(upstream):
            return halve(upstream, kernel), _of_kernel(upstream, kernel, features)

        pixels = tf.nn.conv2d(features, _four_at_once(kernel), 1, "SAME")
        return tf.nn.depth_to_space(pixels, 2), gradient

    return convolve(features, tf.convert_to_tensor(kernel))


def _of_kernel(images, kernel, features):
    """The gradient of both with respect to the kernel."""
    return tf.raw_ops.Conv2DBackpropFilter(
        input=images,
        filter_sizes=tf.shape(kernel),
        out_backprop=features,
        strides=STRIDES,
        padding="SAME",
    )


def _four_at_once(kernel):
    """The kernel that makes the four pixels of a 2 x 2 block as channels.

    Pixel 2i + a takes from feature i - d what the kernel holds at 2d + a + front,
    with d from -1 to 1: the kernel within 6 x 6 zeros, cut into 2 x 2 blocks.
    """
    rows, columns, few, many = kernel.shape
    kernel = tf.pad(kernel, [_margins(rows), _margins(columns), (0, 0), (0, 0)])
    blocks = tf.reshape(kernel, (3, 2, 3, 2, few, many))  # (d, a, d', a', ...)
    blocks = tf.reverse(blocks, [0, 2])
    blocks = tf.transpose(blocks, (0, 2, 5, 1, 3, 4))  # (d, d', many, a, a', few)
    return tf.reshape(blocks, (3, 3, many, 4 * few))


def _margins(size):
    front = (size - 2) // 2  # what "same" padding puts before the first pixel
    return 2 - front, 4 + front - size
