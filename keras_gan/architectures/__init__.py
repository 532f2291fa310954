"""Generators and discriminators: a function for each network, and one for the pair.

`dcgan(...)` returns `(generator, discriminator)`; `dcgan_generator(...)` and
`dcgan_discriminator(...)` return one network each. They are plain Keras models.
Change them, or bring your own: a GAN takes any generator from latents to data and any
discriminator from data to logits.

For image translation `resnet_translator` and `unet` turn images into images, and
`patch_discriminator` gives a logit for each patch; `cyclegan(...)` and `pix2pix(...)`
return the set of networks that `keras_gan.models.CycleGAN` and `Pix2Pix` take.

`vae(...)` returns `(encoder, generator)`, for `keras_gan.models.VAE`,
and `vaegan(...)` a discriminator too.

Every layer with weights has a name that says where it is, such as `block_2_conv_1`:
`generator.get_layer("block_2_conv_1").kernel`. What the families share, such as the
ways a label comes in, is in `keras_gan.architectures.heads`.
"""

from keras_gan.architectures import heads
from keras_gan.architectures.cogan import cogan, cogan_discriminator, cogan_generator
from keras_gan.architectures.coupled import couple_discriminators, couple_generators
from keras_gan.architectures.cyclegan import cyclegan
from keras_gan.architectures.dcgan import dcgan, dcgan_discriminator, dcgan_generator
from keras_gan.architectures.fastgan import (
    fastgan,
    fastgan_discriminator,
    fastgan_generator,
)
from keras_gan.architectures.infogan import (
    infogan,
    infogan_discriminator,
    infogan_generator,
)
from keras_gan.architectures.mlp import (
    mlp,
    mlp_2014,
    mlp_2014_discriminator,
    mlp_2014_generator,
    mlp_discriminator,
    mlp_generator,
)
from keras_gan.architectures.patch_discriminator import patch_discriminator
from keras_gan.architectures.pix2pix import pix2pix
from keras_gan.architectures.progressive import (
    progressive,
    progressive_discriminator,
    progressive_generator,
)
from keras_gan.architectures.projected_discriminator import projected_discriminator
from keras_gan.architectures.r3gan import r3gan, r3gan_discriminator, r3gan_generator
from keras_gan.architectures.resnet import (
    resnet,
    resnet_discriminator,
    resnet_generator,
)
from keras_gan.architectures.resnet_translator import resnet_translator
from keras_gan.architectures.san import san_discriminator
from keras_gan.architectures.semi_supervised import semi_supervised_discriminator
from keras_gan.architectures.smoothing import smooth_patches
from keras_gan.architectures.style_generator import StyleGenerator
from keras_gan.architectures.stylegan2 import stylegan2
from keras_gan.architectures.stylegan2_discriminator import stylegan2_discriminator
from keras_gan.architectures.stylegan2_generator import stylegan2_generator
from keras_gan.architectures.tabular import (
    tabular,
    tabular_discriminator,
    tabular_generator,
)
from keras_gan.architectures.unet import unet
from keras_gan.architectures.vae import (
    mlp_vae,
    mlp_vae_encoder,
    mlp_vae_generator,
    vae,
    vae_encoder,
    vae_generator,
    vae_posterior,
)
from keras_gan.architectures.vaegan import (
    vaegan,
    vaegan_discriminator,
    vaegan_encoder,
    vaegan_generator,
)

__all__ = [
    "StyleGenerator",
    "cogan",
    "cogan_discriminator",
    "cogan_generator",
    "couple_discriminators",
    "couple_generators",
    "cyclegan",
    "dcgan",
    "dcgan_discriminator",
    "dcgan_generator",
    "fastgan",
    "fastgan_discriminator",
    "fastgan_generator",
    "heads",
    "infogan",
    "infogan_discriminator",
    "infogan_generator",
    "mlp",
    "mlp_2014",
    "mlp_2014_discriminator",
    "mlp_2014_generator",
    "mlp_discriminator",
    "mlp_generator",
    "mlp_vae",
    "mlp_vae_encoder",
    "mlp_vae_generator",
    "patch_discriminator",
    "pix2pix",
    "progressive",
    "progressive_discriminator",
    "progressive_generator",
    "projected_discriminator",
    "r3gan",
    "r3gan_discriminator",
    "r3gan_generator",
    "resnet",
    "resnet_discriminator",
    "resnet_generator",
    "resnet_translator",
    "san_discriminator",
    "semi_supervised_discriminator",
    "smooth_patches",
    "stylegan2",
    "stylegan2_discriminator",
    "stylegan2_generator",
    "tabular",
    "tabular_discriminator",
    "tabular_generator",
    "unet",
    "vae",
    "vae_encoder",
    "vae_generator",
    "vae_posterior",
    "vaegan",
    "vaegan_discriminator",
    "vaegan_encoder",
    "vaegan_generator",
]
