"""Two devices under JAX, by `keras.distribution.DataParallel`."""

import os

import pytest
from processes import assert_same, finish, start

pytestmark = pytest.mark.backends("jax", reason="keras.distribution is for JAX")


@pytest.fixture(scope="module")
def two_devices(tmp_path_factory):
    result = tmp_path_factory.mktemp("two") / "end.npz"
    flags = os.environ.get("XLA_FLAGS", "")
    flags += " --xla_force_host_platform_device_count=2"
    finish(start("jax", result, "cyclegan,steps,normalised,spoilt", XLA_FLAGS=flags))
    return result


@pytest.mark.parametrize("game", ["steps", "normalised", "spoilt", "cyclegan"])
def test_two_devices_end_where_one_does(two_devices, one_device, game):
    assert_same(two_devices, one_device, game)
