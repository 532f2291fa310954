"""Derivatives under TensorFlow: tapes that watch only what they are asked to."""

import keras
import tensorflow as tf


def train_step(model, data):
    """Run `model.learn` as it stands: `fit` has wrapped it in a `tf.function`."""
    return model.learn(data)


def settle(model):
    """Nothing to do: variables hold their values during `fit`."""


def gradients(loss_fn, variables):
    """The gradient of a loss with respect to variables.

    Args:
        loss_fn: function of nothing that returns `(loss, aux)`; what it changes
            in other variables (moving averages, seeds) stays changed.
        variables: list of Keras variables.

    Returns:
        `(loss, aux), grads`, the gradients in the order of the variables.
    """
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, aux = loss_fn()
    return (loss, aux), tape.gradient(loss, values)


def pullback(fn, variables):
    """Run a function now, and take its gradient later.

    Args:
        fn: function of nothing that returns a tensor.
        variables: list of Keras variables.

    Returns:
        `outputs, pull`. `pull(upstream)`, to be called once, takes the gradient
        of a loss with respect to the outputs and returns the gradients with
        respect to the variables.
    """
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        outputs = fn()
    return outputs, lambda upstream: tape.gradient(outputs, values, upstream)


def input_gradient(fn, inputs):
    """The gradient of a function with respect to its input.

    Within `gradients` the result can be differentiated again. The function is
    only looked at: what it would change in variables is dropped.

    Args:
        fn: function of one tensor; an output that is no scalar is summed.
        inputs: float tensor.

    Returns:
        `fn(inputs), gradient`, the gradient in the shape of the input.
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        with keras.StatelessScope():
            outputs = fn(inputs)
    return outputs, tape.gradient(outputs, inputs)
