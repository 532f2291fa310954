"""Metrics of generated against real data: in `evaluate`, and after epochs of `fit`."""

from keras_gan import metrics
from keras_gan.models import checks
from keras_gan.models.minibatches import refuse_weights
from keras_gan.models.players import Untracked
from keras_gan.validation import arguments


class Measured:
    """Measure what a model generates: a part of `AdversarialModel`."""

    def _set_eval_metrics(self, eval_metrics=(), num_images=10_000):
        if eval_metrics:
            metrics.check_metrics(eval_metrics, self)
        self._eval_metrics = Untracked(list(eval_metrics))
        self.num_metric_images = arguments.integer("num_metric_images", num_images)

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size: int | None = None,
        verbose="auto",
        num_images: int | None = None,
        seed: int = 0,
        callbacks=None,
        cache_dir=None,
        **unknown,
    ) -> dict[str, float]:
        """Measure generated against real data, with the metrics of `compile`.

        Args:
            x: real data: an array, a dataset, or a folder of pictures. For a model
                that translates: pairs, `keras_gan.datasets.pairs(inputs, targets)`.
            y: array, the labels, or the targets, where `x` is an array.
            batch_size: int, how many images to look at at once, 128 by default.
            verbose: `"auto"` or 1 for a progress bar, 0 for none.
            num_images: int, how many images to generate; by default
                `num_metric_images` of `compile`.
            seed: int; the same seed measures the same images.
            callbacks: Keras passes its own when `fit` validates.
            cache_dir: see `keras_gan.metrics.measure`.
            **unknown: refused, but for what Keras passes when `fit` validates.

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
        refuse_weights(sample_weight=unknown.pop("sample_weight", None))
        passed_by_fit = {"steps", "return_dict"}
        passed_by_fit |= {"_use_cached_eval_dataset"}
        unknown = {k: v for k, v in unknown.items() if k not in passed_by_fit}
        checks.refuse_unknown(self, self.evaluate, unknown)
        if not self._eval_metrics.value:
            raise ValueError(
                "There is nothing to measure. Pass metrics to `compile`, such as "
                "`metrics=[keras_gan.metrics.FrechetDistance(extractor)]`."
            )
        return metrics.measure(
            self._eval_metrics.value,
            x if y is None else (x, y),
            self.sampler_for_metrics(),
            num_images=num_images or self.num_metric_images,
            batch_size=batch_size or 128,
            seed=arguments.seed(seed),
            verbose=verbose if callbacks is None else 0,
            cache_dir=cache_dir,
        )

    def sampler_for_metrics(self):
        """Return what metrics draw from: an object with `generate`, as this model."""
        return self
