"""The presets: data, and nothing else, a file for each data set.

Those of small data sets were chosen on two processor cores; the settings of large
ones follow the published ones, and wait for somebody with a GPU.
"""

from keras_gan.presets.table import (
    autoencoders,
    codes,
    color,
    families,
    fashion_mnist,
    fastgan,
    mnist,
    projected,
    stacked_mnist,
    stylegan2,
    translation,
)

PRESETS = {
    preset.name: preset
    for presets in (
        families,
        fastgan,
        mnist,
        codes,
        autoencoders,
        fashion_mnist,
        stacked_mnist,
        color,
        projected,
        stylegan2,
        translation,
    )
    for preset in presets.PRESETS
}
