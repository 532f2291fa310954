"""Derivatives under torch: no graph is kept but where one is asked for."""

import keras
import torch


def train_step(model, data):
    """Run `model.learn` with gradients off; the functions below turn them on."""
    with torch.no_grad():
        return model.learn(data)


def settle(model):
    """Nothing to do: variables hold their values during `fit`."""


def gradients(loss_fn, variables):
    """The gradient of a loss with respect to variables.

    See `keras_gan/backend/tensorflow.py` for what every backend promises.
    """
    values = [variable.value for variable in variables]
    with torch.enable_grad():
        loss, aux = loss_fn()
    grads = torch.autograd.grad(loss, values, allow_unused=True)
    loss, aux = keras.tree.map_structure(_detach, (loss, aux))
    return (loss, aux), list(grads)


def pullback(fn, variables):
    """Run a function now, and take its gradient later."""
    values = [variable.value for variable in variables]
    with torch.enable_grad():
        outputs = fn()

    def pull(upstream):
        return list(torch.autograd.grad(outputs, values, upstream, allow_unused=True))

    return outputs.detach(), pull


def input_gradient(fn, inputs):
    """The gradient of a function with respect to its input."""
    differentiable_again = torch.is_grad_enabled()
    with torch.enable_grad(), keras.StatelessScope():
        inputs = inputs if inputs.requires_grad else inputs.detach().requires_grad_()
        outputs = fn(inputs)
        (gradient,) = torch.autograd.grad(
            outputs.sum(), inputs, create_graph=differentiable_again
        )
    if differentiable_again:
        return outputs, gradient
    return outputs.detach(), gradient


def _detach(value):
    return value.detach() if isinstance(value, torch.Tensor) else value
