"""Every architecture and every model: shapes, files, precisions, gradients."""

from dataclasses import dataclass

import keras
import numpy as np
import pytest
from catalogue.games import MODELS, ModelCase
from catalogue.networks import ARCHITECTURES, TRANSLATORS, TranslatorCase
from catalogue.objects import AUGMENTATIONS
from few_steps import FEW_STEPS
from keras import ops
from probes import (
    FLOAT16_ON_TORCH,
    TOLERANCE,
    assert_near,
    fill_zeros,
    labels,
    number,
    outputs_of,
    some,
    unmoved,
    without_gradient,
)

import keras_gan
from keras_gan import architectures

NUM = 4


NETWORKS = ARCHITECTURES | TRANSLATORS
BUILT = {}


@pytest.fixture(params=NETWORKS)
def case(request):
    return NETWORKS[request.param]


def pair(case, policy="float32"):
    keras.config.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(0)
        networks = case.make()
    finally:
        keras.config.set_dtype_policy("float32")
    for network in networks:
        fill_zeros(network)
    return networks


def built(case):
    """The networks of a case, once for the tests that leave them as they are."""
    if id(case) not in BUILT:
        BUILT[id(case)] = pair(case)
    return BUILT[id(case)]


def with_labels(case, values, wanted):
    values = ops.convert_to_tensor(values)
    if case.num_classes is None or not wanted:
        return values
    return [values, ops.convert_to_tensor(labels(NUM, case.num_classes))]


def inputs_of(case):
    """What each network takes: the generator and the discriminator, or translators."""
    if isinstance(case, TranslatorCase):
        return [images_of(shapes) for shapes in case.taken]
    latents = with_labels(case, some((NUM, 6)), wanted=True)
    data = np.tanh(some((NUM, *case.shape), seed=1))
    return latents, with_labels(case, data, wanted=not case.classifies)


def images_of(shapes):
    if isinstance(shapes, list):
        return [images_of(shape) for shape in shapes]
    return ops.convert_to_tensor(np.tanh(some((NUM, *shapes), seed=1)))


ONE_BY_ONE = pytest.mark.backends(
    "tensorflow", "torch", reason="test_half_precision calls each network on JAX"
)


@ONE_BY_ONE
@pytest.mark.parametrize("name", TRANSLATORS)
def test_shapes_of_translators(name):
    case = TRANSLATORS[name]
    outputs = [
        outputs_of(network, inputs)
        for network, inputs in zip(built(case), inputs_of(case), strict=True)
    ]
    assert [output.shape[1:] for output in outputs] == case.made
    assert {output.shape[0] for output in outputs} == {NUM}


@ONE_BY_ONE
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_shapes(name):
    case = ARCHITECTURES[name]
    generator, discriminator = built(case)
    latents, data = inputs_of(case)
    assert outputs_of(generator, latents).shape == (NUM, *case.shape)
    shapes = [(NUM // case.num_packed, case.num_logits)]
    shapes += [(NUM, case.num_classes)] * case.classifies
    if case.beside is not None:
        shapes += [(NUM, *np.atleast_1d(case.beside))]
    if case.outputs is not None:
        shapes = [(NUM, *shape) for shape in case.outputs]
    outputs = keras.tree.flatten(outputs_of(discriminator, data))
    assert [output.shape for output in outputs] == shapes


@pytest.mark.backends(
    "torch", reason="Keras writes graphs; test_model_file has files on all"
)
def test_configuration_and_file(case, tmp_path):
    for network, inputs in zip(built(case), inputs_of(case), strict=True):
        expected = keras.tree.flatten(outputs_of(network, inputs))
        again = type(network).from_config(network.get_config())
        again.set_weights(network.get_weights())
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        for other in (again, loaded):
            outputs = keras.tree.flatten(outputs_of(other, inputs))
            for output, value in zip(outputs, expected, strict=True):
                np.testing.assert_array_equal(number(output), number(value))


@pytest.mark.parametrize("policy", FLOAT16_ON_TORCH)
def test_half_precision(case, policy):
    """A whole network is off by at most four times what a layer is."""
    halves, fulls = pair(case, policy), built(case)
    for half, full, inputs in zip(halves, fulls, inputs_of(case), strict=True):
        half.set_weights(full.get_weights())
        assert policy in {layer.dtype_policy.name for layer in half.layers}
        outputs = keras.tree.flatten(outputs_of(half, inputs))
        expected = keras.tree.flatten(outputs_of(full, inputs))
        for output, value in zip(outputs, expected, strict=True):
            assert keras.backend.standardize_dtype(output.dtype) == "float32"
            assert_near(output, value, policy, times=4)


@pytest.mark.backends(
    "torch", reason="a graph of layers; test_every_layer.py has each on all"
)
def test_every_parameter_gets_a_gradient(case):
    for network, inputs in zip(pair(case), inputs_of(case), strict=True):
        assert without_gradient(network, inputs) == []


@pytest.fixture(params=MODELS)
def model_case(request):
    return MODELS[request.param]


def made(case, **settings):
    keras.utils.set_random_seed(0)
    model = case.make()
    model.compile(*[keras.optimizers.SGD(0.01) for _ in model.players], **settings)
    return model


def data_of(case, number=16):
    data = np.tanh(some((number, *case.shape), seed=2))
    if case.targets is not None:
        return data, np.tanh(some((number, *case.targets), seed=3))
    return data, None if case.num_classes is None else labels(number, case.num_classes)


def step(model, case):
    return model.train_on_batch(*data_of(case), return_dict=True)


def drawn(model, case):
    if case.targets is not None:
        return model.translate(data_of(case, NUM)[0])
    has_classes = case.num_classes is not None and case.generates_classes
    wanted = labels(NUM, case.num_classes) if has_classes else None
    return model.sampler.generate(NUM, seed=0, labels=wanted)


@dataclass
class Stepped:
    """A model after its first step, and what was seen of it before and in the step."""

    model: keras.Model
    weights: list  # before the step
    images: np.ndarray  # drawn before the step
    unmoved: list  # the paths of the weights that the step left as they were
    logs: dict


STEPPED = {}


def stepped(case):
    """A model of a case, compiled once for the tests below."""
    if id(case) not in STEPPED:
        # Translators' steps are compiled in tests/models.
        model = made(case, **average_of(case), **FEW_STEPS if case.targets else {})
        weights = [ops.convert_to_numpy(v).copy() for v in model.weights]
        images, logs = drawn(model, case), {}
        still = unmoved(model, lambda: logs.update(step(model, case)))
        STEPPED[id(case)] = Stepped(model, weights, images, still, logs)
    return STEPPED[id(case)]


def average_of(case):
    has_average = case.has_average and case.targets is None
    return {"ema": keras_gan.EMA(50)} if has_average else {}


def test_model_moves_every_parameter(model_case):
    after = stepped(model_case)
    model, found = after.model, after.unmoved
    shape = model_case.targets or model_case.shape
    assert after.images.shape == (NUM, *shape)
    if model_case.moves_a_part:
        moved = {v.path for p in model.players for v in model.moved_variables(p)}
        found = [path for path in found if path in moved and "level_0_" not in path]
    assert found == []


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles each step anew; test_precision.py trains in half precision",
)
@pytest.mark.parametrize("policy", FLOAT16_ON_TORCH)
def test_model_in_half_precision(model_case, policy):
    """A step's logs, and what is drawn before it, are those of float32."""
    full = stepped(model_case)
    keras.config.set_dtype_policy(policy)
    try:
        half = made(model_case, **average_of(model_case), **FEW_STEPS)
    finally:
        keras.config.set_dtype_policy("float32")
    for mine, others in zip(half.weights, full.weights, strict=True):
        mine.assign(others)
    assert_near(drawn(half, model_case), full.images, policy, times=4)
    logs = step(half, model_case)
    assert logs.keys() == full.logs.keys()
    for name, value in full.logs.items():
        if "accuracy" not in name:
            limit = 4 * TOLERANCE[policy]
            assert logs[name] == pytest.approx(value, rel=limit, abs=limit), name


@pytest.mark.backends("torch", reason="it computes nothing")
def test_model_configuration(model_case):
    model = model_case.make()
    again = type(model).from_config(model.get_config())
    assert again.get_config() == model.get_config()
    text = keras.saving.serialize_keras_object(model)
    assert type(keras.saving.deserialize_keras_object(text)) is type(model)


def assert_goes_on(model, case, path):
    """A model from a file draws the same, and takes the same next step."""
    model.save(path)
    again = keras.saving.load_model(path)
    again.run_eagerly = FEW_STEPS["run_eagerly"]
    np.testing.assert_array_equal(drawn(again, case), drawn(model, case))
    logs = [step(each, case) for each in (model, again)]
    assert logs[1] == pytest.approx(logs[0], rel=1e-5)
    for mine, others in zip(model.weights, again.weights, strict=True):
        np.testing.assert_allclose(number(mine), number(others), atol=1e-6)


def test_model_file(model_case, tmp_path):
    assert_goes_on(stepped(model_case).model, model_case, tmp_path / "model.keras")


@pytest.mark.backends(
    "torch", reason="tests/augment/test_in_training.py has a file on all"
)
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation_in_a_model_file(name, tmp_path):
    """The strength of an augmentation is in the file too."""

    def make():
        networks = architectures.mlp((4, 4, 1), 6, None, (8,), (8,))
        return keras_gan.GAN(*networks, seed=0)

    case = ModelCase(make, (4, 4, 1))
    model = made(case, augment=AUGMENTATIONS[name](), **FEW_STEPS)
    step(model, case)
    assert_goes_on(model, case, tmp_path / "model.keras")
