"""Do networks know as many classes as they are to be told?"""

import keras


def check_num_classes(player: str, network: keras.Model, num_classes: int) -> None:
    """Check the layers that look labels up: embeddings, one-hot codes and our own.

    An embedding of too few classes gives NaN, another's vector or an error from deep
    inside the backend, as the backend likes. Networks that are subclasses of
    `keras.Model` do not tell what they do with labels.

    Args:
        player: str, for the error.
        network: a `keras.Model` whose second input is the labels.
        num_classes: int.

    Raises:
        ValueError: if a layer knows fewer classes.
    """
    inputs = getattr(network, "inputs", None) or ()
    for layer, known in _lookups(network, inputs[1]) if len(inputs) > 1 else ():
        if known < num_classes:
            raise ValueError(
                f"The {player} knows {known} classes, by its layer {layer.name!r}, and "
                f"{num_classes} were asked for. Build it and the GAN with one number: "
                f"num_classes={known}, or {num_classes}."
            )


def known_classes(network: keras.Model) -> int | None:
    """Return how many classes a network knows, whose second input is the labels."""
    inputs = getattr(network, "inputs", None) or ()
    found = _lookups(network, inputs[1]) if len(inputs) > 1 else ()
    return min((known for _, known in found), default=None)


def _lookups(network, labels):
    """Find the layers that take the labels, and how many classes each of them knows."""
    for operation in network.operations:
        for node in operation._inbound_nodes:
            taken = [t is labels for t in node.input_tensors]
            if not any(taken):
                continue
            known = _num_known(getattr(operation, "layer", operation))
            if known is not None:
                yield operation, known
            elif getattr(operation, "inputs", None):  # a network in the network
                yield from _lookups(operation, operation.inputs[taken.index(True)])
            elif len(taken) == 1 and not getattr(operation, "weights", ()):
                yield from _lookups(network, node.output_tensors[0])


def _num_known(layer):
    if isinstance(layer, keras.layers.Embedding):
        return layer.input_dim
    if isinstance(layer, keras.layers.CategoryEncoding):
        return layer.num_tokens
    return getattr(layer, "num_classes", None)
