"""R3GAN against its authors' networks: values, penalties, losses and gradients."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops
from published import FIXTURES, assert_close, channels_last, part_of

from keras_gan import architectures, backend, checkpoints
from keras_gan.convert.r3gan import from_published
from keras_gan.losses import RelativisticPairing
from keras_gan.penalties import R1, R2


@pytest.fixture(scope="module", params=["unconditional", "conditional"])
def reference(request):
    """Networks here with the published weights, and the published values."""
    file = dict(np.load(FIXTURES / f"r3gan_{request.param}.npz"))
    is_conditional = request.param == "conditional"
    networks = architectures.r3gan(
        (16, 16, 3),
        latent_dim=10,
        num_classes=3 if is_conditional else None,
        width=(24, 16, 8),
        num_blocks=(2, 1, 2),
        group_size=8,
    )
    variables = {}
    for network in networks:
        named = checkpoints.named({network.name: network})
        arrays = from_published(part_of(file, network.name))
        arrays = {f"{network.name}/{name}": array for name, array in arrays.items()}
        checkpoints.assign(named, arrays, "the published networks")
        variables[network.name] = named
    io = part_of(file, "io")
    labels = ops.convert_to_tensor(io["labels"], "int32") if is_conditional else None

    def call(network, data):
        inputs = data if labels is None else [data, labels]
        return network(inputs, training=True)  # not clipped

    generator, discriminator = networks
    return SimpleNamespace(
        file=file,
        io=io,
        variables=variables,
        generate=lambda latents: call(generator, latents),
        discriminate=lambda images: call(discriminator, images),
        latents=ops.convert_to_tensor(io["z"]),
        real=channels_last(io["real"]),
        fake=channels_last(io["fake"]),
    )


def test_images(reference):
    images = as_one(reference.generate)(reference.latents)
    images = ops.transpose(images, (0, 3, 1, 2))
    assert_close(images, reference.io["fake"])


@pytest.mark.parametrize("data", ["real", "fake"])
def test_logits(reference, data):
    logits = as_one(reference.discriminate)(getattr(reference, data))
    assert_close(logits[:, 0], reference.io[f"{data}_logits"])


@pytest.mark.parametrize(
    ("penalty", "data", "name"), [(R1, "real", "r1"), (R2, "fake", "r2")]
)
def test_penalties(reference, penalty, data, name):
    """`cost` is half the squared norm; the fixture holds the squared norm."""
    points = getattr(reference, data)
    discriminate = reference.discriminate
    _, gradient = as_one(lambda x: backend.input_gradient(discriminate, x))(points)
    assert_close(2 * penalty(1.0).cost(gradient), reference.io[f"{name}_per_image"])


def test_losses_of_each_image(reference):
    loss = RelativisticPairing()
    discriminate = as_one(reference.discriminate)
    real, fake = discriminate(reference.real), discriminate(reference.fake)
    pairs = [(real[i : i + 1], fake[i : i + 1]) for i in range(real.shape[0])]
    of_discriminator = [loss.discriminator_loss(r, f) for r, f in pairs]
    of_generator = [loss.generator_loss(f, r) for r, f in pairs]
    assert_close(ops.stack(of_discriminator), reference.io["d_loss_per_image"])
    assert_close(ops.stack(of_generator), reference.io["g_loss_per_image"])


def pairs_of_gradients(reference, name, loss_fn):
    """Return ours and the authors', for each weight of a network."""
    variables = reference.variables[name]
    gradients_fn = as_one(lambda: backend.gradients(loss_fn, [*variables.values()]))
    _, gradients = gradients_fn()
    expected = from_published(part_of(reference.file, f"{name}_gradient"))
    assert {f"{name}/{each}" for each in expected} == set(variables)
    return [
        (gradient, expected[variable.removeprefix(f"{name}/")])
        for variable, gradient in zip(variables, gradients, strict=True)
    ]


def assert_all_close(pairs):
    assert pairs
    for found, expected in pairs:
        assert_close(found, expected)


@pytest.mark.backends(
    "tensorflow", "torch", reason="the penalties above are a derivative on JAX"
)
def test_gradients_of_the_discriminator(reference):
    """Of mean(loss + gamma / 2 (R1 + R2)), differentiated twice."""
    gamma = float(reference.io["gamma"])

    def loss_fn():
        real = reference.discriminate(reference.real)
        fake = reference.discriminate(reference.fake)
        total = RelativisticPairing().discriminator_loss(real, fake)
        for penalty in (R1(gamma), R2(gamma)):
            total = total + penalty(
                reference.discriminate, reference.real, reference.fake, 0
            )
        return total, ()

    assert_all_close(pairs_of_gradients(reference, "discriminator", loss_fn))


@pytest.mark.backends(
    "tensorflow", "torch", reason="the penalties above are a derivative on JAX"
)
def test_gradients_of_the_generator(reference):
    def loss_fn():
        real = reference.discriminate(reference.real)
        fake = reference.discriminate(reference.generate(reference.latents))
        return RelativisticPairing().generator_loss(fake, real), ()

    assert_all_close(pairs_of_gradients(reference, "generator", loss_fn))


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match=r"no parameter 'MainLayers\.0\.Other'"):
        from_published({"MainLayers.0.Other": np.zeros(2)})


def test_equal_widths_need_no_parameter_between_stages():
    """A stage of the width of its neighbour changes its size only."""
    generator, _ = architectures.r3gan((8, 8, 1), 4, width=(8, 8), num_blocks=1)
    names = checkpoints.named({"generator": generator})
    assert not [name for name in names if "linear" in name]
    assert isinstance(generator, keras.Model)
