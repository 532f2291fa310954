"""Published DCGAN recipes, trained as published, for a given time.

Each file has `train(images, seconds, seed)`, which takes uint8 images (n, 28, 28, 1)
and returns `draw, num_images`: a function from a number to so many generated images
in [-1, 1], and the number of training images seen.
"""
