"""Translators behind the server: files in, PNG files out; the client and the page."""

import base64
import io
import json
import re
import subprocess
import urllib.error
import urllib.request

import chromium
import keras
import numpy as np
import pytest
import toy
from keras import layers
from PIL import Image
from test_page import choose_model, text, wait_for
from test_pictures import BROKEN, FILES, file_of, levels_of, noise, turned

import keras_gan
from keras_gan import export
from keras_gan.serving import Client, ServingError
from keras_gan.serving.locate import locate

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")

MAX_SIDE = 64


def make_network(shape):
    """A translator to the negative, nearly, that halves the picture and doubles it."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input(shape)
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    x = layers.Conv2DTranspose(shape[-1], 4, strides=2, padding="same")(x)
    x = layers.Activation("tanh")(0.3 * x - 2 * inputs)
    return keras.Model(inputs, x, name="tiny")


@pytest.fixture(scope="module")
def samplers():
    shapes = {"any": (None, None, 3), "fixed": (8, 12, 1)}
    return {n: keras_gan.Sampler(make_network(shape)) for n, shape in shapes.items()}


@pytest.fixture(scope="module")
def server(samplers, tmp_path_factory):
    """A server in this process."""
    from keras_gan.serving.models import Models

    folder = tmp_path_factory.mktemp("translators")
    for name, sampler in samplers.items():
        sampler.export(folder / name)
    points = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    prior = keras_gan.latents.Normal(4)
    export.saved_model(points, folder / "points", prior=prior)
    models = Models(locate(folder))
    models.refresh()
    server = toy.Running(models, {"max_side": MAX_SIDE})
    yield server
    server.stop()


@pytest.fixture(params=["any", "fixed"])
def name(request):
    return request.param


def url_of(server, name):
    return f"{server.address}/v1/models/{name}"


def post(server, name, file):
    """The status, the type and the content of the answer to a file."""
    request = urllib.request.Request(f"{url_of(server, name)}:translate", file)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], json.load(error)


def wanted(sampler, levels):
    """The levels that a sampler makes of a picture of the size that it takes."""
    levels = levels if levels.ndim == 3 else levels[..., None]
    made = np.floor((sampler.translate(levels) + 1) * 127.5 + 0.5)
    return made[..., 0] if made.shape[-1] == 1 else made


def test_a_file_goes_in_and_a_png_comes_out(server, samplers, name):
    size = {"any": (9, 14, 3), "fixed": (8, 12)}[name]
    levels = noise(*size)
    status, kind, file = post(server, name, file_of(levels))
    assert (status, kind) == (200, "image/png")
    shown = levels_of(file)
    assert shown.shape == levels.shape
    assert np.abs(shown - wanted(samplers[name], levels)).max() <= 1


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_is_translated(server, name, kind):
    status, _, file = post(server, name, FILES[kind])
    assert status == 200
    assert levels_of(file).shape == {"any": (9, 14, 3), "fixed": (8, 12)}[name]


def test_a_photograph_of_5_mb(server, name):
    photo = turned(noise(2500, 1850, 3), 6)
    assert 5e6 < len(photo) < 9e6
    status, _, file = post(server, name, photo)
    assert status == 200
    assert levels_of(file).shape == {"any": (47, 64, 3), "fixed": (8, 12)}[name]


@pytest.mark.filterwarnings("ignore:Image size:PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_refused_and_named(server, name, broken):
    file, reason = BROKEN[broken]
    status, kind, answer = post(server, name, file)
    assert (status, kind) == (400, "application/json")
    assert re.search(reason, answer["error"])
    columns = {"image_bytes": [{"b64": base64.b64encode(file).decode()}]}
    body = json.dumps({"signature_name": "png", "inputs": columns}).encode()
    status, _, answer = server.ask(toy.request(body, path=f"/v1/models/{name}:predict"))
    assert status == 400
    assert re.search(reason, answer["error"])


def test_only_translators_translate(server):
    status, _, answer = post(server, "points", FILES["grey.png"])
    assert status == 400
    assert "does not translate pictures" in answer["error"]
    status, _, answer = post(server, "nothing", FILES["grey.png"])
    assert status == 404


def test_the_client_takes_paths_arrays_and_bytes(server, samplers, name, tmp_path):
    client = Client(url_of(server, name))
    levels = noise(*{"any": (8, 12, 3), "fixed": (8, 12, 1)}[name])
    expected = samplers[name].translate(levels)
    np.testing.assert_allclose(client.translate(levels), expected, atol=1e-5)
    several = client.translate(np.stack([levels, levels]))
    np.testing.assert_allclose(several[1], expected, atol=1e-5)
    path = tmp_path / "photo.png"
    path.write_bytes(file_of(levels if levels.shape[-1] == 3 else levels[..., 0]))
    for picture in (path, str(path), path.read_bytes()):
        made = client.translate(picture)
        assert (made.shape, made.dtype) == (expected.shape, "float32")
        assert np.abs(made - expected).max() <= 1 / 127
    path.write_bytes(b"a text")
    with pytest.raises(ServingError, match=r"photo\.png: .*its content is none of"):
        client.translate(path)
    with pytest.raises(FileNotFoundError):
        client.translate(tmp_path / "none.png")


@pytest.fixture(scope="module")
def browser(tmp_path_factory, server):
    browser = chromium.open_browser(tmp_path_factory.mktemp("profile"))
    browser.get(server.address)
    wait_for(browser, "!document.getElementById('translate-section').hidden")
    yield browser
    browser.quit()


def wait_for_result(browser):
    wait_for(browser, "!document.getElementById('compare').hidden")


def levels_shown(browser, name):
    """The pixels of an image of the page, in its own size."""
    shown = browser.execute_script(
        "const image = document.getElementById(arguments[0]);"
        "const canvas = document.createElement('canvas');"
        "canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;"
        "canvas.getContext('2d').drawImage(image, 0, 0);"
        "return canvas.toDataURL('image/png').split(',')[1];",
        name,
    )
    levels = levels_of(base64.b64decode(shown))
    return levels[..., :3]


def give(browser, kind, content, name="photo.png", media="image/png"):
    """Drop a file on the page, or paste it."""
    browser.execute_script(
        "const [kind, content, name, media] = arguments;"
        "const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));"
        "const transfer = new DataTransfer();"
        "transfer.items.add(new File([bytes], name, { type: media }));"
        "const options = { bubbles: true, cancelable: true };"
        "document.body.dispatchEvent(kind === 'drop'"
        "  ? new DragEvent('drop', { ...options, dataTransfer: transfer })"
        "  : new ClipboardEvent('paste', { ...options, clipboardData: transfer }));",
        kind,
        base64.b64encode(content).decode(),
        name,
        media,
    )


def test_the_page_shows_before_and_after(browser, server, samplers, tmp_path):
    choose_model(browser, "any")
    assert not browser.find_element("id", "controls").is_displayed()
    photo = tmp_path / "my photo.jpg"
    photo.write_bytes(turned(noise(9, 14, 3), 6))
    browser.find_element("id", "picture").send_keys(str(photo))
    wait_for_result(browser)
    made = levels_shown(browser, "after")
    upright = np.rot90(levels_of(photo.read_bytes()), -1)
    assert np.abs(made - wanted(samplers["any"], upright)).max() <= 1
    assert levels_shown(browser, "before").shape == (14, 9, 3)
    assert re.fullmatch("9 . 14 pixels", text(browser, "size"))
    browser.execute_script(
        "const e = document.getElementById('split'); e.value = 25;"
        "e.dispatchEvent(new Event('input'));"
    )
    clip = browser.find_element("id", "before").value_of_css_property("clip-path")
    assert clip == "inset(0px 75% 0px 0px)"
    command = text(browser, "curl")
    assert command.startswith("curl --data-binary @'my photo.jpg' http://")
    command = command.replace("curl ", "curl -s ", 1)
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)
    file = (tmp_path / "my photo-translated.png").read_bytes()
    np.testing.assert_array_equal(levels_of(file), made)


def test_the_page_takes_a_drop_and_a_paste(browser, server, samplers):
    choose_model(browser, "fixed")
    assert re.search("takes 12 . 8 pixels", text(browser, "translate-hint"))
    for kind in ("drop", "paste"):
        levels = noise(8, 12)
        give(browser, kind, file_of(levels))
        wait_for_result(browser)
        made = levels_shown(browser, "after")[..., 0]
        assert np.abs(made - wanted(samplers["fixed"], levels)).max() <= 1
        choose_model(browser, "any")
        assert not browser.find_element("id", "compare").is_displayed()
        choose_model(browser, "fixed")


def test_the_page_downloads_the_result(browser, server):
    choose_model(browser, "any")
    give(browser, "drop", file_of(noise(9, 14, 3)))
    wait_for_result(browser)
    name, link = browser.execute_async_script(
        "const done = arguments[0];"
        "HTMLAnchorElement.prototype.click = function () {"
        "  done([this.download, this.href]); };"
        "document.getElementById('save').click();"
    )
    assert name == "photo-any.png"
    assert link == browser.find_element("id", "after").get_attribute("src")


def test_the_page_names_what_it_cannot_translate(browser, server):
    choose_model(browser, "any")
    give(browser, "drop", b"a text", "notes.txt", "text/plain")
    wait_for(browser, "!document.getElementById('translate-error').hidden")
    said = text(browser, "translate-error")
    assert said.startswith("notes.txt: ")
    assert "its content is none of PNG" in said
    choose_model(browser, "points")
    assert not browser.find_element("id", "translate-section").is_displayed()
    choose_model(browser, "any")
    assert not browser.find_element("id", "translate-error").is_displayed()


def test_the_page_shows_a_file_that_the_browser_cannot(browser, server):
    choose_model(browser, "any")
    file = io.BytesIO()
    Image.fromarray(noise(9, 14, 3)).save(file, "tiff")
    give(browser, "drop", file.getvalue(), "scan.tif", "image/tiff")
    wait_for_result(browser)
    assert not browser.find_element("id", "before").is_displayed()
    assert levels_shown(browser, "after").shape == (9, 14, 3)
