"""The layers of the networks for tables, against their definitions."""

import keras
import numpy as np
import pytest
from few_steps import as_one
from keras import ops
from small_tables import mixed

import keras_gan
from keras_gan import layers, tables
from keras_gan.metrics.table_scores import column_scores


def numpy(x):
    return ops.convert_to_numpy(x)


def test_latents_get_the_correlations_of_the_data():
    wanted = [[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 1.0]]
    latents = np.random.default_rng(0).normal(size=(20_000, 3)).astype("float32")
    scores = numpy(layers.Correlation(wanted)(latents))
    assert np.allclose(np.cov(scores.T), wanted, atol=0.03)
    with pytest.raises(ValueError, match="square matrix"):
        layers.Correlation([[1.0, 0.0]])


def test_correlations_that_cannot_be_together_are_made_possible():
    impossible = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    scores = layers.Correlation(impossible)(keras.random.normal((1000, 3), seed=0))
    assert np.allclose(np.std(numpy(scores), axis=0), 1, atol=0.1)


def test_classes_are_drawn_as_often_as_they_are_to_be():
    layer = layers.ScoreLogits([[0.0], [-1.0, 1.0]], certainty=0.8)
    scores = np.random.default_rng(0).normal(size=(20_000, 2)).astype("float32")
    odds = np.exp(numpy(layer(scores)))
    assert np.allclose(odds[:, :2].sum(1), 1, atol=1e-4)
    assert np.allclose(odds.mean(0), [0.5, 0.5, 0.159, 0.683, 0.159], atol=0.01)
    assert np.allclose(odds[0, scores[0, 0] > 0], 0.9) or odds[0, 1] > 0.8
    with pytest.raises(ValueError, match="from 0 to below 1"):
        layers.ScoreLogits([[0.0]], certainty=1.0)


def test_rank_codes_are_those_of_the_codec():
    frame = mixed(100)[["age", "debt", "job"]]
    codec = tables.TableCodec.fit(frame)
    ranks, classes = codec.codes(frame)
    rows = codec.rows(ranks, classes)
    codes = numpy(layers.RankCode(codec.edges)(ops.convert_to_tensor(ranks)))
    assert np.allclose(codes, rows[:, : codes.shape[1]], atol=1e-5)
    with pytest.raises(ValueError, match="two rising numbers"):
        layers.RankCode([[1.0, 0.0]])


def test_where_in_a_point_a_rank_lies_is_not_seen():
    layer = layers.SharpPoints([True, False, True])
    rows = ops.convert_to_tensor([[0.3, 0.3, 1.0], [-0.9, -1.0, -1.0]])
    expected = [[0.0, 0.3, 1.0], [0.0, -1.0, -1.0]]
    assert np.allclose(numpy(layer(rows)), expected)


def test_rows_are_one_hot_and_meet_the_condition():
    layer = layers.TableOutput([[-1, 0, 1], [-1, 1]], [2, 3, 1], [0, -1], [1, -1])
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(200, 2)).astype("float32")
    logits, noise = (rng.normal(size=(200, 6)).astype("float32") for _ in range(2))
    condition = np.zeros((200, 6), "float32")
    condition[:100, 4] = 1.0
    rows = numpy(as_one(layer)([scores, logits, noise, condition]))
    blocks = rows[:, 3:]
    assert np.allclose(np.sort(blocks, axis=1), [0, 0, 0, 1, 1, 1], atol=1e-5)
    assert np.all(blocks[:100, 4] > 0.99)
    assert 0.1 < blocks[100:, 4].mean() < 0.6
    is_missing = blocks[:, 1] > 0.5
    assert np.allclose(rows[is_missing, :2], 0, atol=1e-5)
    assert np.allclose(np.abs(rows[~is_missing, :2]).max(1), 1, atol=1e-5)


def test_the_first_generator_has_the_distribution_of_each_column():
    frame = mixed(500)[["age", "debt", "job", "gap"]]
    codec = tables.TableCodec.fit(frame)
    generator = keras_gan.architectures.tabular_generator(codec, units=(4,))
    latents = keras.random.normal((4_000, generator.inputs[0].shape[1]), seed=0)
    zeros = ops.zeros((4_000, sum(codec.block_sizes)))
    made = codec.decode(numpy(as_one(generator)([latents, zeros])))
    for name, score in column_scores(frame, made).items():
        assert score > 0.93, name
    assert made["gap"].isna().mean() == pytest.approx(0.2, abs=0.05)
