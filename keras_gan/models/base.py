"""What every game between networks shares, whoever the players are.

A subclass names its players and writes one `adversarial_step`, as plain
stateful Keras code. This class makes `fit` run it on every backend, keeps the
players' optimizers, and sees that all training state is saved.
"""

import contextlib
import os

import keras
from keras import ops

from keras_gan import backend, checkpoints, precision
from keras_gan.callbacks import take_over, without_files
from keras_gan.datasets import SeededDataset
from keras_gan.optimizers.adversarial import AdversarialOptimizer
from keras_gan.optimizers.finite_check import WatchGuard


class AdversarialModel(keras.Model):
    """Models that are trained against each other.

    Subclasses set `player_names`, have an attribute of each name that is a
    built `keras.Model`, and implement `adversarial_step`.

    Args:
        seed: int, for every random draw of training; None for a fresh one.
        name: str.

    Example:

    ```python
    class Duel(keras_gan.AdversarialModel):
        player_names = ("discriminator", "generator")

        def adversarial_step(self, data):
            ...  # gradient steps on both players
            return {"d_loss": d_loss, "g_loss": g_loss}
    ```
    """

    player_names = ()

    def __init__(self, seed=None, name=None):
        super().__init__(name=name)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.trackers = []

    @property
    def players(self):
        return {name: getattr(self, name) for name in self.player_names}

    def adversarial_step(self, data):
        """One round of the game: gradient steps on all players.

        Args:
            data: one batch, as `fit` got it from the dataset.

        Returns:
            A dict of scalars to report, by the names that were given to
            `compile` as `reports`.
        """
        raise NotImplementedError

    def compile(self, optimizers, reports, nonfinite="raise", **kwargs):
        """Give every player its optimizer.

        Args:
            optimizers: dict from a player's name to a Keras optimizer.
            reports: the names of the scalars that `adversarial_step` returns.
            nonfinite: what to do when a loss or gradient is NaN or infinite. No
                weight is moved by it; then `"raise"` stops with a
                `FloatingPointError` that names the player and the batch, and
                `"skip"` goes on.
            **kwargs: `run_eagerly`, `steps_per_execution` and `jit_compile`, as
                for any Keras model.
        """
        if nonfinite not in ("raise", "skip"):
            raise ValueError(
                f"`nonfinite` must be 'raise' or 'skip'. Received: {nonfinite!r}"
            )
        self.nonfinite = nonfinite
        optimizers = {n: self._optimizer_for(n, optimizers) for n in self.player_names}
        backend.check_scope(self, self.players, optimizers)
        optimizer = AdversarialOptimizer(optimizers)
        optimizer.build(
            {name: player.trainable_variables for name, player in self.players.items()}
        )
        self.trackers = [keras.metrics.Mean(name=name) for name in reports]
        if kwargs.setdefault("jit_compile", "auto") == "auto":
            is_eager = kwargs.get("run_eagerly", False)
            kwargs["jit_compile"] = backend.should_jit_compile() and not is_eager
        super().compile(optimizer=optimizer, auto_scale_loss=False, **kwargs)

    def _optimizer_for(self, name, optimizers):
        optimizer = keras.optimizers.get(optimizers[name])
        scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        layers = self.players[name]._flatten_layers()
        if not scales and any(layer.compute_dtype == "float16" for layer in layers):
            return keras.optimizers.LossScaleOptimizer(optimizer)
        return optimizer

    def fit(self, x=None, y=None, **kwargs):
        """Train; `keras.Model.fit`, with all its arguments.

        The batches of a dataset from `keras_gan.datasets` are a function of the
        seed and the step. Their order is left as it is, and their place follows
        `initial_epoch`, or the checkpoint that `keras_gan.callbacks.Checkpoint`
        finds, so that a run taken up again sees what it would have seen.

        `keras.callbacks.BackupAndRestore` does here what `Checkpoint` does, in the
        same folder.

        Args:
            x: a dataset that yields batches, or an array.
            y: an array of labels, where `x` is an array.
            **kwargs: `epochs`, `batch_size`, `callbacks`, ...

        Returns:
            A `keras.callbacks.History` of the means of every epoch.
        """
        if kwargs.get("verbose", "auto") and precision.should_suggest(self):
            precision.suggest()
        callbacks, checkpoint = take_over(kwargs.pop("callbacks", None))
        place = kwargs.pop("initial_epoch", 0), 0
        if isinstance(x, SeededDataset):
            steps = kwargs.pop("steps_per_epoch", None)
            x = x if steps is None else x.with_steps_per_epoch(steps)
            kwargs["shuffle"] = False
        elif not (hasattr(x, "shape") or isinstance(x, keras.utils.PyDataset)):
            # Keras would warn that it cannot shuffle, though nobody asked it to.
            kwargs.setdefault("shuffle", False)
        with contextlib.ExitStack() as stack:
            if checkpoint is not None and self.compiled:
                work = checkpoint.at_work(self, x, callbacks, place[0])
                place = stack.enter_context(work)
            if isinstance(x, SeededDataset):
                callbacks = [_KeepPlace(x, *place), *callbacks]
                x, steps = backend.feed(self, x, place, self.parts_per_batch)
                kwargs["steps_per_epoch"] = steps
            if not backend.is_chief(self):
                callbacks = without_files(callbacks)
            callbacks = [*callbacks, WatchGuard(backend.settle)]
            kwargs |= {"callbacks": callbacks, "initial_epoch": place[0]}
            return super().fit(x, y, **kwargs)

    def restore(self, path):
        """Take over the state that a checkpoint holds, outside of `fit`.

        A compiled model takes all of it, optimizers and random generators too. One
        that is not compiled takes its networks, to generate or export.

        Args:
            path: a file that `keras_gan.callbacks.Checkpoint` wrote, such as
                `best.npz`, or a folder of them, for the newest that is whole.

        Raises:
            ValueError: if there is no whole checkpoint, or only one of another
                model.

        Example:

        ```python
        gan.restore("run/checkpoints/best.npz")
        images = gan.generate(16)
        ```
        """
        found = checkpoints.latest(path) if os.path.isdir(path) else path
        if found is None or not os.path.exists(found):
            raise ValueError(
                f"There is no checkpoint at {str(path)!r}. Pass a file that "
                "`keras_gan.callbacks.Checkpoint` wrote, or its folder."
            )
        arrays, _ = checkpoints.read(found)
        variables = self.checkpoint_variables()
        if not self.compiled:
            arrays = {name: a for name, a in arrays.items() if name in variables}
        checkpoints.assign(variables, arrays, found)

    def checkpoint_variables(self):
        """All that training changes: a dict from lasting names to variables."""
        groups = dict(self.players)
        if self.compiled:
            for name, optimizer in self.optimizer.players.items():
                groups[f"{name}_optimizer"] = optimizer.variables
            groups["optimizer"] = self.optimizer.variables
        groups["metrics"] = self.metrics_variables
        groups["state"] = self
        return checkpoints.named(groups)

    def learn(self, data):
        """Play one round and add its scalars to the epoch's means."""
        before = [(v, v.value + 0) for v in self._statistics()]
        backend.check_equal_shares(ops.shape(keras.tree.flatten(data)[0])[0])
        with backend.own_noise(self._seed_states()):
            scalars = self.adversarial_step(data)
        sound = self.optimizer.guard.conclude()
        for variable, value in before:
            variable.assign(ops.where(sound, variable.value, value))
        self.after_step(data, sound)
        weight = ops.cast(sound, "float32") / backend.num_replicas()
        for tracker in self.trackers:
            scalar = ops.cast(scalars[tracker.name], "float32")
            scalar = ops.where(sound, scalar, 0.0)
            tracker.update_state(scalar, sample_weight=weight)
        return self.get_metrics_result()

    def after_step(self, data, sound):
        """What is done after a round; `sound` says whether it was a finite one."""

    def _statistics(self):
        """What the players gather and do not learn, as in batch normalisation."""
        return [
            variable
            for player in self.players.values()
            for variable in player.non_trainable_variables
            if keras.backend.is_float_dtype(variable.dtype)
        ]

    @property
    def parts_per_batch(self):
        """How many parts of equal size a step splits a batch into."""
        return 1

    def _maybe_symbolic_build(self, **kwargs):
        """Nothing: `compile` has built everything. (For `tf.distribute`.)"""

    def train_step(self, *args):
        return backend.train_step(self, *args)

    @property
    def metrics(self):
        return list(self.trackers)

    def save_own_variables(self, store):
        super().save_own_variables(store)
        for index, state in enumerate(self._seed_states()):
            store[f"seed_{index}"] = keras.ops.convert_to_numpy(state)

    def load_own_variables(self, store):
        states = self._seed_states()
        num_saved = len(store.keys())
        if num_saved != len(states):
            raise ValueError(
                f"The file holds the states of {num_saved} random generators, and this "
                f"model has {len(states)}. Build and compile the model as it was when "
                "the file was written, with `ema` if there was one."
            )
        for index, state in enumerate(states):
            state.assign(store[f"seed_{index}"])

    def _seed_states(self):
        """The states of all random generators, which Keras itself does not save."""
        others = {id(v) for v in (*self.weights, *self.metrics_variables)}
        return [v for v in self.variables if id(v) not in others]


class _KeepPlace(keras.callbacks.Callback):
    """Tell the dataset which epoch it is, and where in the first to begin."""

    def __init__(self, dataset, epoch, step):
        super().__init__()
        self.dataset = dataset
        self.first = epoch, step

    def on_epoch_begin(self, epoch, logs=None):
        first_epoch, step = self.first
        self.dataset.seek(epoch, step if epoch == first_epoch else 0)
