"""Derivatives under torch: no graph is kept but where one is asked for."""

import contextlib

import keras
import numpy as np
import torch


def train_step(model, data):
    """Run `model.run_step` with gradients off; the functions below turn them on."""
    with torch.no_grad():
        return model.run_step(data)


def should_jit_compile():
    """Whether a step is compiled as a whole, unless the user says.

    Not by `torch.compile`, which cannot follow `autograd.grad` into a step.
    """
    return False


def jit(fn):
    """Run a function of tensors with gradients off, and compile nothing."""
    return torch.no_grad()(fn)


def accelerator_has_bfloat16():
    """Whether the accelerator multiplies in bfloat16; None without an accelerator."""
    if not torch.cuda.is_available():
        return None
    return torch.cuda.is_bf16_supported(including_emulation=False)


def has_fast_strides():
    """No: Keras' convolutions of stride 2 are as they should be."""
    return False


halve = double = None  # nobody asks for them


def sync_state(model):
    """Do nothing: variables hold their values during `fit`."""


def joint_gradients(loss_fn, inputs, sources):
    """Return the gradients of several losses, from one forward pass.

    See `keras_gan/backend/tensorflow.py` for the contract of every function.
    """
    inputs = [tensor.detach().requires_grad_() for tensor in inputs]
    with torch.enable_grad():
        losses, aux = loss_fn(*inputs)
    gradients = []
    for i, (loss, group) in enumerate(zip(losses, sources, strict=True)):
        wanted = [inputs[s] if isinstance(s, int) else s.value for s in group]
        found = torch.autograd.grad(
            loss, wanted, retain_graph=i + 1 < len(losses), allow_unused=True
        )
        gradients.append(list(found))
    return keras.tree.map_structure(_detach, (list(losses), aux)), gradients


def vjp(fn, variables):
    """Run a function now; return its outputs and their vector-Jacobian product."""
    values = [variable.value for variable in variables]
    with torch.enable_grad():
        outputs = fn()

    def pull(upstream):
        return list(torch.autograd.grad(outputs, values, upstream, allow_unused=True))

    return outputs.detach(), pull


def input_gradient(fn, inputs):
    """Return a function's outputs, and their gradient with respect to its input."""
    differentiable_again = torch.is_grad_enabled()
    with torch.enable_grad(), _second_derivatives():
        inputs = inputs if inputs.requires_grad else inputs.detach().requires_grad_()
        outputs = fn(inputs)
        first = keras.tree.flatten(outputs)[0]
        (gradient,) = torch.autograd.grad(
            first.sum(), inputs, create_graph=differentiable_again
        )
    if differentiable_again:
        return outputs, gradient
    return keras.tree.map_structure(_detach, outputs), gradient


def control_dependency(done, values):
    """Return the same values: torch runs one operation after the other."""
    return values


def assert_divisible(inputs, number, complaint):
    """Return the inputs: shapes are known when a step runs."""
    return inputs


def apply_gradients(optimizer, gradients, variables, is_finite):
    """Apply an optimizer's update, unless the gradients are not finite."""
    if is_finite:
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


@contextlib.contextmanager
def _second_derivatives():
    """Let attention take the path that can be differentiated twice.

    The fused ones cannot. Layers that ask for flash attention themselves still get it.
    """
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        yield


def _detach(value):
    return value.detach() if isinstance(value, torch.Tensor) else value
