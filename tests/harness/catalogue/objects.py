"""Every loss, penalty, prior, augmentation and optimizer: a small one."""

import keras

from keras_gan import augment, invariance, latents, likelihoods, losses
from keras_gan import initializers as own_initializers
from keras_gan import optimizers as own_optimizers
from keras_gan import penalties as own_penalties

LIKELIHOODS = {
    "Bernoulli": likelihoods.Bernoulli,
    "DiscretizedLogistic": likelihoods.DiscretizedLogistic,
    "Gaussian": lambda: likelihoods.Gaussian(0.5, learned=False),
}

INVARIANCES = {
    "CategoryInvariance": lambda: invariance.CategoryInvariance(
        augment.DiffAugment(["translation"]), weight=1.5, balance=0.5, code="kind"
    ),
    "NumberEquivariance": lambda: invariance.NumberEquivariance(
        {"code_1": "slant"}, weight=1.5, step=0.25, strengths={"slant": 0.2}
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
    "Muon": lambda: own_optimizers.Muon(
        own_optimizers.CosineBurnIn(1e-2, 1e-3, 100), momentum=0.9
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
