"""The quality of generated tables as a metric, and the scores of a model's tables."""

from typing import Any

import keras

from keras_gan._typing import Config
from keras_gan.metrics.features import RawSamples
from keras_gan.metrics.sample_metric import SampleMetric
from keras_gan.metrics.table_scores import table_quality


@keras.saving.register_keras_serializable(package="keras_gan")
class TableQuality(SampleMetric):
    """The scores of `table_quality`, of the rows that a model of tables makes.

    `metrics.measure([TableQuality(train)], test, gan)` samples rows and compares them
    with held-out rows. Without a model, call `update_state(test, synthetic)`.

    Args:
        train: `pandas.DataFrame`, the rows that the model was fitted on. None leaves
            out `nearer_to_train` and `copies`. They are not saved with the metric.
        target: str, the column of two classes that classifiers are to predict; None to
            leave that out.
        seed: int, of the classifiers and of what is chosen.
        name: string, the key in logs.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 25, "job": ["cook", "smith"] * 50})
    metric = keras_gan.metrics.TableQuality(frame[:60])
    metric.update_state(frame[60:], frame[:40])
    metric.results()["copies"]  # 1.0: all of these are training rows
    ```
    """

    default_name = "table_quality"
    title = "Table quality"
    maximized = ("columns", "pairs", "auc", "f1")
    minimized = ("detection", "nearer_to_train", "copies")

    def __init__(
        self,
        train: Any = None,
        target: str | None = None,
        seed: int = 0,
        name: str | None = None,
    ) -> None:
        self.train, self.target, self.seed = train, target, seed
        super().__init__(RawSamples(), name)

    def new_real(self) -> dict[str, Any]:
        return {}

    def reset_state(self) -> None:
        super().reset_state()
        self._tables = None

    def update_state(self, real: Any, fake: Any) -> None:
        """Set the held-out rows and the generated ones, two `pandas.DataFrame`s."""
        self._tables = (real, fake)

    def result(self) -> dict[str, float]:
        if self._tables is None:
            raise ValueError(
                "There is no table yet. Call `update_state(test, synthetic)`, or "
                "`metrics.measure([metric], test, gan)`."
            )
        test, synthetic = self._tables
        train = test if self.train is None else self.train
        found = table_quality(train, test, synthetic, self.target, self.seed)
        if self.train is None:
            del found["nearer_to_train"], found["copies"]
        return self.named(found)

    def describe(self) -> str:
        values = ", ".join(f"{k} {v:.3f}" for k, v in self.results().items())
        sizes = " against ".join(f"{len(each):,}" for each in reversed(self._tables))
        return f"{self.title}: {values} ({sizes} rows)"

    def get_config(self) -> Config:
        return {"target": self.target, "seed": self.seed, "name": self.name}


def check_tables(metrics: list[SampleMetric], model: Any) -> None:
    """Raise `ValueError` on metrics of images for tables, and the reverse.

    Args:
        metrics: list of metrics.
        model: a model; one of tables has a `codec`. None for two sets of images.
    """
    makes_tables = hasattr(model, "codec")
    for metric in metrics:
        if isinstance(metric, TableQuality) and not makes_tables:
            raise ValueError(
                "TableQuality measures a model of tables, such as "
                f"`keras_gan.models.TabularGAN`. Received: {type(model).__name__}"
            )
        if makes_tables and not isinstance(metric, TableQuality):
            raise ValueError(
                f"{type(metric).__name__} measures images, and {type(model).__name__} "
                "makes tables. Use `keras_gan.metrics.TableQuality(train)`."
            )


def measure_tables(
    metrics: list[SampleMetric], real: Any, model: Any, num_rows: int, seed: int
) -> list[SampleMetric]:
    """Sample rows, and update the metrics.

    Args:
        metrics: list of `TableQuality`.
        real: `pandas.DataFrame`, rows that the model has not seen.
        model: an object with `sample(num_rows, seed=...)`.
        num_rows: int.
        seed: int.
    """
    table = model.sample(num_rows, seed=seed)
    for metric in metrics:
        metric.update_state(real[list(table.columns)], table)
    return metrics
