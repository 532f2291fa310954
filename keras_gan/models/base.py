"""The base of every adversarial model: what is around a step, in `fit` and outside.

A subclass writes `adversarial_step` as plain stateful Keras code. This class runs it
in `fit` on every backend and owns everything that a step could forget. What the
step itself calls is in players.py, what is saved in persistence.py, and `evaluate` in
measured.py.
"""

import contextlib

import keras
from keras import ops

from keras_gan import backend
from keras_gan._allocator import keep_freed_memory
from keras_gan.callbacks import chief_only, prepare
from keras_gan.callbacks.monitors import sets_rates
from keras_gan.callbacks.seek_epoch import SeekEpoch
from keras_gan.callbacks.skip_seen_batches import SkipSeenBatches
from keras_gan.datasets import SeededDataset
from keras_gan.datasets.checked import checked
from keras_gan.datasets.inputs import as_data, check_length, is_array, peek
from keras_gan.models import checks
from keras_gan.models.log_tracing import find_log_names
from keras_gan.models.measured import Measured
from keras_gan.models.minibatches import refuse_weights, unpack
from keras_gan.models.persistence import Persistent
from keras_gan.models.players import Players, Untracked, distinct
from keras_gan.optimizers.adversarial import AdversarialOptimizer
from keras_gan.optimizers.finite_check import NonFiniteMonitor, non_finite_error
from keras_gan.precision import advice
from keras_gan.validation import arguments


class AdversarialModel(Players, Persistent, Measured, keras.Model):
    """Networks that are trained against each other.

    A player is one optimizer and the networks that it moves. A subclass writes one
    method, `adversarial_step`, and in it one verb, `minimize`.

    Args:
        players: dict from a player's name to the network, or the list of networks,
            that its optimizer moves: built `keras.Model`s. A layer that two networks
            share counts once.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.

    Random draws in a step use `seed_generator`, whose state is saved.

    Raises:
        ValueError: if a player's networks are not built `keras.Model`s.

    Example:

    ```python
    class Autoencoder(keras_gan.AdversarialModel):
        def __init__(self, network):
            super().__init__({"network": network})
            self.network = network

        def adversarial_step(self, data):
            x, _ = self.unpack(data)

            def loss_fn(x):
                error = keras.ops.mean(keras.ops.square(self.network(x) - x))
                return error, {"error": error}

            return self.minimize("network", loss_fn, x)

    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model = Autoencoder(network)
    model.compile({"network": keras.optimizers.Adam(1e-2)})
    model.fit(keras_gan.datasets.ring(batch_size=64, steps_per_epoch=5))
    ```
    """

    # The names of the scalars that a step logs; None to find them by tracing it.
    log_names = None

    def __init__(
        self,
        players: dict[str, keras.Model | list[keras.Model]],
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(name=name)
        self.seed = arguments.seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self._set_players(players)
        self._log_metrics = Untracked([])
        self._set_eval_metrics()
        self.built = True

    def adversarial_step(self, data) -> dict:
        """Run one training step: the updates of all players.

        Args:
            data: one batch, as `fit` got it from the dataset; see `unpack`.

        Returns:
            A dict of scalars to log.
        """
        raise NotImplementedError

    def unpack(self, data):
        """Return a batch as `(examples, conditions)`, float32, bytes as [-1, 1]."""
        return unpack(data)

    def retrace(self) -> None:
        """Let the next step be traced anew, after a change of what a step does.

        A callback may call this in `fit`, before a batch.
        """
        skipping = self.train_function
        self.make_train_function(force=True)
        if isinstance(skipping, SkipSeenBatches):
            skipping.train_function = self.train_function
            self.train_function = skipping

    def leading_callbacks(self) -> list[keras.callbacks.Callback]:
        """Return callbacks that every `fit` of this model has, before the user's."""
        return []

    def training_callbacks(self) -> list[keras.callbacks.Callback]:
        """Return callbacks that every `fit` of this model has, after the user's."""
        return []

    def compile(
        self,
        optimizers: dict[str, keras.optimizers.Optimizer | str],
        *,
        gradient_accumulation_steps: int = 1,
        nonfinite: str = "raise",
        metrics: list | tuple = (),
        num_metric_images: int = 10_000,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        **unknown,
    ):
        """Give every player its optimizer.

        Args:
            optimizers: dict from a player's name to a Keras optimizer, or its name.
            gradient_accumulation_steps: int. `minimize` splits its batch into as many
                parts and averages their gradients: large batches on small devices.
            nonfinite: what to do when a loss or gradient is NaN or infinite. No
                weight is moved by it; then `"raise"` stops with a
                `FloatingPointError` that names the player and the batch, and
                `"skip"` goes on.
            metrics: list from `keras_gan.metrics`, for `evaluate` and for
                `fit(validation_data=...)`.
            num_metric_images: int, how many images these look at.
            run_eagerly: bool, as for any Keras model.
            steps_per_execution: int, as for any Keras model.
            jit_compile: bool or `"auto"`, as for any Keras model.
            **unknown: refused, with the right name.

        Raises:
            ValueError: on a missing or shared optimizer, unknown arguments, or metrics
                that are not ours.
        """
        checks.refuse_unknown(self, self.compile, unknown)
        arguments.one_of("nonfinite", nonfinite, ("raise", "skip"))
        keep_freed_memory()
        self.nonfinite = nonfinite
        self.gradient_accumulation_steps = arguments.integer(
            "gradient_accumulation_steps", gradient_accumulation_steps
        )
        self._set_eval_metrics(metrics, num_metric_images)
        optimizers = checks.optimizers_of(self.players, optimizers)
        backend.check_scope(self, self.players, optimizers)
        optimizer = AdversarialOptimizer(optimizers)
        optimizer.build(self._all_moved_variables())
        self._log_metrics.value = [
            keras.metrics.Mean(name=name) for name in self.log_names or ()
        ]
        self._run_settings = {
            "nonfinite": nonfinite,
            "num_metric_images": self.num_metric_images,
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }
        if jit_compile == "auto":
            jit_compile = backend.should_jit_compile() and not run_eagerly
        super().compile(
            optimizer=optimizer,
            auto_scale_loss=False,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )

    def fit(self, x=None, y=None, **kwargs):
        """Train; `keras.Model.fit`, with all its arguments.

        The batches of a dataset from `keras_gan.datasets` are a function of the
        seed and the step. Their order is left as it is, and their place follows
        `initial_epoch`, or the checkpoint that `keras_gan.callbacks.Checkpoint`
        finds, so that a resumed run sees what it would have seen.

        `keras.callbacks.BackupAndRestore` does here what `Checkpoint` does, in the
        same folder.

        Args:
            x: an array, a list of examples or a `DataFrame`; or a dataset that yields
                batches. Every batch is checked when it is read.
            y: an array or list of conditions, where `x` is an array.
            **kwargs: `epochs`, `batch_size`, `callbacks`, `validation_data`, ...
                With `validation_freq`, epochs without validation have NaN for its
                results.

        Returns:
            A `keras.callbacks.History` of the means of every epoch.

        Raises:
            ValueError: on data that the networks cannot learn from, on validation
                data without metrics to measure on them or with fewer
                images (`num_metric_images` too) than these need, on weights of
                examples or classes, and on callbacks that watch what does not exist.
        """
        refuse_weights(
            sample_weight=kwargs.get("sample_weight"),
            class_weight=kwargs.get("class_weight"),
        )
        measured = checks.validation_metrics(
            x, kwargs, self._eval_metrics.value, self.num_metric_images
        )
        x, y = as_data(x, y)
        check_length(x, kwargs)
        if self.compiled:
            self.optimizer.check_unchanged(self._all_moved_variables())
            x = self._prepare_data(x, y, kwargs)
        if kwargs.get("verbose", "auto"):
            advice.advise(self)
        callbacks, checkpoint = prepare(kwargs.pop("callbacks", None))
        if self.compiled:
            if sets_rates(callbacks):
                self.optimizer.check_settable()
            names = [metric.name for metric in self._log_metrics.value]
            callbacks = checks.checked_callbacks(callbacks, names, measured)
        place = kwargs.pop("initial_epoch", 0), 0
        if isinstance(x, SeededDataset):
            steps = kwargs.pop("steps_per_epoch", None)
            x = x if steps is None else x.with_steps_per_epoch(steps)
            kwargs["shuffle"] = False
        elif not is_array(x) and getattr(x, "num_batches", None) is None:
            # Keras would warn that it cannot shuffle, though nobody asked it to.
            kwargs.setdefault("shuffle", False)
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._usable_after_errors())
            if checkpoint is not None and self.compiled:
                running = checkpoint.running(self, x, callbacks, place[0])
                place = stack.enter_context(running)
            if isinstance(x, SeededDataset):
                x, steps = backend.distribute_data(self, x, place, self.parts_per_batch)
                kwargs["steps_per_epoch"] = steps
            if isinstance(x, SeededDataset):  # else it begins at the place
                callbacks = [SeekEpoch(x, *place), *callbacks]
            if not backend.is_chief(self):
                callbacks = chief_only(callbacks)
            callbacks = [*self.leading_callbacks(), *callbacks]
            callbacks = [*callbacks, *self.training_callbacks()]
            callbacks = [*callbacks, NonFiniteMonitor(backend.sync_state)]
            kwargs |= {"callbacks": callbacks, "initial_epoch": place[0]}
            x = stack.enter_context(checked(x, self._check_later))
            return super().fit(x, y, **kwargs)

    @contextlib.contextmanager
    def _usable_after_errors(self):
        """Put back the state that JAX's trainer carries, if `fit` ends in an error."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(RuntimeError):  # a step was interrupted in itself
                backend.sync_state(self)
            raise

    def train_on_batch(
        self, x, y=None, sample_weight=None, class_weight=None, return_dict=False
    ):
        """Run one training step on one batch, with the checks and errors of `fit`.

        Args:
            x: array or tensor, the examples.
            y: array or tensor, the conditions, or None.
            sample_weight: refused: the losses here are of whole batches.
            class_weight: refused, likewise.
            return_dict: bool, whether to return a dict.

        Returns:
            The logs, as a list in the order of `metrics`, or as a dict.

        Raises:
            ValueError: on data that the networks cannot learn from.
            FloatingPointError: if a loss or gradient was NaN or infinite, unless
                `compile` got `nonfinite="skip"`.
        """
        refuse_weights(sample_weight=sample_weight, class_weight=class_weight)
        if self.compiled:
            self.optimizer.check_unchanged(self._all_moved_variables())
            self._check_batch(x, y)
            self.optimizer.finite_check.start_watching()
        logs = super().train_on_batch(x, y, return_dict=return_dict)
        backend.sync_state(self)
        failure = self.optimizer.finite_check.first_failure()
        if failure is not None and self.nonfinite == "raise":
            raise non_finite_error(failure[0], "this batch")
        return logs

    def _prepare_data(self, x, y, settings):
        """Check the data before the first step; return what to train on."""
        if self.log_names is None and not self._log_metrics.value:
            x, examples, conditions = peek(x, y)
            size = settings.get("batch_size") or 32
            self._trace_log_names(examples[:size], conditions)
        return x

    def _check_examples(self, examples, conditions, is_later=False):
        """Check the arrays of one batch that `fit` reads; conditions may be None."""
        if len(examples) == 0:
            raise ValueError(f"The batch is empty, of shape {examples.shape}.")

    def _check_later(self, examples, conditions):
        """Check a later batch, but for NaN, which the step finds and names."""
        self._check_examples(examples, conditions, is_later=True)

    def _check_batch(self, x, y):
        """Check one batch of an own loop."""
        if self.log_names is None and not self._log_metrics.value:
            self._trace_log_names(x, y)

    def _trace_log_names(self, examples, conditions):
        """Find the names of the logs by tracing a step without running it."""
        if conditions is not None:
            conditions = conditions[: len(examples)]
        self._is_tracing = True
        try:
            names = find_log_names(self.adversarial_step, examples, conditions)
        finally:
            self._is_tracing = False
        self._log_metrics.value = [keras.metrics.Mean(name=name) for name in names]

    def run_step(self, data) -> dict:
        """Run one step, update the means of the logs, and return them."""
        before = [(v, v.value + 0) for v in self._statistics()]
        backend.check_equal_shares(ops.shape(keras.tree.flatten(data)[0])[0])
        try:
            with backend.per_replica_seeds(self._random_states()):
                logs = self.adversarial_step(data)
        except BaseException:
            self.optimizer.finite_check.abort_step()
            raise
        is_finite = self.optimizer.finite_check.end_step()
        for variable, value in before:
            variable.assign(ops.where(is_finite, variable.value, value))
        self.after_step(data, is_finite)
        self._update_log_metrics(logs, is_finite)
        return self.get_metrics_result()

    def after_step(self, data, is_finite) -> None:
        """Do what follows a step; `is_finite`: whether its updates were applied."""

    def _update_log_metrics(self, logs, is_finite):
        expected = [metric.name for metric in self._log_metrics.value]
        if set(logs) != set(expected):
            raise ValueError(
                f"`adversarial_step` of {type(self).__name__} logs {sorted(logs)}, and "
                f"its `log_names` are {sorted(expected)}. Make them the same."
            )
        weight = ops.cast(is_finite, "float32") / backend.num_replicas()
        for metric in self._log_metrics.value:
            scalar = ops.cast(logs[metric.name], "float32")
            scalar = ops.where(is_finite, scalar, 0.0)
            metric.update_state(scalar, sample_weight=weight)

    def _statistics(self):
        """Return the float variables that networks update and do not learn."""
        return distinct(
            variable
            for network in self.networks
            for variable in network.non_trainable_variables
            if keras.backend.is_float_dtype(variable.dtype)
        )

    @property
    def parts_per_batch(self) -> int:
        """The number of parts of equal size into which a step splits a batch."""
        return self.gradient_accumulation_steps

    def _maybe_symbolic_build(self, **kwargs):
        """Do nothing: `compile` has built everything. (For `tf.distribute`.)"""

    def train_step(self, *args):
        return backend.train_step(self, *args)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The means of the logs, and the metrics of `compile`."""
        return [*self._log_metrics.value, *self._eval_metrics.value]

    def get_metrics_result(self) -> dict:
        """Return the means of the logs; `evaluate` computes the other metrics."""
        return {metric.name: metric.result() for metric in self._log_metrics.value}

    def reset_metrics(self) -> None:
        """Begin the means of the logs anew, as at the start of an epoch."""
        for metric in self._log_metrics.value:
            metric.reset_state()
