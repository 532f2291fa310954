"""Latents of images, and importance-weighted bounds of their likelihood."""

import math
import weakref

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.validation import arguments

# What is traced of a model, for its next bound.
_NETWORKS = weakref.WeakKeyDictionary()


def encode(model, images, seed, batch_size):
    """Return latents of images; see `keras_gan.models.VAE.encode`."""
    encoded = encode_statistics(model, images, batch_size)
    if seed is None:
        noise = np.zeros((len(images), model.prior.latent_dim), "float32")
    else:
        noise = model.prior.sample(len(images), seed=arguments.seed(seed))
        noise = ops.convert_to_numpy(noise)
    network = _networks(model, [each.shape[1:] for each in encoded])["latents"]
    return _predict(model, network, [*encoded, noise], batch_size)


def encode_statistics(model, images, batch_size):
    """Return the encoder's outputs for images, as a list of arrays."""
    parts = [
        keras.tree.flatten(_predict(model, model.encoder, part, len(part)))
        for part in np.split(images, range(batch_size, len(images), batch_size))
    ]
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


def bound(model, images, samples, seed, batch_size):
    """Return the bound of each image; see `keras_gan.models.VAE.bound`.

    The encoder runs once an image. Of the weights only the logarithm of their sum is
    kept, chunk by chunk.
    """
    encoded = encode_statistics(model, images, batch_size)
    network = _networks(model, [each.shape[1:] for each in encoded])["weights"]
    generator = np.random.default_rng(arguments.seed(seed))
    per_chunk = min(samples, batch_size)
    rows = max(batch_size // per_chunk, 1)  # images at a time
    bounds = []
    for start in range(0, len(images), rows):
        part = [each[start : start + rows] for each in (*encoded, images)]
        total = np.full(len(part[0]), -np.inf)
        for first in range(0, samples, per_chunk):
            number = min(per_chunk, samples - first)
            repeated = [np.repeat(each, number, axis=0) for each in part]
            shape = (len(repeated[0]), model.prior.latent_dim)
            noise = generator.standard_normal(shape, dtype="float32")
            inputs = [*repeated, noise]
            weights = _predict(model, network, inputs, len(noise))
            weights = weights.astype("float64").reshape(-1, number)
            total = np.logaddexp(total, np.logaddexp.reduce(weights, axis=1))
        bounds.append(total - math.log(samples))
    return np.concatenate(bounds)


def _predict(model, network, inputs, batch_size):
    network.run_eagerly = model.run_eagerly
    return backend.predict(network, inputs, batch_size)


def _networks(model, shapes):
    """Return networks from what was encoded and noise, to latents and to log weights.

    That to the weights, of a model with a likelihood, takes the images too.
    """
    if model in _NETWORKS:
        return _NETWORKS[model]
    encoded = [keras.Input(shape) for shape in shapes]
    images = keras.Input(model.image_shape)
    noise = keras.Input((model.prior.latent_dim,))
    mean, log_sd = model.latent_statistics(encoded, noise)
    z = mean + ops.exp(log_sd) * noise
    found = {"latents": keras.Model([*encoded, noise], z)}
    if hasattr(model, "likelihood"):
        log_p_x = model.likelihood(ops.cast(model.generator(z), "float32"), images)
        # log p(z) - log q(z | x): the constants of both normals cancel.
        log_ratio = 0.5 * (ops.square(noise) - ops.square(z)) + log_sd
        weights = log_p_x + ops.sum(log_ratio, axis=-1)
        found["weights"] = keras.Model([*encoded, images, noise], weights)
    return _NETWORKS.setdefault(model, found)
