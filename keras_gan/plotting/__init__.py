"""Plots: image grids, training curves, scatter plots, animations.

Plots are Matplotlib figures made without pyplot: no global state and no backend of
the user's is touched. Images and animations are written by Pillow.
"""

from keras_gan.plotting.animation import animate, check_suffix
from keras_gan.plotting.directions import direction_grid
from keras_gan.plotting.grid import image_grid, to_uint8
from keras_gan.plotting.history import plot_history
from keras_gan.plotting.scatter import scatter_2d
from keras_gan.plotting.style_mixing import style_mixing

__all__ = [
    "animate",
    "check_suffix",
    "direction_grid",
    "image_grid",
    "plot_history",
    "scatter_2d",
    "style_mixing",
    "to_uint8",
]
