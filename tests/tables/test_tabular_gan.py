"""A GAN of tables: it trains, samples by a seed, meets conditions, and is resumed."""

import keras
import numpy as np
import pandas as pd
import pytest
from small_tables import compile_fast, mixed, small_gan

import keras_gan
from keras_gan import models, tables
from keras_gan.models import table_sampling


@pytest.fixture(scope="module")
def frame():
    return mixed(128)


@pytest.fixture(scope="module")
def gan(frame):
    gan = small_gan(frame)
    gan.fit(frame, batch_size=64, verbose=0)
    return gan


def test_a_sampled_table_is_as_the_training_rows(gan, frame):
    table = gan.sample(200, seed=0)
    assert table.dtypes.equals(frame.dtypes)
    assert list(table.index) == list(range(200))
    for name in ("age", "debt", "day", "count"):
        assert table[name].min() >= frame[name].min()
        assert table[name].max() <= frame[name].max()
    assert set(table["job"].dropna()) == {"cook", "smith"}
    assert table["nothing"].isna().all()
    assert np.allclose(table["debt"], table["debt"].round(2))


def test_a_seed_is_a_table(gan):
    table = gan.sample(30, seed=3)
    pd.testing.assert_frame_equal(gan.sample(50, seed=3).head(30), table)
    assert not gan.sample(30, seed=4).equals(table)
    assert not gan.sample(30).equals(table)


def test_rows_meet_the_condition(gan):
    where = {"job": "smith", "age": (30, 60)}
    table = gan.sample(20, where=where, seed=0)
    assert (table["job"] == "smith").all()
    assert table["age"].between(30, 60).all()
    assert gan.sample(5, where={"job": None}, seed=0)["job"].isna().all()
    assert gan.sample(5, where={"gap": None}, seed=0)["gap"].isna().all()
    either = gan.sample(20, where={"size": ["s", "m"]}, seed=0)
    assert set(either["size"]) == {"s", "m"}
    day = pd.Timestamp("2021-01-01")
    later = gan.sample(5, where={"day": (day, pd.Timestamp("2030-01-01"))}, seed=0)
    assert (later["day"] >= day).all()


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"jobs": "cook"}, "names the column 'jobs'. The columns are"),
        ({"job": "baker"}, "'baker' in the column 'job', which no training row has"),
        ({"age": (90, 99)}, "whose values run from 18"),
        ({"age": "old"}, "'old' in the column 'age', whose values run"),
        ({"age": None}, "none of the training rows has any"),
    ],
)
def test_a_condition_that_cannot_be_met_is_refused(gan, where, message):
    with pytest.raises(ValueError, match=message):
        gan.sample(5, where=where)


def test_a_saved_model_samples_the_same_and_trains_on(gan, frame, tmp_path):
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    pd.testing.assert_frame_equal(loaded.sample(20, seed=0), gan.sample(20, seed=0))
    assert loaded.codec.describe() == gan.codec.describe()
    batch = tables.batches(gan.codec, frame, 64)[0]
    again = keras.saving.load_model(tmp_path / "gan.keras")
    for each in (loaded, again):
        each.train_on_batch(*batch)
    pd.testing.assert_frame_equal(loaded.sample(20, seed=0), again.sample(20, seed=0))


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_run_that_stopped_goes_on_as_if_it_had_not(frame, tmp_path):
    def train(folder, epochs):
        gan = small_gan(frame[["age", "job"]])
        saving = keras_gan.callbacks.Checkpoint(folder, every=1)
        gan.fit(frame, batch_size=64, epochs=epochs, verbose=0, callbacks=[saving])
        return gan.sample(20, seed=0)

    whole = train(tmp_path / "whole", 2)
    train(tmp_path / "parts", 1)
    pd.testing.assert_frame_equal(train(tmp_path / "parts", 2), whole)


@pytest.mark.backends("torch", reason="columns: no backend code")
@pytest.mark.parametrize("names", [["age", "debt"], ["job", "is_old"], ["gap", "same"]])
def test_tables_of_one_kind_of_column(frame, names):
    gan = small_gan(frame[names])
    gan.fit(frame[names], batch_size=64, verbose=0)
    table = gan.sample(10, seed=0)
    assert table.dtypes.equals(frame[names].dtypes)


@pytest.mark.backends("tensorflow", "torch", reason="columns: no backend code")
def test_wide_and_odd_tables_are_trained_on(monkeypatch):
    monkeypatch.setattr(table_sampling, "NUM_REFERENCE", 4096)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(200, 97)).round(1)).add_prefix("c")
    frame["town"] = rng.integers(0, 10_000, 200).astype(str)
    frame["nothing"], frame["same"] = np.nan, 7
    keras.utils.set_random_seed(0)
    schema, networks = {"town": "category"}, {"units": (8,), "noise_dim": 2}
    gan = models.TabularGAN.for_table(frame, schema, seed=0, **networks)
    compile_fast(gan)
    gan.fit(frame, batch_size=100, verbose=0)
    table = gan.sample(20, seed=0, num_candidates=1)
    assert table.shape == (20, 100)
    assert table["town"].isin(frame["town"]).all()
    assert (table["same"] == 7).all()
    assert table["nothing"].isna().all()


@pytest.mark.backends(
    "tensorflow", "torch", reason="tests/layers/test_packing.py trains on packs on JAX"
)
def test_packing_and_the_loss_of_wasserstein(frame):
    part = frame[["age", "job"]]
    codec = tables.fit_codec(part)
    networks = keras_gan.architectures.tabular(codec, (8,), num_packed=4)
    gan = models.TabularGAN(codec, *networks, seed=0)
    penalty = keras_gan.penalties.GradientPenalty()
    compile_fast(gan, loss="wasserstein", discriminator_penalties=[penalty])
    gan.fit(part, batch_size=64, verbose=0)
    assert len(gan.sample(10, seed=0)) == 10


def test_what_does_not_fit_is_refused(frame):
    codec = tables.fit_codec(frame[["age", "job"]])
    with pytest.raises(ValueError, match="must be a `keras_gan.tables.TableCodec`"):
        models.TabularGAN(frame)
    other = keras_gan.architectures.tabular(tables.fit_codec(frame[["day", "debt"]]))
    with pytest.raises(ValueError, match="networks|rows|condition"):
        models.TabularGAN(codec, *other)
    gan = models.TabularGAN(codec)
    with pytest.raises(ValueError, match=r"lacks the columns \['job'\]"):
        gan.fit(frame[["age"]])
    with pytest.raises(ValueError, match="`num_candidates` must be at least 1"):
        gan.sample(5, num_candidates=0)
