"""The base of all metrics: two sets of samples, one number or a few."""

import keras

from keras_gan.metrics.features import Extractor


class SampleMetric(keras.metrics.Metric):
    """Compares generated samples with real ones through an extractor.

    It is a `keras.metrics.Metric`, to be given to `compile(metrics=[...])` and
    saved with the model, but holds no variables: it looks at whole sets of images
    after an epoch, never at a batch inside a compiled training step.

    Subclasses say in `new_real` and `new_fake` what is remembered of each side,
    as a dict from a name of the extractor's outputs to an accumulator (see
    `statistics.py`), and compute the value in `result`.

    Args:
        extractor: an `Extractor`.
        name: string, the key in logs. Under another name than the usual one,
            metrics with several values prefix their keys with it.
    """

    usual_name = None
    title = None  # what `describe` calls the value

    def __init__(self, extractor, name=None):
        super().__init__(name=name or self.usual_name)
        if not isinstance(extractor, Extractor):
            raise ValueError(
                "`extractor` must be an extractor, such as `MNISTClassifier()`, "
                "`InceptionV3()` or `ModelExtractor(model, name='mine')`. Received: "
                f"{extractor!r}"
            )
        self.extractor = extractor
        self.reset_state()

    def new_real(self):
        """Empty accumulators for real samples, by extractor output."""
        raise NotImplementedError

    def new_fake(self):
        """Empty accumulators for generated samples, by extractor output."""
        return self.new_real()

    def reset_state(self):
        self.real = self.new_real()
        self.fake = self.new_fake()

    def update_real(self, features, labels=None):
        """Take in features of real samples, shape `(n, num_features)`."""
        _only(self.real).update(features, labels)

    def update_fake(self, features, labels=None):
        """Take in features of generated samples, shape `(n, num_features)`."""
        _only(self.fake).update(features, labels)

    def update_state(self, real, fake):
        """Take in a batch of real and one of generated images."""
        for images, accumulators in ((real, self.real), (fake, self.fake)):
            if accumulators:
                outputs = self.outputs(images)
                for key, accumulator in accumulators.items():
                    accumulator.update(outputs[key])

    def outputs(self, images, batch_size=128):
        """The extractor's outputs for images, and the images under `"pixels"`."""
        return observed(self.extractor, images, batch_size)

    def observe_sampler(self, sampler, seed, batch_size):
        """Look at the sampler itself; most metrics look at its images only."""

    def named(self, values):
        """The values under their keys, prefixed where the metric was renamed."""
        prefix = "" if self.name == self.usual_name else f"{self.name}_"
        return {prefix + key: float(value) for key, value in values.items()}

    def results(self):
        """`result()` as a dict, also where it is one number."""
        result = self.result()
        return result if isinstance(result, dict) else {self.name: result}

    def describe(self):
        """The result in words, with the extractor and the numbers of samples."""
        values = ", ".join(f"{k} {v:.4g}" for k, v in self.results().items())
        sizes = [
            f"{max(each.num_samples for each in side.values()):,} {word}"
            for side, word in ((self.fake, "generated"), (self.real, "real"))
            if side
        ]
        counted = f" ({' against '.join(sizes)})" if sizes else ""
        return f"{self.title} over {self.extractor.name}: {values}{counted}"

    def get_config(self):
        return {
            "extractor": keras.saving.serialize_keras_object(self.extractor),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        if "extractor" in config:
            config["extractor"] = keras.saving.deserialize_keras_object(
                config["extractor"]
            )
        return cls(**config)


def observed(extractor, images, batch_size):
    """An extractor's outputs for images, and the images under `"pixels"`."""
    return {**extractor.outputs(images, batch_size), "pixels": images}


def require_samples(num_samples, least, which, why):
    """Refuse a value from too few samples."""
    if num_samples < least:
        raise ValueError(
            f"Received {num_samples:,} {which} samples, expected at least {least:,}: "
            f"{why}"
        )


def _only(accumulators):
    if len(accumulators) != 1:
        raise ValueError(
            "This metric does not take features of this side by themselves. Use "
            "`update_state(real_images, fake_images)` or `metrics.measure`."
        )
    return next(iter(accumulators.values()))
