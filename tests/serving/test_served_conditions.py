"""Models with each kind of condition behind the server: JSON, client and page."""

import base64
import io
import json
import subprocess
import urllib.error
import urllib.request

import chromium
import keras
import numpy as np
import pytest
import test_page
from keras import layers
from PIL import Image as Pictures
from test_page import move, pictures, text, wait_for, wait_until_drawn

from keras_gan import architectures, export
from keras_gan.conditions import Image, Vector
from keras_gan.latents import Categorical, Directions, NoiseAndCodes, Normal, Uniform
from keras_gan.serving import Client, ServingError

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")

LATENT_DIM, SHAPE = 6, (8, 8, 1)
CONDITIONS = {"vectors": Vector(5), "images": Image(SHAPE)}
CODES = NoiseAndCodes(Normal(2), {"kind": Categorical(3), "size": Uniform(1)})
DIRECTIONS = Directions(np.eye(5)[:1], ["up"], space="w")


def make_generator(condition, with_latents=True):
    keras.utils.set_random_seed(2)
    given = keras.Input(condition.shape)
    inputs, x = given, layers.Flatten()(given)
    if with_latents:
        latents = keras.Input((LATENT_DIM,))
        inputs, x = [latents, given], layers.Concatenate()([latents, x])
    x = layers.Dense(64, activation="tanh")(x)
    return keras.Model(inputs, layers.Reshape(SHAPE)(x), name="tiny")


@pytest.fixture(scope="module")
def generators():
    generators = {k: make_generator(c) for k, c in CONDITIONS.items()}
    generators["translator"] = make_generator(Image(SHAPE), with_latents=False)
    generators["points"] = keras.Sequential(
        [keras.Input((LATENT_DIM,)), layers.Dense(2)], name="points"
    )
    generators["style"] = architectures.stylegan2_generator(
        SHAPE, LATENT_DIM, width=4, max_width=4, w_dim=5, num_mapping_layers=1
    )
    generators["codes"] = architectures.infogan_generator(
        SHAPE, LATENT_DIM, width=4, units=8
    )
    return generators


@pytest.fixture(scope="module")
def folder(generators, tmp_path_factory):
    folder = tmp_path_factory.mktemp("conditions")
    conditions = {**CONDITIONS, "translator": Image(SHAPE)}
    conditions |= {"points": None, "style": None, "codes": None}
    for name, condition in conditions.items():
        prior = None if name == "translator" else Normal(LATENT_DIM)
        prior = CODES if name == "codes" else prior
        export.saved_model(
            generators[name],
            folder / name,
            prior=prior,
            condition=condition,
            directions=DIRECTIONS if name == "style" else None,
        )
    return folder


@pytest.fixture(scope="module")
def address(folder, serve):
    with serve(folder) as (address, _):
        yield address


@pytest.fixture(params=CONDITIONS)
def kind(request):
    return request.param


def example(name, num_rows=3):
    random = np.random.default_rng(0)
    shape = SHAPE if name == "translator" else CONDITIONS[name].shape
    return random.uniform(-1, 1, (num_rows, *shape)).astype("f4")


def latents_of(num_rows=3):
    return np.random.default_rng(1).normal(size=(num_rows, LATENT_DIM)).astype("f4")


def png_of(image):
    """A PNG file, and the image that it holds exactly."""
    levels = np.floor((image[..., 0] + 1) * 127.5 + 0.5).astype("uint8")
    file = io.BytesIO()
    Pictures.fromarray(levels).save(file, "png")
    return file.getvalue(), (levels[..., None] / np.float32(127.5) - 1)


def levels_of(file):
    return np.asarray(Pictures.open(io.BytesIO(file))).astype(int)


def client_of(address, name):
    return Client(f"{address}/v1/models/{name}")


def test_all_kinds_are_loaded(address):
    with urllib.request.urlopen(f"{address}/models") as answer:
        listed = {model["name"]: model for model in json.load(answer)}
    assert set(listed) == {*CONDITIONS, "translator", "points", "style", "codes"}
    assert set(listed["points"]["signatures"]) == {"serving_default", "sample"}
    inputs = listed["vectors"]["signatures"]["png"]
    assert inputs["vector"] == {"dtype": "float32", "shape": [-1, 5]}
    condition = listed["vectors"]["card"]["architecture"]["condition"]
    assert condition == {"class_name": "Vector", "size": 5}


def test_codes_are_given_or_left_to_the_seed(address):
    client = client_of(address, "codes")
    free = client.sample(3, seed=0)
    kinds = [client.sample(3, seed=0, codes={"kind": kind}) for kind in range(3)]
    differ = [np.abs(images - free).max(axis=(1, 2, 3)) > 1e-6 for images in kinds]
    np.testing.assert_array_equal(np.sum(differ, axis=0), [2, 2, 2])
    with pytest.raises(ServingError, match="'kind' must be -1 to 2. Received: 3"):
        client.sample(1, codes={"kind": 3})
    with pytest.raises(ServingError, match=r"'size' must be -1.0 to 1.0. Received: 2"):
        client.sample(1, codes={"size": 2.0})
    with pytest.raises(ValueError, match="direction digit: the model has kind, size"):
        client.sample(1, codes={"digit": 3})
    with pytest.raises(ValueError, match="the model has none"):
        client_of(address, "vectors").sample(1, vectors=[0.0] * 5, codes={"kind": 3})


def test_edits_move_along_directions(address):
    client = client_of(address, "style")
    plain = client.sample(3, seed=0)
    np.testing.assert_array_equal(client.sample(3, seed=0, edits={"up": 0.0}), plain)
    moved = client.sample(3, seed=0, edits={"up": [0.0, 2.0, 2.0]})
    changes = np.abs(moved - plain).max(axis=(1, 2, 3))
    assert (changes > 1e-4).tolist() == [False, True, True]
    with pytest.raises(ServingError, match="'up' holds NaN or infinity"):
        client.sample(1, edits={"up": np.inf})


def test_rest_makes_the_images_that_keras_makes(call, generators, kind):
    name = "vectors" if kind == "vectors" else "images"
    given, latents = example(kind), latents_of()
    body = {"inputs": {"latents": latents.tolist(), name: given.tolist()}}
    status, answer = call("POST", f"/v1/models/{kind}:predict", body)
    assert status == 200
    expected = generators[kind]([latents, given], training=False)
    np.testing.assert_allclose(answer["outputs"], expected, atol=1e-5)
    rows = [
        {"latents": z.tolist(), name: c.tolist()}
        for z, c in zip(latents, given, strict=True)
    ]
    status, answer = call("POST", f"/v1/models/{kind}:predict", {"instances": rows})
    assert status == 200
    np.testing.assert_allclose(answer["predictions"], expected, atol=1e-5)


def test_the_client_samples(address, generators, kind):
    client, given = client_of(address, kind), example(kind, 2)
    name = "vectors" if kind == "vectors" else "images"
    images = client.sample(2, seed=[4, 4], **{name: given})
    assert images.shape == (2, *SHAPE)
    assert np.abs(images[0] - images[1]).max() > 1e-2
    alone = client.sample(2, seed=[4, 7], **{name: given[0]})
    np.testing.assert_allclose(alone[0], images[0], atol=1e-5)
    latents = latents_of(2)
    generated = client.generate(latents, **{name: given})
    expected = generators[kind]([latents, given], training=False)
    np.testing.assert_allclose(generated, expected, atol=1e-5)
    with pytest.raises(ValueError, match=f"conditional on {name}. Pass them"):
        client.sample(1)
    with pytest.raises(ValueError, match="is not conditional on them"):
        client.sample(1, labels=3, **{name: given[0]})
    with pytest.raises(ValueError, match=f"`{name}` must be one value, or one for"):
        client.sample(1, **{name: given})


def test_png_takes_vectors_and_files(address):
    client = client_of(address, "vectors")
    vector = example("vectors", 1)[0]
    files = client.png(2, seed=1, vectors=vector)
    images = client.sample(2, seed=1, vectors=vector)
    wanted = np.floor((images[..., 0] + 1) * 127.5 + 0.5)
    assert np.abs(np.stack([*map(levels_of, files)]) - wanted).max() <= 1
    client = client_of(address, "images")
    file, image = png_of(example("images", 1)[0])
    files = client.png(2, seed=1, images=file)
    images = client.sample(2, seed=1, images=image)
    wanted = np.floor((images[..., 0] + 1) * 127.5 + 0.5)
    assert np.abs(np.stack([*map(levels_of, files)]) - wanted).max() <= 1
    assert client.png(2, seed=1, images=[file, file]) == files
    with pytest.raises(ValueError, match="must be a PNG file as bytes, or a list of 2"):
        client.png(2, images=image)


def test_a_translator_translates(address, generators):
    client, images = client_of(address, "translator"), example("translator")
    expected = np.asarray(generators["translator"](images, training=False))
    np.testing.assert_allclose(client.translate(images), expected, atol=1e-5)
    file, image = png_of(images[0])
    answer = client.predict({"image_bytes": np.array([file], object)}, "png")
    wanted = np.floor((client.translate(image[None])[0, ..., 0] + 1) * 127.5 + 0.5)
    assert np.abs(levels_of(answer["image_bytes"][0]) - wanted).max() <= 1


def test_the_client_truncates_w(address, generators):
    client, generator = client_of(address, "style"), generators["style"]
    plain = client.sample(2, seed=3)
    np.testing.assert_array_equal(client.sample(2, seed=3, truncation_psi=1.0), plain)
    mean = generator.synthesis(generator.per_layer(generator.mean_w[None]))
    rows = client.sample(2, seed=3, truncation_psi=[1.0, 0.0])
    np.testing.assert_allclose(rows[0], plain[0], atol=1e-5)
    np.testing.assert_allclose(rows[1], mean[0], atol=1e-5)
    assert len(client.png(1, seed=3, truncation_psi=0.5)) == 1
    with pytest.raises(ServingError, match="'truncation_psi' must be -2 to 2"):
        client.sample(1, truncation_psi=5.0)
    given = {"vectors": example("vectors", 1)}
    with pytest.raises(ValueError, match="the model has no mapping network"):
        client_of(address, "vectors").sample(1, truncation_psi=0.5, **given)


ZEROS = [0.0] * 5
REFUSED = {
    "a short vector": ("vectors", {"vector": [0.0] * 4}, "takes [-1,5]"),
    "words": ("vectors", {"vector": ["x"] * 5}, "expected type: float"),
    "no vector": ("vectors", {}, "Missing named input: vector"),
    "another kind": ("vectors", {"label": 1}, "Missing named input: vector"),
    "a small image": ("images", {"image": np.zeros((4, 8, 1)).tolist()}, "[-1,8,8,1]"),
    "a bright image": (
        "images",
        {"image": np.full(SHAPE, 1.5).tolist()},
        "'image' must be -1 to 1",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_conditions_are_refused(call, case):
    name, given, reason = REFUSED[case]
    columns = {"seed": [0], "truncation": [0]} | {k: [v] for k, v in given.items()}
    body = {"signature_name": "sample", "inputs": columns}
    status, answer = call("POST", f"/v1/models/{name}:predict", body)
    assert status == 400
    assert reason in answer["error"]


def test_numbers_that_are_not_finite_are_refused(call):
    body = b'{"signature_name": "sample", "inputs": {"seed": [0], "truncation": [0], '
    body += b'"vector": [[0, 0, NaN, 0, 0]]}}'
    status, answer = call("POST", "/v1/models/vectors:predict", body)
    assert status == 400
    assert "'vector' holds NaN or infinity" in answer["error"]


def test_what_is_no_picture_is_refused(address):
    for file in (b"a text", b"", png_of(np.zeros(SHAPE))[0][:20]):
        for name in ("images", "translator"):
            columns = {"image_bytes": [{"b64": base64.b64encode(file).decode()}]}
            if name == "images":
                columns |= {"seed": [0], "truncation": [0]}
            body = {"signature_name": "png", "inputs": columns}
            data = json.dumps(body).encode()
            url = f"{address}/v1/models/{name}:predict"
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(url, data)
            with caught.value as error:
                assert error.code == 400
                assert "row 0: expected a picture" in json.load(error)["error"]


def test_a_picture_of_another_kind_and_size_is_scaled(address):
    client, file = client_of(address, "images"), io.BytesIO()
    Pictures.new("RGB", (32, 16), (200, 200, 200)).save(file, "webp", lossless=True)
    grey, _ = png_of(np.full(SHAPE, 200 / 127.5 - 1, "f4"))
    (made,) = client.png(1, seed=1, images=file.getvalue())
    (expected,) = client.png(1, seed=1, images=grey)
    assert np.abs(levels_of(made) - levels_of(expected)).max() <= 1


@pytest.fixture(scope="module")
def browser(tmp_path_factory, address):
    browser = chromium.open_browser(tmp_path_factory.mktemp("profile"))
    browser.get(address)
    wait_for(browser, "document.querySelectorAll('#grid img').length > 0")
    yield browser
    browser.quit()


def choose_model(browser, name):
    test_page.choose_model(browser, name)
    if name != "points":
        wait_until_drawn(browser)


def files_shown(browser):
    return [base64.b64decode(p.split(",")[1]) for p in pictures(browser)]


def is_shown(browser, name):
    return browser.find_element("id", name).is_displayed()


def test_the_page_takes_a_vector(browser, address):
    choose_model(browser, "vectors")
    assert is_shown(browser, "vector-control")
    assert not is_shown(browser, "class-control")
    assert not is_shown(browser, "image-control")
    move(browser, "seed", 3)
    before = files_shown(browser)
    move(browser, "vector", "1, -1; 0.5 0 2")
    wait_for(browser, "document.getElementById('curl').innerText.includes('[1,-1,0.5')")
    vector = np.array([1, -1, 0.5, 0, 2], "f4")
    client = client_of(address, "vectors")
    assert files_shown(browser) == client.png(16, seed=3, vectors=vector) != before
    body = json.loads(text(browser, "curl").split("'")[1])
    answer = client.predict({k: np.array(v) for k, v in body["inputs"].items()}, "png")
    assert list(answer["image_bytes"]) == files_shown(browser)
    move(browser, "vector", "1, 2")
    wait_for(browser, "!document.getElementById('error').hidden")
    assert "must be 5 numbers" in text(browser, "error")
    move(browser, "vector", "0 0 0 0 0")
    wait_for(browser, "document.getElementById('error').hidden")


def test_the_page_has_a_slider_for_each_code(browser, address):
    choose_model(browser, "codes")
    move(browser, "seed", 3)
    assert text(browser, "code-kind-value") == text(browser, "code-size-value") == "any"
    client = client_of(address, "codes")
    assert files_shown(browser) == client.png(16, seed=3)
    move(browser, "code-kind", 2)
    move(browser, "code-size", 0.5)
    assert text(browser, "code-kind-value") == "2"
    codes = {"kind": 2, "size": 0.5}
    assert files_shown(browser) == client.png(16, seed=3, codes=codes)
    assert '"size":[0.5' in text(browser, "curl")


def test_the_page_has_a_slider_for_each_direction(browser, address):
    choose_model(browser, "style")
    move(browser, "seed", 4)
    assert text(browser, "code-up-value") == "0"
    client = client_of(address, "style")
    before = files_shown(browser)
    assert before == client.png(16, seed=4)
    move(browser, "code-up", 1.5)
    assert files_shown(browser) == client.png(16, seed=4, edits={"up": 1.5}) != before


def test_the_page_has_a_slider_for_psi(browser, address):
    choose_model(browser, "vectors")
    assert not is_shown(browser, "psi-control")
    choose_model(browser, "style")
    assert is_shown(browser, "psi-control")
    assert text(browser, "psi-value") == "none"
    move(browser, "seed", 3)
    client = client_of(address, "style")
    assert files_shown(browser) == client.png(16, seed=3)
    move(browser, "psi", 0.5)
    assert text(browser, "psi-value") == "0.5"
    assert files_shown(browser) == client.png(16, seed=3, truncation_psi=0.5)
    assert '"truncation_psi":[0.5' in text(browser, "curl")


def test_the_page_takes_an_image(browser, address, tmp_path):
    choose_model(browser, "images")
    assert is_shown(browser, "image-control")
    assert is_shown(browser, "seed-control")
    move(browser, "seed", 2)
    client, black = client_of(address, "images"), np.full(SHAPE, -1, "f4")
    assert files_shown(browser) == client.png(16, seed=2, images=png_of(black)[0])
    file, _ = png_of(example("images", 1)[0])
    (tmp_path / "image.png").write_bytes(file)
    browser.find_element("id", "image").send_keys(str(tmp_path / "image.png"))
    wait_for(
        browser, "document.getElementById('image-value').innerText.startsWith('8')"
    )
    wait_until_drawn(browser)
    files = client.png(16, seed=2, images=file)
    shown = files_shown(browser)
    for one, other in zip(shown, files, strict=True):
        assert np.abs(levels_of(one) - levels_of(other)).max() <= 1
    assert answer_of_curl(browser, tmp_path) == [shown[0]]


def answer_of_curl(browser, folder):
    """Run the command of the page in a shell, where `image.png` lies."""
    process = subprocess.run(
        text(browser, "curl").replace("curl ", "curl -s ", 1),
        shell=True,
        cwd=folder,
        capture_output=True,
        check=True,
    )
    outputs = json.loads(process.stdout)["outputs"]
    return [base64.b64decode(output["b64"]) for output in outputs]


def test_the_page_says_what_it_cannot_show(browser):
    choose_model(browser, "points")
    wait_for(browser, "!document.getElementById('error').hidden")
    assert "makes no PNG files from seeds or images" in text(browser, "error")
