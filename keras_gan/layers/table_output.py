"""The last layer of a generator of tables: ranks and one-hot blocks."""

import math

import keras
from keras import ops

from keras_gan.layers.rank_code import RankCode
from keras_gan.validation import arguments

_FORCED = 60.0  # far above any logit, so that a condition is always met


@keras.saving.register_keras_serializable(package="keras_gan")
class TableOutput(keras.layers.Layer):
    """Turn scores and logits into the row of a table, as `TableCodec` codes it.

    Numbers: a normal score becomes a rank, from -1 to 1, and its `RankCode`, which is
    zero for a number that is missing. Classes: logits and Gumbel noise become a one-hot
    vector, with the gradient of a softmax (straight-through). Where the condition names
    a class, it is this one.

    It takes `[scores, logits, noise, condition]`: normal scores of the numbers, logits
    of all blocks, standard normal noise and a condition of the same size, zeros for
    none. Without blocks it takes the scores alone.

    Args:
        edges: list of a list for each number: the rising edges of the intervals of its
            code, from -1 to 1.
        block_sizes: list of ints, the sizes of the one-hot blocks.
        missing_blocks: list of ints, for each number the index of the block whose class
            says whether it is missing, or -1.
        missing_classes: list of ints, for each number the class that says so, or -1.
        temperature: float, of the softmax.

    Example:

    ```python
    layer = keras_gan.layers.TableOutput([[-1, 1]], [2], [-1], [-1])
    logits, zeros = keras.ops.array([[0.0, 3.0]]), keras.ops.zeros((1, 2))
    layer([keras.ops.zeros((1, 1)), logits, zeros, zeros])  # [[0, 0, 1]]
    ```

    Jang et al. 2017, "Categorical Reparameterization with Gumbel-Softmax",
    arXiv:1611.01144.
    """

    def __init__(
        self,
        edges,
        block_sizes,
        missing_blocks,
        missing_classes,
        temperature: float = 0.5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.edges = [[float(e) for e in each] for each in edges]
        self._code = RankCode(self.edges, dtype="float32")
        self.block_sizes = [int(size) for size in block_sizes]
        self.missing_blocks = [int(index) for index in missing_blocks]
        self.missing_classes = [int(index) for index in missing_classes]
        self.temperature = arguments.finite("temperature", temperature)

    def build(self, input_shape):
        self._code.build(_first(input_shape))

    def call(self, inputs):
        inputs = inputs if isinstance(inputs, list | tuple) else [inputs]
        scores, *rest = (ops.cast(x, "float32") for x in inputs)
        parts = blocks = []
        if self.block_sizes:
            logits, noise, condition = rest
            parts = blocks = self._classes(logits + _FORCED * condition, noise)
        if self.edges:
            parts = [self._codes(scores, blocks), *parts]
        return ops.cast(ops.concatenate(parts, axis=-1), self.compute_dtype)

    def _codes(self, scores, blocks):
        codes = self._code(ops.erf(scores / math.sqrt(2)))
        if max(self.missing_blocks) < 0:
            return codes
        present, ones = [], ops.ones_like(codes[:, :1])
        missing = zip(self.missing_blocks, self.missing_classes, strict=True)
        for edges, (block, kind) in zip(self.edges, missing, strict=True):
            each = ones if block < 0 else 1.0 - blocks[block][:, kind : kind + 1]
            present.append(ops.repeat(each, len(edges) - 1, axis=-1))
        return codes * ops.concatenate(present, axis=-1)

    def _classes(self, logits, noise):
        """Return the blocks, drawn by the Gumbel noise that normal noise becomes."""
        uniform = 0.5 + 0.5 * ops.erf(noise / math.sqrt(2))
        uniform = ops.clip(uniform, 1e-6, 1.0 - 1e-6)
        logits = logits - ops.log(-ops.log(uniform))
        blocks, start = [], 0
        for size in self.block_sizes:
            block = logits[:, start : start + size]
            start += size
            if size == 1:
                blocks.append(ops.ones_like(block))
                continue
            soft = ops.softmax(block / self.temperature, axis=-1)
            hard = ops.one_hot(ops.argmax(block, axis=-1), size, dtype="float32")
            blocks.append(soft + ops.stop_gradient(hard - soft))
        return blocks

    def compute_output_shape(self, input_shape):
        num_codes = sum(len(edges) - 1 for edges in self.edges)
        return (_first(input_shape)[0], num_codes + sum(self.block_sizes))

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "edges": self.edges,
            "block_sizes": self.block_sizes,
            "missing_blocks": self.missing_blocks,
            "missing_classes": self.missing_classes,
            "temperature": self.temperature,
        }


def _first(shapes):
    """Return the first of several shapes, or the only one."""
    return shapes[0] if isinstance(shapes[0], list | tuple) else shapes
