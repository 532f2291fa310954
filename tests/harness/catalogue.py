"""One entry for every public class and architecture: how a test makes a small one.

The names come from the package itself. A public name without an entry fails
`test_every_public_name_has_an_entry`, which says what to add. A key is the name
alone, or `"Name: what is special"` for a further case.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

import keras_gan
from keras_gan import (
    architectures,
    augment,
    invariance,
    latents,
    layers,
    likelihoods,
    losses,
    models,
    tables,
)
from keras_gan import initializers as own_initializers
from keras_gan import optimizers as own_optimizers
from keras_gan import penalties as own_penalties

# What others are derived from, what nobody can use alone, and what a function returns.
ABSTRACT = {
    *("AdversarialLoss", "AdversarialModel", "Augmentation", "Autoencoder"),
    *("GeneratorPenalty", "ImageTranslator", "LatentVariableModel", "Likelihood"),
    *("Penalty", "Prior", "Projection"),
}


@dataclass
class LayerCase:
    """A layer and the shapes of its inputs and outputs, batch included."""

    make: Callable  # from `dtype` to a layer
    input_shape: tuple
    output_shape: tuple
    num_classes: int | None = None  # a second input, of labels
    beside: tuple | None = None  # the shape of a second input, of numbers
    is_random: bool = False  # whether two passes of training differ
    ignores_values: bool = False  # whether outputs do not depend on the values
    is_stepwise: bool = False  # whether outputs are constant nearly everywhere


def spectral(dtype):
    inner = keras.layers.Conv2D(3, 3, padding="same", dtype=dtype)
    return layers.SpectralNormalization(inner)


LAYERS = {
    "AutoregressiveDense": LayerCase(
        lambda dtype: layers.AutoregressiveDense(8, 4, dtype=dtype), (4, 6), (4, 8)
    ),
    "AutoregressiveDense: the only one": LayerCase(
        lambda dtype: layers.AutoregressiveDense(
            12, 6, is_first=True, is_last=True, dtype=dtype
        ),
        (4, 6),
        (4, 12),
    ),
    "BasisExpansion": LayerCase(
        lambda dtype: layers.BasisExpansion(3, 5, dtype=dtype), (4, 6), (4, 3, 5, 6)
    ),
    "BasisProjection": LayerCase(
        lambda dtype: layers.BasisProjection(dtype=dtype), (4, 3, 5, 6), (4, 6)
    ),
    "BatchNormalization": LayerCase(
        lambda dtype: layers.BatchNormalization(dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 6),
    ),
    "BatchNormalization: of vectors": LayerCase(
        lambda dtype: layers.BatchNormalization(dtype=dtype), (8, 6), (8, 6)
    ),
    "BilinearDownsample": LayerCase(
        lambda dtype: layers.BilinearDownsample(dtype=dtype), (4, 4, 6, 3), (4, 2, 3, 3)
    ),
    "BilinearUpsample": LayerCase(
        lambda dtype: layers.BilinearUpsample(dtype=dtype), (4, 2, 3, 3), (4, 4, 6, 3)
    ),
    "ClipAtInference": LayerCase(
        lambda dtype: layers.ClipAtInference(-0.5, 0.5, dtype=dtype), (4, 6), (4, 6)
    ),
    "ConditionalBatchNormalization": LayerCase(
        lambda dtype: layers.ConditionalBatchNormalization(3, dtype=dtype),
        (6, 3, 5, 4),
        (6, 3, 5, 4),
        num_classes=3,
    ),
    "Conv2D": LayerCase(
        lambda dtype: layers.Conv2D(5, 4, strides=2, padding="same", dtype=dtype),
        (4, 8, 6, 3),
        (4, 4, 3, 5),
    ),
    "Conv2DTranspose": LayerCase(
        lambda dtype: layers.Conv2DTranspose(
            3, 4, strides=2, padding="same", dtype=dtype
        ),
        (4, 4, 3, 5),
        (4, 8, 6, 3),
    ),
    "Correlation": LayerCase(
        lambda dtype: layers.Correlation([[1, 0.5], [0.5, 1]], dtype=dtype),
        (4, 2),
        (4, 2),
    ),
    "Dropout": LayerCase(
        lambda dtype: layers.Dropout(0.5, seed=1, dtype=dtype),
        (4, 6),
        (4, 6),
        is_random=True,
    ),
    "EqualizedConv2D": LayerCase(
        lambda dtype: layers.EqualizedConv2D(5, 3, gain=1.5, dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 5),
    ),
    "EqualizedConv2D: downsample": LayerCase(
        lambda dtype: layers.EqualizedConv2D(5, 3, downsample=True, dtype=dtype),
        (4, 4, 6, 3),
        (4, 2, 3, 5),
    ),
    "EqualizedDense": LayerCase(
        lambda dtype: layers.EqualizedDense(
            5, learning_rate_multiplier=0.1, bias_initializer="ones", dtype=dtype
        ),
        (4, 6),
        (4, 5),
    ),
    "Fade": LayerCase(
        lambda dtype: layers.Fade(0.25, dtype=dtype), (4, 6), (4, 6), beside=(4, 6)
    ),
    "ImagePool": LayerCase(
        lambda dtype: layers.ImagePool(8, dtype=dtype), (4, 3, 5, 6), (4, 3, 5, 6)
    ),
    "GroupedConv2D": LayerCase(
        lambda dtype: layers.GroupedConv2D(6, 3, groups=2, padding="same", dtype=dtype),
        (4, 5, 4, 4),
        (4, 5, 4, 6),
    ),
    "LearnedConstant": LayerCase(
        lambda dtype: layers.LearnedConstant(3, 5, 2, dtype=dtype),
        (4, 6),
        (4, 3, 5, 2),
        ignores_values=True,
    ),
    "Maxout": LayerCase(
        lambda dtype: layers.Maxout(5, num_pieces=3, dtype=dtype), (4, 6), (4, 5)
    ),
    "MinibatchStdDev": LayerCase(
        lambda dtype: layers.MinibatchStdDev(2, num_channels=3, dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 9),
    ),
    "ModulatedConv2D": LayerCase(
        lambda dtype: layers.ModulatedConv2D(5, 3, upsample=True, dtype=dtype),
        (4, 2, 3, 6),
        (4, 4, 6, 5),
        beside=(4, 6),
    ),
    "ModulatedConv2D: not demodulated": LayerCase(
        lambda dtype: layers.ModulatedConv2D(5, 1, demodulate=False, dtype=dtype),
        (4, 2, 3, 6),
        (4, 2, 3, 5),
        beside=(4, 6),
    ),
    "NoiseInjection": LayerCase(
        lambda dtype: layers.NoiseInjection(seed=1, dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 6),
    ),
    "Packing": LayerCase(
        lambda dtype: layers.Packing(2, dtype=dtype), (4, 3, 5, 6), (2, 3, 5, 12)
    ),
    "PixelNormalization": LayerCase(
        lambda dtype: layers.PixelNormalization(dtype=dtype), (4, 3, 5, 6), (4, 3, 5, 6)
    ),
    "PointwiseConv2D": LayerCase(
        lambda dtype: layers.PointwiseConv2D(5, dtype=dtype), (4, 3, 5, 6), (4, 3, 5, 5)
    ),
    "RunningMean": LayerCase(
        lambda dtype: layers.RunningMean(dtype=dtype), (4, 6), (4, 6)
    ),
    "ScaledLeakyReLU": LayerCase(
        lambda dtype: layers.ScaledLeakyReLU(clip=1.0, dtype=dtype), (4, 6), (4, 6)
    ),
    "Quadrant": LayerCase(
        lambda dtype: layers.Quadrant(dtype=dtype), (5, 4, 6, 3), (5, 2, 3, 3)
    ),
    "RankCode": LayerCase(
        lambda dtype: layers.RankCode([[-1, 0, 1], [-1, 1]], dtype=dtype),
        (4, 2),
        (4, 3),
    ),
    "ReflectionPadding2D": LayerCase(
        lambda dtype: layers.ReflectionPadding2D(2, dtype=dtype),
        (4, 3, 5, 6),
        (4, 7, 9, 6),
    ),
    "ScoreLogits": LayerCase(
        lambda dtype: layers.ScoreLogits([[0.0], [-1, 1]], dtype=dtype),
        (4, 2),
        (4, 5),
        is_stepwise=True,
    ),
    "SelfAttention": LayerCase(
        lambda dtype: layers.SelfAttention(dtype=dtype), (4, 4, 6, 8), (4, 4, 6, 8)
    ),
    "SelfAttention: spectral": LayerCase(
        lambda dtype: layers.SelfAttention(spectral_norm=True, dtype=dtype),
        (4, 4, 6, 8),
        (4, 4, 6, 8),
    ),
    "SharpPoints": LayerCase(
        lambda dtype: layers.SharpPoints([True, False], dtype=dtype), (4, 2), (4, 2)
    ),
    "SlicedLogits": LayerCase(
        lambda dtype: layers.SlicedLogits(dtype=dtype), (4, 6), (4, 2)
    ),
    "SlicedLogits: of maps": LayerCase(
        lambda dtype: layers.SlicedLogits((2, 3), dtype=dtype),
        (4, 3, 5, 6),
        (4, 2, 3, 2),
    ),
    "SlicedLogits: with vectors": LayerCase(
        lambda dtype: layers.SlicedLogits(dtype=dtype), (4, 6), (4, 2), beside=(4, 6)
    ),
    "SpectralNormalization": LayerCase(spectral, (4, 5, 4, 2), (4, 5, 4, 3)),
    "TableOutput": LayerCase(
        lambda dtype: layers.TableOutput(
            [[-1, 0, 1], [-1, 1]], [], [-1, -1], [-1, -1], dtype=dtype
        ),
        (4, 2),
        (4, 3),
    ),
}

LIKELIHOODS = {
    "Bernoulli": likelihoods.Bernoulli,
    "DiscretizedLogistic": likelihoods.DiscretizedLogistic,
    "Gaussian": lambda: likelihoods.Gaussian(0.5, learned=False),
}

INVARIANCES = {
    "CategoryInvariance": lambda: invariance.CategoryInvariance(
        augment.DiffAugment(["translation"]), weight=1.5, balance=0.5, code="kind"
    ),
}

LOSSES = {
    "Hinge": losses.Hinge,
    "LeastSquares": losses.LeastSquares,
    "LeastSquares: not halved": lambda: losses.LeastSquares(factor=1.0),
    "Minimax": losses.Minimax,
    "NonSaturating": losses.NonSaturating,
    "NonSaturating: smoothed": lambda: losses.NonSaturating(label_smoothing=0.1),
    "RelativisticPairing": losses.RelativisticPairing,
    "Wasserstein": losses.Wasserstein,
    "Wasserstein: drift": lambda: losses.Wasserstein(drift=0.1),
}

PENALTIES = {
    "DRAGAN": lambda: own_penalties.DRAGAN(2.0, spread=0.3),
    "GradientPenalty": lambda: own_penalties.GradientPenalty(2.0),
    "R1": lambda: own_penalties.R1(0.5),
    "R1: scheduled": lambda: own_penalties.R1(own_optimizers.CosineBurnIn(2, 1, 64)),
    "R2": lambda: own_penalties.R2(0.5),
    "WeightClipping": lambda: own_penalties.WeightClipping(0.02),
}

GENERATOR_PENALTIES = {
    "PathLength": lambda: own_penalties.PathLength(0.5, interval=1),
    "PathLength: half the batch": lambda: own_penalties.PathLength(
        0.5, interval=1, batch_shrink=2
    ),
}

PRIORS = {
    "Categorical": lambda: latents.Categorical(6),
    "NoiseAndCodes": lambda: latents.NoiseAndCodes(
        latents.Normal(3),
        {"kind": latents.Categorical(2), "size": latents.Uniform(1)},
    ),
    "Normal": lambda: latents.Normal(6),
    "Uniform": lambda: latents.Uniform(6, low=-2.0, high=3.0),
}

DIRECTIONS = {
    "Directions": lambda: latents.Directions(
        [[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]], ["left", "up"], scale=[0.5, 2.0]
    ),
}

AUGMENTATIONS = {
    "AdaptiveAugment": lambda: augment.AdaptiveAugment(
        ramp_images=10, interval=1, probability=0.5
    ),
    "DiffAugment": lambda: augment.DiffAugment(["translation", "color"]),
    "RandomAugment": lambda: augment.RandomAugment(0.5, {"color": 1.0, "blit": 0.5}),
    "RandomAugment: complete": lambda: augment.RandomAugment(
        0.7,
        ["blit", "geometry", "color", "filter", "noise", "cutout"],
        {"noise": 0.05},
        "wavelet",
    ),
    "ScheduledAugment": lambda: augment.ScheduledAugment(
        own_optimizers.CosineBurnIn(0.5, 1.0, 100)
    ),
}

INITIALIZERS = {"ICNR": lambda: own_initializers.ICNR("he_normal")}

OPTIMIZERS = {
    "ScheduledAdam": lambda: own_optimizers.ScheduledAdam(
        own_optimizers.CosineBurnIn(1e-2, 1e-3, 100),
        beta_2=own_optimizers.CosineBurnIn(0.9, 0.99, 100),
    ),
    "AdversarialOptimizer": lambda: own_optimizers.AdversarialOptimizer(
        {
            "discriminator": keras.optimizers.Adam(1e-3),
            "generator": own_optimizers.ScheduledAdam(1e-4),
        }
    ),
    "ScheduledSGD": lambda: own_optimizers.ScheduledSGD(
        own_optimizers.GeometricDecay(0.1, 1.001),
        keras.optimizers.schedules.PolynomialDecay(0.5, 100, 0.7),
    ),
    "GeometricDecay": lambda: own_optimizers.GeometricDecay(0.1, 1.001),
    "ConstantThenLinear": lambda: own_optimizers.ConstantThenLinear(2e-4, 100, 50, 10),
    "CosineBurnIn": lambda: own_optimizers.CosineBurnIn(2e-4, 5e-5, 1_000, 10),
    "EMA": lambda: own_optimizers.EMA(500),
    "EMA: with a ramp": lambda: own_optimizers.EMA(500, ramp_up=0.05),
    "EMA: recomputing": lambda: own_optimizers.EMA(500, recompute_images=64),
    "EMA: scheduled": lambda: own_optimizers.EMA(
        own_optimizers.CosineBurnIn(0, 500, 100)
    ),
}


@dataclass
class PairCase:
    """A pair of networks, small, for images or points of a shape."""

    make: Callable  # from nothing to `(generator, discriminator)`
    shape: tuple
    num_classes: int | None = None
    classifies: bool = False  # whether D tells the class instead of taking it
    num_packed: int = 1
    num_logits: int = 1
    beside: int | tuple | None = None  # the size or shape of a second output of D
    outputs: list | None = None  # the shapes of D's outputs, where they are others


_STYLE = {"latent_dim": 6, "width": 4, "max_width": 6, "w_dim": 5}
_STYLE |= {"num_mapping_layers": 2, "group_size": 2}

ARCHITECTURES = {
    "cogan": PairCase(
        lambda: architectures.cogan((8, 16, 1), 6, width=4, units=8),
        (8, 16, 1),
        num_logits=2,
    ),
    "dcgan": PairCase(lambda: architectures.dcgan((8, 8, 1), 6, width=4), (8, 8, 1)),
    "dcgan: projection": PairCase(
        lambda: architectures.dcgan(
            (8, 8, 3), 6, 3, width=4, conditioning="projection"
        ),
        (8, 8, 3),
        3,
    ),
    "dcgan: packed": PairCase(
        lambda: architectures.dcgan((8, 8, 1), 6, width=4, num_packed=2),
        (8, 8, 1),
        num_packed=2,
    ),
    "fastgan": PairCase(
        lambda: architectures.fastgan((32, 48, 1), 6, width=2, discriminator_width=1),
        (32, 48, 1),
        outputs=[(45, 1), (16, 24, 1), (16, 24, 1)],
    ),
    "infogan": PairCase(
        lambda: architectures.infogan((8, 8, 1), 6, 3, width=4, units=8),
        (8, 8, 1),
        beside=3,
    ),
    "mlp": PairCase(lambda: architectures.mlp((5,), 6, None, (8,), (8,)), (5,)),
    "mlp: auxiliary": PairCase(
        lambda: architectures.mlp((5,), 6, 3, (8,), (8,), conditioning="auxiliary"),
        (5,),
        3,
        classifies=True,
    ),
    "mlp_2014": PairCase(lambda: architectures.mlp_2014((4, 4, 1), 6), (4, 4, 1)),
    "progressive": PairCase(
        lambda: architectures.progressive((8, 12, 3), 6, width=8, max_width=8),
        (8, 12, 3),
    ),
    "progressive: classes": PairCase(
        lambda: architectures.progressive((8, 8, 1), 6, 3, width=8, max_width=8),
        (8, 8, 1),
        3,
    ),
    "r3gan": PairCase(
        lambda: architectures.r3gan((8, 8, 3), 6, width=8, num_blocks=1), (8, 8, 3)
    ),
    "r3gan: patches, classes": PairCase(
        lambda: architectures.r3gan(
            (8, 8, 1), 6, 3, width=8, num_blocks=1, patch_size=2
        ),
        (8, 8, 1),
        3,
    ),
    "resnet": PairCase(
        lambda: architectures.resnet((16, 16, 3), 6, width=4, attention_at=8),
        (16, 16, 3),
    ),
    "resnet: classes": PairCase(
        lambda: architectures.resnet((16, 16, 1), 6, 3, width=4), (16, 16, 1), 3
    ),
    "smooth_patches": PairCase(lambda: _smoothed(), (8, 8, 3)),
    "stylegan2": PairCase(
        lambda: architectures.stylegan2((8, 8, 3), **_STYLE), (8, 8, 3)
    ),
    "stylegan2: resnet, classes": PairCase(
        lambda: architectures.stylegan2(
            (8, 12, 1), num_classes=3, synthesis="resnet", **_STYLE
        ),
        (8, 12, 1),
        3,
    ),
    "vaegan": PairCase(
        lambda: architectures.vaegan((8, 8, 1), 6, width=4, units=8)[1:],
        (8, 8, 1),
        beside=(2, 2, 8),
    ),
}


@dataclass
class TranslatorCase:
    """Networks from images, and the shapes of what each takes and makes."""

    make: Callable  # from nothing to a tuple of networks
    taken: list  # for each network a shape, or a list of shapes
    made: list  # for each network a shape


_GREY = (8, 12, 1)


def _smoothed():
    generator, discriminator = architectures.r3gan(
        (8, 8, 3), 6, width=8, num_blocks=1, patch_size=2
    )
    return architectures.smooth_patches(generator), discriminator


def _projected(**arguments):
    """A discriminator that sees through a few layers of random weights."""
    settings = {"width": 4, "feature_size": 32, "weights": None}
    return architectures.projected_discriminator((8, 12, 3), **settings, **arguments)


TRANSLATORS = {
    "cyclegan": TranslatorCase(
        lambda: architectures.cyclegan((8, 12, 1), 3, num_blocks=1, width=4, field=16)[
            ::3
        ],
        [(8, 12, 1), (8, 12, 3)],
        [(8, 12, 3), (2, 4, 1)],
    ),
    "pix2pix": TranslatorCase(
        lambda: architectures.pix2pix((8, 12, 1), 3, width=4, depth=2, field=16),
        [(8, 12, 1), [(8, 12, 1), (8, 12, 3)]],
        [(8, 12, 3), (2, 4, 1)],
    ),
    "projected_discriminator": TranslatorCase(
        lambda: (_projected(num_scales=1), _projected(num_scales=1, condition=_GREY)),
        [(8, 12, 3), [_GREY, (8, 12, 3)]],
        [(2, 1), (2, 1)],
    ),
}
TRANSLATORS |= {
    "mlp_vae": TranslatorCase(
        lambda: architectures.mlp_vae((5,), 6, (8,), (8,)),
        [(5,), (6,)],
        [(12,), (5,)],
    ),
    "vae": TranslatorCase(
        lambda: architectures.vae((8, 12, 1), 6, width=4, units=8),
        [(8, 12, 1), (6,)],
        [(12,), (8, 12, 1)],
    ),
    "vae: posterior": TranslatorCase(
        lambda: (architectures.vae_posterior(6, context=5, units=8),),
        [[(12,), (5,), (6,)]],
        [(12,)],
    ),
    "vaegan: encoder": TranslatorCase(
        lambda: architectures.vaegan((8, 8, 1), 6, width=4, units=8)[:1],
        [(8, 8, 1)],
        [(12,)],
    ),
}
# The functions that make their networks one by one.
PARTS = dict.fromkeys(("patch_discriminator", "resnet_translator", "unet"))
PARTS |= dict.fromkeys(("couple_discriminators", "couple_generators"))
PARTS |= dict.fromkeys(("san_discriminator", "semi_supervised_discriminator"))
# Those for tables, which tests/tables looks at.
PARTS |= dict.fromkeys(("tabular", "tabular_discriminator", "tabular_generator"))


@dataclass
class ModelCase:
    """A model on small networks, and what it learns from."""

    make: Callable  # from nothing to a model that is not compiled
    shape: tuple
    num_classes: int | None = None
    targets: tuple | None = None  # the shape of the images that it translates to
    moves_a_part: bool = False  # of its networks in a step, as one that grows
    has_average: bool = True  # whether it takes `ema`
    generates_classes: bool = True  # whether labels say what to generate, too


def _points(num_classes=None, **kwargs):
    return architectures.mlp((5,), 6, num_classes, (8,), (8,), **kwargs)


def _sliced(num_classes=None):
    generator, discriminator = _points(num_classes)
    return generator, architectures.san_discriminator(discriminator)


def _few_labels():
    generator, discriminator = _points()
    discriminator = architectures.semi_supervised_discriminator(discriminator, 3)
    return models.SemiSupervisedGAN(generator, discriminator, seed=0)


def _translator(shape, channels):
    x = inputs = keras.Input(shape)
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(channels, 3, padding="same", activation="tanh", dtype="float32")(
        x
    )
    return keras.Model(inputs, x)


def _patches(*shapes):
    inputs = [keras.Input(shape) for shape in shapes]
    x = inputs[0] if len(inputs) == 1 else keras.layers.Concatenate()(inputs)
    x = keras.layers.LeakyReLU(0.2)(layers.Conv2D(4, 4, strides=2)(x))
    x = layers.Conv2D(1, 2, dtype="float32")(x)
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, x)


def _coupled():
    return models.CoGAN(*architectures.cogan((8, 16, 1), 6, width=4, units=8), seed=0)


def _drawing():
    """A FastGAN of one layer each: tests/architectures trains those of the paper."""
    latents, images = keras.Input((6,)), keras.Input((8, 8, 1))
    x = keras.layers.Dense(64, activation="tanh", dtype="float32")(latents)
    generator = keras.Model(latents, keras.layers.Reshape((8, 8, 1))(x))
    maps = layers.Conv2D(4, 3, 2, padding="same", activation="leaky_relu")(images)
    outputs = [keras.layers.Dense(1, dtype="float32")(maps) for _ in range(3)]
    return models.FastGAN(generator, keras.Model(images, outputs), seed=0)


def _coded():
    prior = PRIORS["NoiseAndCodes"]()
    data = keras.Input((5,))
    features = layers.Maxout(8, 2)(data)
    outputs = [keras.layers.Dense(n, dtype="float32")(features) for n in (1, 3)]
    discriminator = keras.Model(data, outputs)
    generator = architectures.mlp_generator((5,), 6, None, (8,))
    return models.InfoGAN(generator, discriminator, prior, seed=0)


def _grown():
    networks = architectures.progressive((8, 8, 1), 6, width=16, growing=True)
    model = models.ProgressiveGAN(*networks, seed=0)
    model.whole_generator()
    return model


def _tabular():
    rng = np.random.default_rng(0)
    number = tables.NumberColumn.fit(rng.normal(size=100))
    columns = [tables.Column(name, "number", "float64") for name in "ab"]
    codec = tables.TableCodec(columns, dict.fromkeys("ab", number), {}, np.eye(2), 100)
    return models.TabularGAN(codec, *architectures.tabular(codec, (8,), 6), seed=0)


def _autoencoder():
    networks = architectures.mlp_vae((5,), 6, (8,), (8,))
    return models.VAE(*networks, likelihood="gaussian", seed=0)


def _flow():
    """An encoder with a context, and a posterior whose latents follow each other."""
    data = keras.Input((5,))
    outputs = [keras.layers.Dense(n, dtype="float32")(data) for n in (12, 3)]
    posterior = architectures.vae_posterior(6, context=3, units=8)
    generator = architectures.mlp_vae_generator((5,), 6, (8,))
    encoder = keras.Model(data, outputs)
    return models.VAE(
        encoder, generator, likelihood="gaussian", posterior=posterior, seed=0
    )


def _with_features():
    data = keras.Input((5,))
    features = layers.Maxout(8, 2)(data)
    near_zero = keras.initializers.RandomNormal(stddev=0.05)  # for nobody waits then
    head = keras.layers.Dense(1, kernel_initializer=near_zero, dtype="float32")
    outputs = [head(features), features]
    networks = architectures.mlp_vae((5,), 6, (8,), (8,))
    return models.VAEGAN(*networks, keras.Model(data, outputs), seed=0)


MODELS = {
    "ACGAN": ModelCase(
        lambda: models.ACGAN(
            *_points(3, conditioning="auxiliary"), num_classes=3, seed=0
        ),
        (5,),
        3,
    ),
    "CoGAN": ModelCase(_coupled, (8, 16, 1)),
    "CycleGAN": ModelCase(
        lambda: models.CycleGAN(
            *[_translator((6, 8, 2), 2) for _ in range(2)],
            *[_patches((6, 8, 2)) for _ in range(2)],
            seed=0,
        ),
        (6, 8, 2),
        targets=(6, 8, 2),
    ),
    "FastGAN": ModelCase(_drawing, (8, 8, 1)),
    "GAN": ModelCase(lambda: keras_gan.GAN(*_points(), seed=0), (5,)),
    "GAN: classes": ModelCase(
        lambda: keras_gan.GAN(*_points(3), num_classes=3, seed=0), (5,), 3
    ),
    "InfoGAN": ModelCase(_coded, (5,)),
    "Pix2Pix": ModelCase(
        lambda: models.Pix2Pix(
            _translator((6, 8, 1), 2), _patches((6, 8, 1), (6, 8, 2)), seed=0
        ),
        (6, 8, 1),
        targets=(6, 8, 2),
    ),
    "ProgressiveGAN": ModelCase(_grown, (8, 8, 1), moves_a_part=True),
    "SemiSupervisedGAN": ModelCase(_few_labels, (5,), 3, generates_classes=False),
    "SAN": ModelCase(lambda: models.SAN(*_sliced(), seed=0), (5,)),
    "SAN: classes": ModelCase(
        lambda: models.SAN(*_sliced(3), num_classes=3, seed=0), (5,), 3
    ),
    "SimultaneousGAN": ModelCase(
        lambda: models.SimultaneousGAN(*_points(), seed=0), (5,)
    ),
    "TabularGAN": ModelCase(_tabular, (32,)),
    "VAE": ModelCase(_autoencoder, (5,), has_average=False),
    "VAE: posterior": ModelCase(_flow, (5,), has_average=False),
    "VAEGAN": ModelCase(_with_features, (5,)),
}

NETWORKS = ("generator", "discriminator", "encoder", "posterior")

# Where public names come from, and the entries that must cover them.
TABLES = {
    "architectures": (architectures, {**ARCHITECTURES, **TRANSLATORS, **PARTS}),
    "augment": (augment, AUGMENTATIONS),
    "initializers": (own_initializers, INITIALIZERS),
    "invariance": (invariance, INVARIANCES),
    "latents": (latents, {**PRIORS, **DIRECTIONS}),
    "layers": (layers, LAYERS),
    "likelihoods": (likelihoods, LIKELIHOODS),
    "losses": (losses, LOSSES),
    "models": (models, MODELS),
    "optimizers": (own_optimizers, OPTIMIZERS),
    "penalties": (own_penalties, {**PENALTIES, **GENERATOR_PENALTIES}),
}


def public_names(module):
    """The public classes of a module, and the functions of `architectures`."""
    exported = getattr(module, "__all__", None) or [
        name
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", None) == module.__name__
    ]
    kind = inspect.isfunction if module is architectures else inspect.isclass
    return {
        name
        for name in exported
        if not name.startswith("_") and kind(getattr(module, name))
    } - ABSTRACT


def missing_entries(module, entries):
    """The public names of a module that no entry covers.

    An entry of a pair covers the functions that make its networks one by one.
    """
    covered = {key.split(":")[0] for key in entries}
    covered |= {f"{name}_{own}" for name in covered for own in NETWORKS}
    return sorted(public_names(module) - covered)
