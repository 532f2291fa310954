"""Pictures: grids of images, the curves of the game, clouds of points, animations.

Curves are Matplotlib figures made without pyplot, so that no global state and no
backend of the user's is touched. Images go through Pillow. Both are loaded only
when something is drawn.
"""

from keras_gan.plotting.animation import animate, check_suffix
from keras_gan.plotting.grid import image_grid, to_uint8
from keras_gan.plotting.history import plot_history
from keras_gan.plotting.scatter import scatter_2d

__all__ = [
    "animate",
    "check_suffix",
    "image_grid",
    "plot_history",
    "scatter_2d",
    "to_uint8",
]
