"""An exported table model: its rows are decoded by what its card says, and no more."""

import json
import re
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from on_demand import tensorflow as tf
from small_tables import mixed, small_gan

import keras_gan
from keras_gan.tables.row_decoder import RowDecoder

pytestmark = pytest.mark.backends(
    "tensorflow", reason="NumPy decodes; tests/export/test_backends.py has the others"
)
PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


@pytest.fixture(scope="module")
def frame():
    return mixed(128)


@pytest.fixture(scope="module")
def gan(frame):
    gan = small_gan(frame)
    gan.fit(frame, batch_size=64, epochs=2, verbose=0)
    return gan


@pytest.fixture(scope="module")
def exported(gan, tmp_path_factory):
    path = gan.export(tmp_path_factory.mktemp("models") / "people")
    card = json.loads((path / "assets.extra" / "model_card.json").read_text())
    return card, tf.saved_model.load(str(path)).signatures


@pytest.fixture(scope="module")
def decode():
    """The function that the page shows to programs without keras_gan."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.S)
    (block,) = (block for block in blocks if "def decode(" in block)
    names = {}
    exec(block.split("# Compare")[0], names)
    return names["decode"]


def as_frame(columns, description):
    """The columns that the page's function made, with dates as dates."""
    units = {c["name"]: c["unit"] for c in description["columns"] if "unit" in c}
    frame = pd.DataFrame(columns)
    for name, unit in units.items():
        frame[name] = pd.to_datetime(frame[name], unit=unit)
    return frame


def assert_same(found, expected):
    assert list(found) == list(expected)
    for name in expected:
        column = expected[name]
        if name in ("day", "text_day"):
            assert (found[name] == pd.to_datetime(column)).all()
        elif pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
            values = column.astype("float64")
            np.testing.assert_allclose(found[name].astype("float64"), values)
        else:
            theirs = [None if pd.isna(value) else value for value in found[name]]
            assert theirs == [None if pd.isna(value) else value for value in column]


def test_rows_are_decoded_by_the_description_alone(gan, exported, decode):
    card, signatures = exported
    description = card["table"]
    latents = keras.ops.convert_to_numpy(gan.prior.sample(200, seed=0))
    vectors = np.zeros((200, gan.condition.shape[0]), "float32")
    rows = signatures["serving_default"](
        latents=tf.constant(latents), vectors=tf.constant(vectors)
    )["rows"].numpy()
    assert rows.shape == (200, description["width"] + 1)
    expected = gan.synthesize(latents, condition=vectors)
    # Two classes of nearly the same logit are drawn by the last bit.
    same = np.isclose(rows[:, :-1], expected, atol=1e-3).all(axis=1)
    assert same.mean() > 0.97
    logits = gan.discriminator([expected, vectors])
    logits = keras.ops.convert_to_numpy(logits)[:, 0]
    np.testing.assert_allclose(rows[same, -1], logits[same], atol=1e-3)
    found = decode(rows, description, np.random.default_rng(1))
    assert_same(as_frame(found, description), gan.codec.decode(rows[:, :-1], seed=1))


def test_the_training_rows_come_back(gan, frame, decode):
    rows, description = gan.codec.encode(frame), gan.describe_rows(num_candidates=1)
    found = decode(rows, description, np.random.default_rng(0))
    again = as_frame(found, description)
    assert_same(again, gan.codec.decode(rows, seed=0))
    names = ["job", "size", "same", "is_old"]
    assert_same(again[names], frame[names])


def test_levels_that_share_a_class_are_drawn_alike(decode):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"town": rng.integers(0, 300, 900).astype(str)})
    codec = keras_gan.tables.fit_codec(frame, {"town": "category"})
    rows = codec.encode(frame)
    found = decode(rows, codec.description(), np.random.default_rng(3))
    assert found["town"].tolist() == codec.decode(rows, seed=3)["town"].tolist()


def test_a_decoder_and_a_refinement_survive_json(gan, frame):
    description = json.loads(json.dumps(gan.describe_rows()))
    decoder = RowDecoder.from_description(description)
    rows = gan.codec.encode(frame)
    for one, other in zip(decoder.parse(rows), gan.codec.parse(rows), strict=True):
        np.testing.assert_array_equal(one, other)
    assert decoder.description() == gan.codec.description()
    with pytest.raises(ValueError, match="described as 'other'. Expected"):
        RowDecoder.from_description({"format": "other"})


@pytest.mark.backends("tensorflow", reason="dates: no backend code")
def test_dates_are_read_and_written_as_pandas_does():
    times = pd.Series(pd.date_range("2024-03-01 10:30", periods=40, freq="7h"))
    frame = pd.DataFrame({"at": times, "zoned": times.dt.tz_localize("Asia/Tokyo")})
    codec = keras_gan.tables.fit_codec(frame)
    decoder = RowDecoder.from_description(codec.description())
    for name, text in (("at", "2024-03-01 10:30"), ("zoned", "2024-03-01 10:30")):
        number = codec.number_of(name, text)
        assert decoder.number_of(name, text) == number
        assert decoder.text_of(name, number) == str(frame[name][0])
