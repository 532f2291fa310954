"""The client, against the built-in server and a gRPC one on the official stubs."""

import concurrent.futures
import io

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gan
from keras_gan.pixels import to_uint8
from keras_gan.serving import Client, ServingError

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


@pytest.fixture(scope="module")
def negative(tmp_path_factory):
    """A network from pictures of any size to their negatives, and its folder."""
    inputs = keras.Input((None, None, 1))
    network = keras.Model(inputs, keras.layers.Conv2D(1, 1)(inputs), name="negative")
    network.set_weights([np.full((1, 1, 1, 1), -1.0), np.zeros(1)])
    return keras_gan.Sampler(network).export(tmp_path_factory.mktemp("n") / "negative")


@pytest.fixture(scope="module")
def grpc_address(models, negative):
    """A PredictionService as TensorFlow Serving has it, for three models."""
    grpc = pytest.importorskip("grpc", reason="gRPC needs grpcio")
    pytest.importorskip("tensorflow_serving", reason="needs tensorflow-serving-api")
    import tensorflow as tf
    from tensorflow.core.protobuf import saved_model_pb2
    from tensorflow_serving.apis import (
        get_model_metadata_pb2,
        predict_pb2,
        prediction_service_pb2_grpc,
    )

    signatures, definitions = {}, {}
    folders = {name: models / name / "1" for name in ("plain", "classes")}
    for name, folder in {**folders, "negative": negative}.items():
        model = tf.saved_model.load(str(folder))
        signatures[name] = (model, model.signatures)
        proto = saved_model_pb2.SavedModel()
        proto.ParseFromString((folder / "saved_model.pb").read_bytes())
        definitions[name] = proto.meta_graphs[0].signature_def

    class Service(prediction_service_pb2_grpc.PredictionServiceServicer):
        calls = 0

        def Predict(self, request, context):
            Service.calls += 1
            if Service.calls == 1:  # busy at first: the client tries again
                context.abort(grpc.StatusCode.UNAVAILABLE, "warming up")
            spec = request.model_spec
            if spec.name not in signatures:
                reason = f"Servable not found for request: Latest({spec.name})"
                context.abort(grpc.StatusCode.NOT_FOUND, reason)
            function = signatures[spec.name][1][spec.signature_name]
            inputs = {
                k: tf.constant(tf.make_ndarray(v)) for k, v in request.inputs.items()
            }
            try:
                outputs = function(**inputs)
            except tf.errors.InvalidArgumentError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, error.message)
            answer = predict_pb2.PredictResponse()
            for name, value in outputs.items():
                answer.outputs[name].CopyFrom(tf.make_tensor_proto(value.numpy()))
            return answer

        def GetModelMetadata(self, request, context):
            answer = get_model_metadata_pb2.GetModelMetadataResponse()
            signature_map = get_model_metadata_pb2.SignatureDefMap()
            for name, definition in definitions[request.model_spec.name].items():
                signature_map.signature_def[name].CopyFrom(definition)
            answer.metadata["signature_def"].Pack(signature_map)
            return answer

    server = grpc.server(
        concurrent.futures.ThreadPoolExecutor(2),
        options=[("grpc.max_send_message_length", -1)],
    )
    add = prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server
    add(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"grpc://127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture(params=["rest", "grpc"])
def connect(request):
    """From a model's name to a client of it."""
    if request.param == "rest":
        address = request.getfixturevalue("address")
        return lambda name, **options: Client(f"{address}/v1/models/{name}", **options)
    address = request.getfixturevalue("grpc_address")
    return lambda name, **options: Client(f"{address}/{name}", **options)


def test_generate_makes_the_images_that_keras_makes(connect, plain, latents):
    images = connect("plain").generate(latents)
    assert images.dtype == np.float32
    np.testing.assert_allclose(images, plain(latents, training=False), atol=1e-5)


def test_pictures_are_translated_over_grpc(grpc_address, tmp_path):
    client = Client(f"{grpc_address}/negative")
    levels = np.arange(0, 240, 2, "uint8").reshape(2, 6, 10, 1)
    expected = 1 - levels / 127.5
    np.testing.assert_allclose(client.translate(levels), expected, atol=1e-5)
    np.testing.assert_allclose(client.translate(levels[1]), expected[1], atol=1e-5)
    path = tmp_path / "photo.png"
    Image.fromarray(levels[0, ..., 0]).save(path)
    for picture in (path, path.read_bytes()):
        made = client.translate(picture)
        np.testing.assert_allclose(made, expected[0], atol=1 / 127)
    path.write_bytes(b"a text")
    with pytest.raises(ServingError, match=r"photo\.png: .*INVALID_ARGUMENT"):
        client.translate(path)


def test_labels_go_along(connect, conditional, latents):
    labels = np.array([3, 0, 1, 2])
    images = connect("classes").generate(latents, labels)
    expected = conditional([latents, labels], training=False)
    np.testing.assert_allclose(images, expected, atol=1e-5)
    one = connect("classes").generate(latents, 3)
    np.testing.assert_allclose(one[0], images[0], atol=1e-5)


def test_seeds_count_up_and_stand_for_pictures(connect):
    client = connect("plain")
    images = client.sample(5, seed=7)
    assert images.shape == (5, 28, 28, 1)
    np.testing.assert_allclose(client.sample(2, seed=[9, 7]), images[[2, 0]], atol=1e-5)
    assert np.abs(client.sample(1) - client.sample(1)).max() > 1e-3  # fresh ones
    calm = client.sample(5, seed=7, truncation=0.3)
    assert np.abs(calm - images).max() > 1e-3


def test_png_is_the_picture_of_sample(connect):
    client = connect("classes")
    files = client.png(3, seed=1, labels=2, truncation=1.0)
    pictures = np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])
    images = client.sample(3, seed=1, labels=2, truncation=1.0)
    np.testing.assert_array_equal(pictures, to_uint8(images)[..., 0])


def test_large_answers_come_whole(connect):
    images = connect("plain").sample(2000, seed=0)  # 6 MB: more than gRPC's 4
    assert images.shape == (2000, 28, 28, 1)


def test_errors_say_what_the_server_said(connect):
    with pytest.raises(ServingError, match="label.* must be") as caught:
        connect("classes").sample(2, labels=9)
    assert caught.value.status == 400
    with pytest.raises(
        ServingError, match=r"Servable not found.*Latest\(none\)"
    ) as caught:
        connect("none").predict({"latents": np.zeros((1, 6), "f4")})
    assert caught.value.status == 404


def test_bad_arguments_are_refused_before_the_call(connect):
    with pytest.raises(ValueError, match="the model is not conditional"):
        connect("plain").sample(2, labels=1)
    with pytest.raises(ValueError, match="must be a positive integer"):
        connect("plain").sample(0)
    with pytest.raises(ValueError, match="one value, or one for each of 3 images"):
        connect("classes").sample(3, labels=[1, 2])
    with pytest.raises(ValueError, match="`seed` must be integers"):
        connect("plain").sample(2, seed=[0.5, 1.5])
    with pytest.raises(ServingError, match="has no signature 'paint'"):
        connect("plain")._rows("paint", 1, 0, (None, None), {}, None, None)


def test_versions_are_asked_for(address):
    client = Client(f"{address}/v1/models/classes", version=1)
    assert client.sample(1, seed=0).shape == (1, 28, 28, 1)
    with pytest.raises(ServingError, match=r"Specific\(classes, 7\)"):
        Client(f"{address}/v1/models/classes", version=7).sample(1)


def test_an_address_must_name_its_model(address):
    with pytest.raises(ValueError, match="Name one"):
        Client(address)
    with pytest.raises(ValueError, match="must start with http"):
        Client("ftp://127.0.0.1")
    with pytest.raises(ValueError, match="grpc://host:8500/NAME"):
        Client("grpc://127.0.0.1:8500")
