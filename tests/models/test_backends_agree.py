"""Five steps from equal weights end at equal weights on every backend.

Each other backend runs in a process of its own. The noise, which every backend draws
in its own way, is replaced by the same fixed latents.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

CASES = ["plain", "shared", "penalties", "relativistic"]

STEPS = '''
import sys
import keras
import numpy as np
from keras import ops
import keras_gan
from keras_gan import penalties

class Fixed(keras_gan.latents.Normal):
    """The same latents at every step."""

    def sample(self, num_samples, seed=None):
        latents = np.random.default_rng(1).normal(size=(64, self.latent_dim))
        return ops.convert_to_tensor(latents.astype("float32"))[:num_samples]

settings = {
    "plain": dict(discriminator_steps=2),
    "shared": dict(share_fakes=True),
    "penalties": dict(
        loss="hinge",
        discriminator_penalties=[penalties.R1(0.5, interval=2), penalties.R2(0.1)],
    ),
    "relativistic": dict(
        loss="relativistic_pairing",
        discriminator_penalties=[penalties.R1(0.5)],
        share_fakes=True,
    ),
}

def adam():
    # With its usual epsilon, Adam's first steps are the signs of gradients, and
    # the sign of a gradient of 1e-9 is anybody's guess.
    return keras.optimizers.Adam(1e-3, beta_1=0.5, epsilon=1e-4)

for case in sys.argv[2:]:
    pair = keras_gan.architectures.dcgan(
        (8, 8, 1),
        6,
        width=4,
        kernel_size=4,
        discriminator_batch_norm="penalties" not in settings[case],
    )
    gan = keras_gan.GAN(*pair, prior=Fixed(6))
    rng = np.random.default_rng(0)
    for weight in gan.weights:
        value = rng.normal(0, 0.1, weight.shape)
        weight.assign(np.abs(value) + 0.5 if weight.ndim == 1 else value)
    gan.compile(adam(), adam(), ema=keras_gan.EMA(50), **settings[case])
    images = rng.uniform(-1, 1, (5 * 16, 8, 8, 1)).astype("float32")
    gan.fit(images, batch_size=16, shuffle=False, verbose=0)
    weights = [ops.convert_to_numpy(weight) for weight in gan.weights]
    np.savez(f"{sys.argv[1]}/{case}.npz", *weights)
'''

BACKENDS = [b for b in ("tensorflow", "jax", "torch") if importlib.util.find_spec(b)]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """The weights after five steps, by backend and case."""
    found = {}
    for backend in BACKENDS:
        folder = tmp_path_factory.mktemp(backend)
        arguments = ["-c", str(folder), *CASES]
        if backend == keras.backend.backend():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sys, "argv", arguments)
                exec(STEPS, {"__name__": "steps"})
        else:
            subprocess.run(
                [sys.executable, "-c", STEPS, *arguments[1:]],
                env={**os.environ, "KERAS_BACKEND": backend},
                check=True,
            )
        found[backend] = {case: load(folder / f"{case}.npz") for case in CASES}
    return found


def load(path: Path):
    with np.load(path) as arrays:
        return [arrays[name] for name in arrays.files]


@pytest.mark.backends("tensorflow", reason="it starts the other backends itself")
@pytest.mark.parametrize("case", CASES)
def test_five_steps_agree(weights, case):
    if len(weights) < 2:
        pytest.skip("only one backend is installed")
    first, *others = weights
    assert len(weights[first][case]) > 15
    for other in others:
        pairs = zip(weights[first][case], weights[other][case], strict=True)
        for a, b in pairs:
            np.testing.assert_allclose(a, b, atol=1e-4, err_msg=f"{first}, {other}")
