"""What each backend says about an accelerator, which these machines need not have."""

from types import SimpleNamespace

import pytest

from keras_gan import backend

COMPUTE_CAPABILITIES = pytest.mark.parametrize(
    ("capability", "expected"), [((7, 5), False), ((8, 0), True), ((12, 0), True)]
)


@pytest.mark.backends("tensorflow", reason="TensorFlow's list of devices")
@COMPUTE_CAPABILITIES
def test_tensorflow(monkeypatch, capability, expected):
    import tensorflow as tf

    def devices(kind):
        return [f"/physical_device:{kind}:0"] if kind == "GPU" else []

    details = {"compute_capability": capability}
    monkeypatch.setattr(tf.config, "list_physical_devices", devices)
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: details
    )
    assert backend.accelerator_has_bfloat16() is expected


@pytest.mark.backends("tensorflow", reason="TensorFlow's list of devices")
def test_tensorflow_on_a_tpu(monkeypatch):
    import tensorflow as tf

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["device"])
    assert backend.accelerator_has_bfloat16() is True


@pytest.mark.backends("jax", reason="JAX' list of devices")
@COMPUTE_CAPABILITIES
def test_jax(monkeypatch, capability, expected):
    import jax

    text = ".".join(map(str, capability))
    gpu = SimpleNamespace(platform="gpu", compute_capability=text)
    monkeypatch.setattr(jax, "devices", lambda: [gpu])
    assert backend.accelerator_has_bfloat16() is expected


@pytest.mark.backends("torch", reason="torch's list of devices")
@pytest.mark.parametrize("supported", [True, False])
def test_torch(monkeypatch, supported):
    import torch

    def is_supported(including_emulation):
        assert not including_emulation
        return supported

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", is_supported)
    assert backend.accelerator_has_bfloat16() is supported
