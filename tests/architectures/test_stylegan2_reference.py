"""StyleGAN2 against its authors' networks: w, images, logits and both penalties."""

from types import SimpleNamespace

import keras
import numpy as np
import published
import pytest
from few_steps import as_one
from keras import ops
from published import FIXTURES, channels_last, part_of

from keras_gan import backend, penalties
from keras_gan.convert import stylegan2

# The third file has the same discriminator as the first.
WITH_DISCRIMINATOR = pytest.mark.parametrize(
    "reference", ["skip", "skip_conditional"], indirect=True
)


def assert_close(values, expected):
    """The files hold the first examples only of what does not depend on the batch."""
    published.assert_close(values[: len(expected)], expected)


def not_clipped(generator):
    """The synthesis network up to the clip of images to [-1, 1]."""
    images = generator.synthesis.get_layer("output_range").input
    return keras.Model(generator.synthesis.inputs, images)


@pytest.fixture(scope="module", params=["skip", "resnet", "skip_conditional"])
def reference(request):
    """Networks here with the published weights, and the published values."""
    file = dict(np.load(FIXTURES / f"stylegan2_{request.param}.npz"))
    io, labels = part_of(file, "io"), None
    if "conditional" in request.param:
        labels = ops.convert_to_tensor(io["c"].argmax(axis=1).astype("int32"))
    generator = stylegan2.stylegan2_generator(part_of(file, "generator"))
    latents = ops.convert_to_tensor(io["z"])
    synthesis = not_clipped(generator)
    return SimpleNamespace(
        file=file,
        io=io,
        labels=labels,
        generator=generator,
        synthesis=as_one(lambda w: synthesis(w)),
        w=generator.mapping(latents if labels is None else [latents, labels]),
    )


def nchw(images):
    return ops.transpose(images, (0, 3, 1, 2))


def test_w(reference):
    generator, io = reference.generator, reference.io
    assert_close(generator.per_layer(reference.w), io["ws"])
    truncated = generator.truncate(reference.w, 0.7)
    assert_close(generator.per_layer(truncated), io["ws_psi_0.7"])


def test_truncation_with_a_cutoff(reference):
    """The first layers are truncated, and the others are not."""
    io = reference.io
    w = ops.convert_to_numpy(reference.generator.truncate(reference.w, 0.7, cutoff=3))
    assert_close(w[:, :3], io["ws_psi_0.7"][:, :3])
    assert_close(w[:, 3:], io["ws"][:, 3:])


def test_images_with_constant_noise(reference):
    io = reference.io
    images = reference.synthesis(ops.convert_to_tensor(io["ws"]))
    assert_close(nchw(images), io["images_noise_const"])
    truncated = reference.generator.truncate(reference.w, 0.7)
    images = reference.synthesis(reference.generator.per_layer(truncated))
    assert_close(nchw(images), io["images_psi_0.7_noise_const"])


@pytest.mark.backends(
    "tensorflow", "torch", reason="JAX computes images with noise above"
)
def test_images_without_noise(reference):
    state = part_of(reference.file, "generator")
    generator = stylegan2.stylegan2_generator(state, noise="none")
    synthesis = not_clipped(generator)
    images = as_one(lambda w: synthesis(w))(generator.per_layer(reference.w))
    assert_close(nchw(images), reference.io["images_noise_none"])


@pytest.mark.backends("tensorflow", "torch", reason="JAX computes these images above")
def test_a_user_gets_the_same_images_in_range(reference):
    latents = ops.convert_to_tensor(reference.io["z"])
    inputs = latents if reference.labels is None else [latents, reference.labels]
    images = as_one(lambda inputs: reference.generator(inputs))(inputs)
    expected = np.clip(reference.io["images_noise_const"], -1, 1)
    assert_close(nchw(images), expected)


def test_path_lengths(reference):
    """Of the first example alone in the conditional file.

    The second has an activation 2e-7 from the kink of LeakyReLU. Rounding decides its
    sign, and both gradients are right: they differ by 1.4e-4 of the largest value.
    """
    io = reference.io
    num = len(io["path_noise"])
    noise = channels_last(io["path_noise"])

    def project(w):
        return ops.sum(reference.synthesis(w) * noise)

    w = ops.convert_to_tensor(io["ws"][:num])
    _, gradient = as_one(lambda w: backend.input_gradient(project, w))(w)
    assert_close(gradient, io["path_gradient_by_ws"])
    assert_close(penalties.PathLength().lengths(gradient), io["path_lengths"])


def discriminator_of(reference):
    state = part_of(reference.file, "discriminator")
    network = stylegan2.stylegan2_discriminator(state)

    def discriminate(images):
        if reference.labels is None:
            return network(images)
        return network([images, reference.labels])

    return discriminate


@WITH_DISCRIMINATOR
def test_logits(reference):
    discriminate = discriminator_of(reference)
    images = channels_last(reference.io["images_noise_const"])
    assert_close(
        as_one(discriminate)(images), reference.io["logits_of_images_noise_const"]
    )


@WITH_DISCRIMINATOR
def test_r1(reference):
    """`cost` is half the squared norm; the fixture holds the squared norm."""
    discriminate = discriminator_of(reference)
    images = channels_last(reference.io["images_noise_const"])
    differentiate = as_one(lambda x: backend.input_gradient(discriminate, x))
    _, gradient = differentiate(images)
    assert_close(nchw(gradient), reference.io["r1_gradient"])
    cost = penalties.R1(1.0).cost(gradient)
    assert_close(2 * cost, reference.io["r1_per_image"])
