"""Images as the features of a frozen ImageNet network, mixed at random."""

import keras
import numpy as np
from keras import ops

from keras_gan._typing import Config, PathLike
from keras_gan.layers import resample
from keras_gan.pretrained import efficientnet_lite0, resize
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class ProjectedFeatures(keras.layers.Layer):
    """Return features of images at several scales, from a network that stays as it is.

    EfficientNet-Lite0 sees the images, resized. Its feature maps at 1/4, 1/8, 1/16 and
    1/32 of their size are mixed by fixed random weights: by a 1x1 convolution across
    channels, and from the smallest map to the largest, each mixed and doubled and added
    to the next, across scales. So each map that is returned depends on all that are
    smaller, and it is hard to fool one of them and not the others.

    Nothing here is trained. The random weights are weights of the layer and are saved
    with it. Those of EfficientNet-Lite0 are read anew wherever the layer is made, and
    no file holds them: a digest of them is saved, and other weights are refused.

    Args:
        size: int, to which the shorter side of the images is resized: a multiple of 32.
            The longer side becomes the nearest multiple of 32.
        num_scales: int from 1 to 4, how many of the feature maps are used, the largest
            first. What is not needed for them is not computed.
        width: int, the channels of the largest map. Of the others the last two have
            twice and four times as many.
        weights: see `keras_gan.architectures.projected_discriminator`.
        fingerprint: str, the digest that the weights must have; None for any. The
            configuration of a layer has it.
        **kwargs: those of `keras.layers.Layer`.

    Returns:
        A list of tensors `(batch, rows, columns, channels)`, at 1/2, 1/4, 1/8 and 1/16
        of the size.

    Raises:
        ImportError: if the package with the weights is not installed.
        ValueError: if the weights are not those of the fingerprint.

    Sauer et al. 2021, "Projected GANs Converge Faster", arXiv:2111.01007.
    """

    def __init__(
        self,
        size: int = 224,
        num_scales: int = 4,
        width: int = 64,
        weights: PathLike | None = "imagenet",
        fingerprint: str | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.size = arguments.multiple("size", size, efficientnet_lite0.MULTIPLE)
        self.num_scales = arguments.integer("num_scales", num_scales, 1, 4)
        self.width = arguments.integer("width", width)
        self.pretrained = weights if weights is None else str(weights)
        state = efficientnet_lite0.read(weights)
        self.fingerprint = efficientnet_lite0.fingerprint(state)
        self._check_fingerprint(fingerprint or self.fingerprint)
        self._saved = self.fingerprint
        # Hidden from Keras, so that no file holds the weights and no step sees them.
        self._hidden = _Hidden(state)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        height, width = self._resized(input_shape)
        scales = efficientnet_lite0.SCALES[: self.num_scales]
        state = self._hidden.state
        network = efficientnet_lite0.network((height, width, 3), scales, self.dtype)
        efficientnet_lite0.assign(network, state)
        network.trainable = False
        self._hidden.network, self._hidden.state = network, None
        self.digest = self.add_weight(
            name="fingerprint",
            shape=(8,),
            dtype="int32",
            initializer=lambda shape, dtype: ops.convert_to_tensor(self._digest()),
            trainable=False,
        )
        channels = [network.output[name].shape[-1] for name in scales]
        self.channel_kernels, self.scale_kernels = [], []
        for i in range(self.num_scales):
            mixed, made = self.width * 2**i, self._channels(i)
            kernel = self._add_kernel(f"channel_kernel_{i + 1}", channels[i], mixed)
            self.channel_kernels.append(kernel)
            kernel = self._add_kernel(f"scale_kernel_{i + 1}", mixed, made)
            self.scale_kernels.append(kernel)

    def _add_kernel(self, name, num_in, num_out):
        return self.add_weight(
            name=name,
            shape=(num_in, num_out),
            initializer="he_normal",
            trainable=False,
        )

    def _channels(self, index):
        return self.width * 2 ** max(index - 1, 0)

    def _resized(self, shape):
        sides = shape[1:3]
        if len(shape) != 4 or None in sides or shape[-1] not in (1, 3):
            raise ValueError(
                "EfficientNet-Lite0 sees grey or RGB images (batch, height, width, 1 "
                f"or 3) of a known size. Received: shape {tuple(shape)}"
            )
        unit = efficientnet_lite0.MULTIPLE
        scale = self.size / min(sides) / unit
        return tuple(unit * round(side * scale) for side in sides)

    def call(self, images: keras.KerasTensor) -> list[keras.KerasTensor]:
        x = resize.resize(ops.cast(images, "float32"), self._resized(images.shape))
        x = ops.cast(resize.to_rgb(x), self.compute_dtype)
        found = self._hidden.network(x, training=False)
        found = [found[n] for n in efficientnet_lite0.SCALES[: self.num_scales]]
        outputs, below = [], None
        for i in reversed(range(self.num_scales)):
            x = ops.matmul(found[i], self.channel_kernels[i])
            x = x if below is None else ops.add(x, below)
            # Mixed before it is doubled: the same values, a quarter of the cost.
            below = resample.double(ops.matmul(x, self.scale_kernels[i]))
            outputs.append(below)
        return outputs[::-1]

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> list[tuple[int | None, ...]]:
        height, width = self._resized(input_shape)
        return [
            (input_shape[0], height >> i + 1, width >> i + 1, self._channels(i))
            for i in range(self.num_scales)
        ]

    def _digest(self):
        return np.frombuffer(bytes.fromhex(self.fingerprint), "<i4")

    def load_own_variables(self, store):
        # After an error Keras asks once more, with nothing, and reports that error.
        if "0" in store.keys():  # noqa: SIM118, a store is no dict
            self._saved = np.asarray(store["0"], "<i4").tobytes().hex()
        self._check_fingerprint(self._saved)
        super().load_own_variables(store)

    def _check_fingerprint(self, expected):
        if expected != self.fingerprint:
            raise ValueError(
                f"The file is of a discriminator that saw through weights with the "
                f"digest {expected[:16]}..., and those of weights={self.pretrained!r} "
                f"have {self.fingerprint[:16]}... Pass the file of weights that it was "
                "trained with."
            )

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "size": self.size,
            "num_scales": self.num_scales,
            "width": self.width,
            "weights": self.pretrained,
            "fingerprint": self.fingerprint,
        }


class _Hidden:
    """Holds the network: Keras tracks what is an attribute of a layer, not this."""

    def __init__(self, state):
        self.state, self.network = state, None
