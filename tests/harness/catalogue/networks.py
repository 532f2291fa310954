"""Every architecture: small networks, and the shapes of what they take and give."""

from collections.abc import Callable
from dataclasses import dataclass

from keras_gan import architectures


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
        lambda: architectures.cogan((8, 16, 1), 6, width=4, units=8, shared_maps=2),
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
