"""Games whose outcome is measured: metrics in Keras' own grammar."""

from types import SimpleNamespace

from keras_gan import metrics as metrics_module
from keras_gan.models.base import AdversarialModel


class MeasuredModel(AdversarialModel):
    """A game whose generated data `evaluate` and `fit` compare with real data.

    Subclasses have `generate`, as `keras_gan.metrics.measure` asks for it.

    Args:
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
    """

    def __init__(self, seed=None, name=None):
        super().__init__(seed=seed, name=name)
        self.measured_by = SimpleNamespace(metrics=[], num_images=10_000)

    def compile(
        self, optimizers, reports, metrics=(), num_metric_images=10_000, **kwargs
    ):
        """As `AdversarialModel.compile`, with metrics.

        Args:
            optimizers: dict from a player's name to a Keras optimizer.
            reports: the names of the scalars that `adversarial_step` returns.
            metrics: list from `keras_gan.metrics`, for `evaluate` and for
                `fit(validation_data=...)`.
            num_metric_images: int, how many images these look at.
            **kwargs: see `AdversarialModel.compile`.
        """
        if metrics:
            metrics_module.check_metrics(metrics)
        # Out of Keras' sight, which would run them inside the training step.
        self.measured_by = SimpleNamespace(
            metrics=list(metrics), num_images=num_metric_images
        )
        super().compile(optimizers, reports, **kwargs)

    def fit(self, x=None, y=None, **kwargs):
        validates = kwargs.get("validation_data") is not None
        validates = validates or kwargs.get("validation_split")
        if validates and not self.measured_by.metrics:
            raise ValueError(
                "Validation data were passed, and there is nothing to measure on them: "
                "a GAN's losses say little. Pass metrics to `compile`, such as "
                "`metrics=[keras_gan.metrics.FrechetDistance(extractor)]`."
            )
        return super().fit(x, y, **kwargs)

    def evaluate(
        self,
        x=None,
        y=None,
        num_images=None,
        batch_size=None,
        seed=0,
        verbose="auto",
        callbacks=None,
        **kwargs,
    ):
        """Measure generated against real data, with the metrics of `compile`.

        Args:
            x: real data: an array, a dataset, or a folder of pictures.
            y: int array, the labels, where `x` is an array.
            num_images: int, how many images to generate; by default
                `num_metric_images` of `compile`.
            batch_size: int, how many images to look at at once, 128 by default.
            seed: int; the same seed measures the same images.
            verbose: `"auto"` or 1 for a progress bar, 0 for none.
            callbacks: Keras passes its own when `fit` validates.
            **kwargs: `cache_dir`, see `keras_gan.metrics.measure`. What else Keras
                passes when `fit` validates has no meaning here.

        Returns:
            A dict from each metric's name to its value.

        Raises:
            ValueError: if there are no metrics, or too few images for them.

        Example:

        ```python
        extractor = keras_gan.metrics.FashionMNISTClassifier()
        gan.compile(metrics=[keras_gan.metrics.FrechetDistance(extractor)])
        gan.evaluate(keras_gan.datasets.fashion_mnist("test"))
        ```
        """
        if not self.measured_by.metrics:
            raise ValueError(
                "There is nothing to measure. Pass metrics to `compile`, such as "
                "`metrics=[keras_gan.metrics.FrechetDistance(extractor)]`."
            )
        return metrics_module.measure(
            self.measured_by.metrics,
            x if y is None else (x, y),
            self,
            num_images=num_images or self.measured_by.num_images,
            batch_size=batch_size or 128,
            seed=seed,
            verbose=verbose if callbacks is None else 0,
            cache_dir=kwargs.get("cache_dir"),
        )
