"""Can a generator make black? Pictures are in [-1, 1] everywhere in this library."""

NEVER_NEGATIVE = (
    *("sigmoid", "hard_sigmoid", "softmax", "relu", "relu6", "softplus", "exponential"),
    *("hardsigmoid", "exp", "square", "abs"),
)
PASS_ON = ("Flatten", "Identity", "Permute", "Reshape", "UpSampling2D", "Cast")


def check_reaches_black(generator):
    """Check that a generator of pictures does not end in values above 0 only.

    Where Keras knows the last layers, those that only reorder values are passed over.

    Args:
        generator: `keras.Model`.

    Raises:
        ValueError: if no value of its pictures can be below 0.
    """
    outputs = getattr(generator, "outputs", None)
    if not outputs or len(outputs[0].shape) != 4:
        return
    name = _last_function(outputs[0])
    if name in NEVER_NEGATIVE:
        raise ValueError(
            f"The generator ends in a {name}, so no value of its images is below 0. "
            "Images are in [-1, 1] here, in training data, metrics and PNG files. End "
            "it in a tanh; or, after a sigmoid, add "
            "`keras.layers.Rescaling(2.0, offset=-1.0)`."
        )


def _last_function(tensor):
    """Return the name of the last function that changes values."""
    operation, node, index = tensor._keras_history
    kind = type(operation).__name__
    if getattr(operation, "outputs", None):  # a network in the network
        return _last_function(operation.outputs[index])
    inputs = operation._inbound_nodes[node].input_tensors
    activation = getattr(operation, "activation", None)
    name = getattr(activation, "__name__", None) or kind.lower()
    if kind in PASS_ON and len(inputs) == 1:
        return _last_function(inputs[0])
    return name
