"""Derivatives under torch: no graph is kept but where one is asked for."""

import keras
import numpy as np
import torch


def train_step(model, data):
    """Run `model.learn` with gradients off; the functions below turn them on."""
    with torch.no_grad():
        return model.learn(data)


def should_jit_compile():
    """Whether a step is compiled as a whole, unless the user says.

    Not by `torch.compile`, which cannot follow `autograd.grad` into a step.
    """
    return False


def has_fast_strides():
    """No: Keras' convolutions of stride 2 are as they should be."""
    return False


halve = double = None  # nobody asks for them


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
    with torch.enable_grad():
        inputs = inputs if inputs.requires_grad else inputs.detach().requires_grad_()
        outputs = fn(inputs)
        first = keras.tree.flatten(outputs)[0]
        (gradient,) = torch.autograd.grad(
            first.sum(), inputs, create_graph=differentiable_again
        )
    if differentiable_again:
        return outputs, gradient
    return keras.tree.map_structure(_detach, outputs), gradient


def pullbacks(fn, variables, inputs):
    """Run a function now, and take two gradients of that one pass later."""
    values = [variable.value for variable in variables]
    inputs = inputs.detach().requires_grad_()
    with torch.enable_grad():
        outputs = fn(inputs)

    def pull(upstream, sources):
        pairs = [
            (output, u)
            for output, u in zip(outputs, upstream, strict=True)
            if u is not None and output.requires_grad
        ]
        targets, upstream = zip(*pairs, strict=True)
        return torch.autograd.grad(
            targets, sources, upstream, retain_graph=True, allow_unused=True
        )

    return (
        [output.detach() for output in outputs],
        lambda upstream: list(pull(upstream, values)),
        lambda upstream: pull(upstream, [inputs])[0],
    )


def looking(fn):
    """A function that only looks: what `fn` would change in variables is dropped."""

    def look(*args):
        with keras.StatelessScope():
            return fn(*args)

    return look


def after(done, values):
    """The same values: torch does one thing after the other."""
    return values


def divisible(inputs, number, complaint):
    """Nothing to do: shapes are known."""
    return inputs


def apply(optimizer, gradients, variables, sound):
    """Take an optimizer's step, unless the gradients are unsound."""
    if sound:
        optimizer.apply(gradients, variables)


def move_averages(averages, variables, decay):
    """Move averages towards variables: `decay * average + (1 - decay) * variable`."""
    torch._foreach_lerp_(
        [average.value.data for average in averages],
        [variable.value.data for variable in variables],
        1.0 - float(decay),
    )


def normalize_batch(inputs, gamma, beta, epsilon):
    """Batch normalisation over all axes but the last, in one kernel."""
    channels_first = inputs.movedim(-1, 1)
    outputs = torch.nn.functional.batch_norm(
        channels_first, None, None, gamma, beta, training=True, eps=epsilon
    )
    axes = tuple(range(inputs.ndim - 1))
    with torch.no_grad():
        variance, mean = torch.var_mean(inputs.float(), axes, correction=0)
    return outputs.movedim(1, -1), mean, variance


def keep_mask(shape, rate, seed):
    """A random mask, False with probability `rate`, from 16 bits for each value."""
    # torch's generator looks at 32 bits of its seed: spread both words over them.
    mixed = np.random.SeedSequence([int(word) for word in seed]).generate_state(1)
    device = keras.ops.zeros(()).device
    generator = torch.Generator(device).manual_seed(int(mixed[0]))
    bits = torch.empty(tuple(shape), dtype=torch.int32, device=device)
    return bits.random_(2**16, generator=generator) >= round(rate * 2**16)


def _detach(value):
    return value.detach() if isinstance(value, torch.Tensor) else value
