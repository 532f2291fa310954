"""State dicts of StyleGAN2 that cannot be converted: the error names what is wrong."""

from pathlib import Path

import numpy as np
import pytest

from keras_gan import architectures, convert
from keras_gan.convert import stylegan2

pytestmark = pytest.mark.backends("tensorflow", reason="names and shapes of arrays")

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def states():
    file = np.load(FIXTURES / "stylegan2_skip.npz")
    return [
        {k[len(p) :]: file[k] for k in file if k.startswith(p)}
        for p in ("generator/", "discriminator/")
    ]


def test_what_it_is_is_recognised(states):
    generator, discriminator = map(convert.convert, states)
    assert isinstance(generator, architectures.StyleGenerator)
    assert discriminator.input_shape == (None, 32, 32, 3)
    path = FIXTURES / "stylegan2_skip_conditional.npz"
    conditional = convert.convert(path, part="generator", noise="none")
    sampler = convert.sampler(conditional)
    assert sampler.num_classes == 3
    assert sampler.generate(2, seed=0, truncation_psi=0.7).shape == (2, 32, 32, 3)


def test_missing_unknown_and_misshaped(states):
    generator, discriminator = states
    generator["synthesis.b8.conv0.noise_const"] = np.zeros((9, 9))
    with pytest.raises(ValueError, match=r"differ: synthesis\.b8\.conv0\.noise_const"):
        stylegan2.stylegan2_generator(generator)
    generator.pop("synthesis.b8.conv1.affine.bias")
    generator["synthesis.b8.extra.weight"] = np.zeros(3)
    with pytest.raises(ValueError, match="is not that of the StyleGAN2 gen") as error:
        stylegan2.stylegan2_generator(generator)
    assert "lacks synthesis.b8.conv1.affine.bias" in str(error.value)
    assert "has not, synthesis.b8.extra.weight" in str(error.value)
    discriminator.pop("b8.conv1.weight")
    with pytest.raises(ValueError, match=r"it lacks b8\.conv1\.weight"):
        stylegan2.stylegan2_discriminator(discriminator)
    with pytest.raises(ValueError, match=r"it lacks mapping\.w_avg"):
        stylegan2.stylegan2_generator(discriminator)


def test_other_kinds_of_networks(states):
    generator, discriminator = states
    plain = {k: v for k, v in discriminator.items() if ".skip." not in k}
    with pytest.raises(ValueError, match="has no residual connections"):
        stylegan2.stylegan2_discriminator(plain)
    gaps = {k: v for k, v in generator.items() if not k.startswith("synthesis.b16.")}
    with pytest.raises(ValueError, match=r"sizes \[4, 8, 32\]. Expected \[4, 8, 16\]"):
        stylegan2.stylegan2_generator(gaps)
    generator["synthesis.b8.conv0.resample_filter"] = np.ones((4, 4)) / 16
    with pytest.raises(ValueError, match=r"resample_filter' is not the filter \[1, 3"):
        stylegan2.stylegan2_generator(generator)
