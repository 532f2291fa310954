"""Directions: found in networks whose directions are known, applied, kept in files."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, plotting
from keras_gan.latents import (
    Directions,
    Normal,
    closed_form,
    from_attributes,
    principal,
)


def array(tensor):
    return ops.convert_to_numpy(tensor)


def linear(kernel, name="first"):
    """A sampler whose images are a linear function of the latents: 1 x n x 1."""
    dim, size = kernel.shape
    network = keras.Sequential(
        [
            keras.Input((dim,)),
            keras.layers.Dense(size, use_bias=False, name=name),
            keras.layers.Reshape((1, size, 1)),
        ]
    )
    network.get_layer(name).set_weights([kernel])
    return keras_gan.Sampler(network, Normal(dim))


def known_kernel():
    """Amplifies the second latent most, then the first, and the others little."""
    rng = np.random.default_rng(0)
    orthogonal = np.linalg.qr(rng.normal(size=(6, 6)))[0][:4]
    return (np.diag([3.0, 5.0, 0.1, 0.2]) @ orthogonal).astype("float32")


def new_style():
    keras.utils.set_random_seed(3)
    generator = architectures.stylegan2_generator(
        (8, 8, 1), 6, width=4, max_width=6, w_dim=5, num_mapping_layers=2
    )
    return keras_gan.Sampler(generator, Normal(6))


def new_conditional():
    generator = architectures.mlp_generator((4, 4, 1), 3, 2, (8,))
    return keras_gan.Sampler(generator, Normal(3), keras_gan.conditions.ClassLabels(2))


def two():
    return Directions([[3.0, 0, 0], [0, 0, 2.0]], ["left", "up"], scale=[1.0, 0.5])


def test_an_edit_adds_amount_times_scale_times_a_unit_vector():
    latents = np.zeros((2, 3), "float32")
    np.testing.assert_array_equal(two().edit(latents, "left", 2.0)[0], [2, 0, 0])
    by_row = two().edit(latents, 1, [1.0, -2.0])
    np.testing.assert_array_equal(by_row, [[0, 0, 0.5], [0, 0, -1]])
    both = two().apply(latents, {"left": 1.0, "up": 4.0})
    np.testing.assert_array_equal(both[1], [1, 0, 2])
    assert not latents.any()


def test_w_of_each_layer_moves_in_chosen_layers():
    directions = Directions(np.eye(3), space="w")
    w = np.zeros((2, 4, 3), "float32")
    moved = directions.edit(w, "direction_2", 1.0, layers=[1, 3])
    assert moved[:, [1, 3], 1].all()
    assert moved.sum() == 4
    assert directions.edit(w, 0, 1.0).sum() == 8
    with pytest.raises(ValueError, match="from 0 to 3"):
        directions.edit(w, 0, 1.0, layers=[4])
    with pytest.raises(ValueError, match="Repeat w first"):
        directions.edit(w[:, 0], 0, 1.0, layers=[1])


def test_selected_and_renamed():
    one = two().select(["up"]).rename({"up": "raise_arm"})
    assert (one.names, len(one), one.scale.tolist()) == (("raise_arm",), 1, [0.5])
    np.testing.assert_array_equal(one.steps, [[0, 0, 0.5]])


def test_a_file_keeps_them(tmp_path):
    path = two().save(tmp_path / "directions.npz")
    read = Directions.load(path)
    assert repr(read) == repr(two()) == "Directions(left, up; space='z', dim=3)"
    np.testing.assert_array_equal(read.steps, two().steps)
    np.savez(path, vectors=np.eye(2))
    with pytest.raises(ValueError, match="names, scale, space.*Write it again"):
        Directions.load(path)
    with pytest.raises(ValueError, match="ends in .npz"):
        two().save(tmp_path / "directions.json")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vectors": np.ones(3)}, "of the shape"),
        ({"vectors": [[1.0, 0], [0, 0]]}, "vector 1 has the length 0"),
        ({"vectors": [[np.nan, 1]]}, "must be finite"),
        ({"vectors": np.eye(2), "names": ["a"]}, "2 directions and 1 names"),
        ({"vectors": np.eye(2), "names": ["a", "a"]}, "Two directions"),
        ({"vectors": np.eye(2), "names": ["a", "seed"]}, "cannot be called 'seed'"),
        ({"vectors": np.eye(2), "names": ["a", "b c"]}, "cannot be called 'b c'"),
        ({"vectors": np.eye(2), "space": "x"}, "`space` must be"),
        ({"vectors": np.eye(2), "scale": [1.0, -1.0]}, "must be positive"),
        ({"vectors": np.eye(2), "scale": [1.0] * 3}, "one for each of 2"),
    ],
)
def test_what_is_no_direction(arguments, message):
    with pytest.raises(ValueError, match=message):
        Directions(**arguments)


def test_edits_that_cannot_be():
    for size, name, amount, message in [
        (3, "down", 1.0, "no direction 'down'. There are: 'left', 'up'"),
        (3, 2, 1.0, "no direction 2"),
        (4, "up", 1.0, r"directions of z.*Received the shape \(2, 4\)"),
        (3, "up", [1.0, 2.0, 3.0], "one for each of 2 latents"),
        (3, "up", np.nan, "one finite number"),
    ]:
        with pytest.raises(ValueError, match=message):
            two().edit(np.zeros((2, size)), name, amount)


def test_closed_form_orders_by_what_the_first_layer_amplifies():
    directions = closed_form(linear(known_kernel()), 2)
    np.testing.assert_allclose(directions.vectors, np.eye(4)[[1, 0]], atol=1e-5)
    np.testing.assert_allclose(directions.scale, 1, atol=0.1)
    assert len(closed_form(linear(known_kernel()), 99)) == 4


def test_closed_form_of_labels_takes_the_latents_alone():
    sampler = new_conditional()
    assert closed_form(sampler).dim == 3
    first = next(
        layer for layer in sampler.network.layers if getattr(layer, "units", 0) == 8
    )
    kernel = array(first.kernel)[:3]
    _, _, expected = np.linalg.svd(kernel.T)
    found = closed_form(sampler).vectors
    np.testing.assert_allclose(np.abs(found @ expected.T), np.eye(3), atol=1e-4)


def test_closed_form_in_w_takes_all_styles_or_some():
    sampler = new_style()
    directions = closed_form(sampler, 3)
    assert (directions.space, directions.dim) == ("w", 5)
    names = ["stage_1_conv_2_style"]
    kernel = array(sampler.network.synthesis.get_layer(names[0]).kernel)
    _, _, expected = np.linalg.svd(kernel.T)
    found = closed_form(sampler, 1, layers=names).vectors
    assert abs(found @ expected[0]) == pytest.approx(1, abs=1e-4)
    assert closed_form(sampler, space="z").dim == 6
    with pytest.raises(ValueError, match="no layer 'other' with a kernel. There are"):
        closed_form(sampler, layers=["other"])


def test_principal_components_of_activations_and_of_w():
    directions = principal(linear(known_kernel()), 2, num_samples=500)
    assert directions.names == ("component_1", "component_2")
    found = np.abs(directions.vectors @ np.eye(4)[:, [1, 0]])
    np.testing.assert_allclose(found, np.eye(2), atol=0.15)
    sampler = new_style()
    directions = principal(sampler, 3, num_samples=64)
    w = sampler.map(sampler.prior.sample(64, seed=0))
    _, _, expected = np.linalg.svd(w - w.mean(axis=0))
    found = np.abs(directions.vectors @ expected[:3].T)
    np.testing.assert_allclose(found, np.eye(3), atol=1e-3)
    deviations = (w @ directions.vectors.T).std(axis=0)
    np.testing.assert_allclose(directions.scale, deviations, rtol=1e-3)


def test_principal_components_of_another_layer():
    sampler = new_conditional()
    name = sampler.network.layers[-1].name
    assert len(principal(sampler, 2, layer=name, num_samples=16, labels=1)) == 2
    with pytest.raises(ValueError, match="no layer 'other' to look at. It has:"):
        principal(sampler, layer="other", num_samples=16)
    with pytest.raises(ValueError, match="`layer` is for z"):
        principal(new_style(), layer="other", num_samples=16)


def attributes():
    return {
        "first": lambda images: images[:, 0, 0, 0],
        "second": lambda images: images[:, 0, 1, 0] > 0,
    }


def test_attributes_grow_along_their_directions_and_the_others_stay():
    kernel = np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]], "float32")
    sampler = linear(kernel)  # the first pixel is z_1, the second z_1 + z_2
    directions = from_attributes(sampler, attributes(), num_samples=2000)
    assert directions.names == ("first", "second")
    root = np.sqrt(0.5)
    expected = [[root, -root, 0], [0, 1, 0]]
    np.testing.assert_allclose(directions.vectors, expected, atol=0.05)
    mixed = from_attributes(sampler, attributes(), independent=False, num_samples=2000)
    np.testing.assert_allclose(mixed.vectors, [[1, 0, 0], [root, root, 0]], atol=0.08)


def test_attributes_in_w():
    sampler = new_style()
    ink = {"ink": lambda images: images.mean(axis=(1, 2, 3))}
    directions = from_attributes(sampler, ink, num_samples=200)
    w = sampler.map(sampler.prior.sample(20, seed=1))
    brighter = sampler.synthesize(w=directions.edit(w, "ink", 1.0))
    change = brighter.mean(axis=(1, 2, 3)) - sampler.synthesize(w=w).mean((1, 2, 3))
    assert change.mean() > 0


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda images: images, "a finite number for each image"),
        (lambda images: images[:, 0, 0, 0] * np.nan, "a finite number"),
        (lambda images: np.zeros(len(images)), "the same for all images"),
    ],
)
def test_attributes_that_cannot_be_fitted(function, message):
    with pytest.raises(ValueError, match=message):
        from_attributes(linear(known_kernel()), {"a": function}, num_samples=16)


def test_arguments_of_attributes():
    sampler = linear(known_kernel())
    with pytest.raises(ValueError, match="must be a dict"):
        from_attributes(sampler, lambda images: images)
    with pytest.raises(ValueError, match="at least 8"):
        from_attributes(sampler, attributes(), num_samples=7)
    same = {"a": attributes()["first"], "b": attributes()["first"]}
    with pytest.raises(ValueError, match="change together"):
        from_attributes(sampler, same, num_samples=64)
    rng = np.random.default_rng(0)
    chance = {"chance": lambda images: rng.normal(size=len(images))}
    with pytest.warns(UserWarning, match="of the attribute 'chance'"):
        from_attributes(sampler, chance, num_samples=64)
    with pytest.raises(ValueError, match="no mapping network"):
        closed_form(sampler, space="w")
    with pytest.raises(ValueError, match="starts from latents"):
        closed_form(sampler.network)


def test_a_sampler_generates_with_edits():
    sampler = linear(known_kernel())
    with pytest.raises(ValueError, match="has no `latent_directions`. Set them"):
        sampler.generate(2, seed=0, edits={"direction_1": 1.0})
    sampler.latent_directions = closed_form(sampler, 2)
    plain = sampler.generate(3, seed=0)
    edited = sampler.generate(3, seed=0, edits={"direction_1": 2.0})
    moved = sampler.latent_directions.edit(sampler.prior.sample(3, seed=0), 0, 2.0)
    np.testing.assert_allclose(edited, sampler.synthesize(moved), atol=1e-6)
    assert np.abs(edited - plain).max() > 1
    with pytest.raises(ValueError, match="no direction 'other'"):
        sampler.generate(3, edits={"other": 2.0})


def test_a_sampler_edits_w_after_truncation():
    sampler = new_style()
    sampler.latent_directions = closed_form(sampler, 2)
    images = sampler.generate(3, seed=0, truncation_psi=0.5, edits={"direction_2": 1})
    w = sampler.map(sampler.prior.sample(3, seed=0), truncation_psi=0.5)
    expected = sampler.synthesize(w=sampler.latent_directions.edit(w, 1, 1.0))
    np.testing.assert_allclose(images, expected, atol=1e-6)


def test_directions_of_another_generator_are_refused():
    sampler = linear(known_kernel())
    with pytest.raises(ValueError, match="vectors of 3 numbers.*z of 4"):
        sampler.latent_directions = two()
    with pytest.raises(ValueError, match="no mapping network"):
        sampler.latent_directions = Directions(np.eye(4), space="w")
    with pytest.raises(ValueError, match="must be `keras_gan.latents.Directions`"):
        sampler.latent_directions = np.eye(4)
    inputs = keras.Input((8, 8, 1))
    translator = keras_gan.Sampler(
        keras.Model(inputs, keras.layers.Conv2D(1, 1)(inputs))
    )
    with pytest.raises(ValueError, match="takes no latents, so it has no"):
        translator.latent_directions = two()


def test_a_folder_keeps_the_directions_of_a_sampler(tmp_path):
    from keras_gan.presets import folder

    sampler = new_conditional()
    sampler.latent_directions = closed_form(sampler, 2).rename({0: "bold"})
    folder.write(tmp_path / "model", sampler)
    read = keras_gan.from_preset(tmp_path / "model")
    assert read.latent_directions.names == ("bold", "direction_2")
    edits = {"bold": 1.5}
    np.testing.assert_array_equal(
        read.generate(2, seed=0, edits=edits), sampler.generate(2, seed=0, edits=edits)
    )


def test_a_picture_has_a_row_for_each_direction():
    sampler = new_conditional()
    directions = closed_form(sampler, 2)
    picture = plotting.direction_grid(
        sampler, directions, amounts=[-1, 0, 1], padding=0
    )
    assert picture.size == (3 * 4, 2 * 4)
    style = new_style()
    latents = style.map(style.prior.sample(2, seed=0))
    picture = plotting.direction_grid(
        style, closed_form(style, 2), latents, amounts=[0, 1], padding=0
    )
    assert picture.size == (2 * 8, 4 * 8)
