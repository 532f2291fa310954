"""The images of StyleGAN2's authors, from the server and from ONNX."""

import numpy as np
import pytest
import toy
from published import FIXTURES, assert_close, part_of

from keras_gan import convert
from keras_gan.convert import stylegan2
from keras_gan.export import runtimes
from keras_gan.serving import Client
from keras_gan.serving.locate import locate

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")
each_kind = pytest.mark.parametrize(
    "kind",
    [
        "skip_conditional",
        pytest.param("skip", marks=pytest.mark.slow),
        pytest.param("resnet", marks=pytest.mark.slow),
    ],
)


def published(kind):
    """A sampler of the published weights; what goes in, and the images, in range."""
    file = dict(np.load(FIXTURES / f"stylegan2_{kind}.npz"))
    io = part_of(file, "io")
    network = stylegan2.stylegan2_generator(part_of(file, "generator"))
    inputs = {"latents": io["z"].astype("float32")}
    if "conditional" in kind:
        inputs["labels"] = io["c"].argmax(axis=1).astype("int32")
    images = np.clip(io["images_noise_const"], -1, 1).transpose(0, 2, 3, 1)
    return convert.sampler(network), inputs, images


@each_kind
def test_the_server(kind, tmp_path):
    from keras_gan.serving.models import Models

    sampler, inputs, images = published(kind)
    sampler.export(tmp_path / kind)
    models = Models(locate(tmp_path))
    models.refresh()
    server = toy.Running(models, {})
    try:
        client = Client(f"{server.address}/v1/models/{kind}")
        assert_close(client.generate(**inputs)[: len(images)], images)
    finally:
        server.stop()


@each_kind
def test_onnx(kind, tmp_path):
    for package in runtimes.ONNX.packages:
        pytest.importorskip(package)
    sampler, inputs, images = published(kind)
    path = sampler.export(tmp_path / "style.onnx", format="onnx")
    made = runtimes.ONNX.run(path, inputs)
    assert_close(made[: len(images)], images)
