"""One Keras optimizer that holds the optimizer of every player.

Keras' trainers carry the state of one optimizer, `model.optimizer`, through
training: under JAX, what is kept elsewhere silently keeps its first value. So the
players' optimizers are kept in one object.
"""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.optimizers.finite_check import FiniteCheck


@keras.saving.register_keras_serializable(package="keras_gan")
class AdversarialOptimizer(keras.optimizers.Optimizer):
    """The optimizers of all players, which Keras sees as one.

    Each player's optimizer is applied to its own variables. This object keeps them
    together, for the trainer and for saving.

    Args:
        players: dict from a player's name to its `keras.optimizers.Optimizer`.
        name: str.

    Raises:
        ValueError: if two players share one optimizer.

    Example:

    ```python
    optimizer = keras_gan.optimizers.AdversarialOptimizer(
        {
            "discriminator": keras.optimizers.Adam(4e-4, beta_1=0.0),
            "generator": keras.optimizers.Adam(1e-4, beta_1=0.0),
        }
    )
    optimizer.players["generator"].learning_rate = 5e-5
    ```
    """

    def __init__(
        self,
        players: dict[str, keras.optimizers.Optimizer],
        name: str = "adversarial_optimizer",
    ):
        distinct = {id(optimizer) for optimizer in players.values()}
        if len(distinct) < len(players):
            raise ValueError(
                "Every player needs an optimizer of its own, for an optimizer "
                "remembers the gradients of the variables that it moves. "
                f"Received one optimizer for several of the players {list(players)}. "
                "Create one for each."
            )
        super().__init__(learning_rate=0.0, name=name)
        self.players = dict(players)
        self._ratios = None

    def build(self, variables: dict[str, list[keras.Variable]]) -> None:
        """Create every player's slot variables.

        Args:
            variables: dict from a player's name to its trainable variables.

        Raises:
            ValueError: if a player has nothing to learn, or its optimizer was built
                for other variables.
        """
        for name, optimizer in self.players.items():
            _check_variables(name, optimizer, variables[name])
        for name, optimizer in self.players.items():
            if not optimizer.built:
                optimizer.build(variables[name])
        self._player_variables = variables
        self.finite_check = FiniteCheck(self.players)
        self.built = True

    def check_unchanged(self, variables: dict[str, list[keras.Variable]]) -> None:
        """Check that the players still learn the variables that `build` was given.

        Args:
            variables: dict from a player's name to its trainable variables.

        Raises:
            ValueError: if layers were frozen or released since.
        """
        for name, built in self._player_variables.items():
            if _ids(variables[name]) != _ids(built):
                raise ValueError(
                    f"The {name} had {len(built)} trainable variables when the model "
                    f"was compiled, and has {len(variables[name])} now: `trainable` of "
                    "a layer has changed. Call `compile` again, with new optimizers."
                )

    def scale_loss(self, player: str, loss):
        """Return a player's loss, scaled up where its optimizer does so for float16."""
        optimizer = self.players[player]
        return optimizer.scale_loss(loss) if _scales_loss(optimizer) else loss

    def apply_gradients(self, player: str, gradients, loss, variables=None) -> None:
        """Apply a player's update, unless its loss or a gradient is NaN or infinite.

        One NaN would spoil every weight, so such an update is left out as a whole.
        `finite_check` counts them. Under `tf.distribute` the update is the mean over
        all replicas.

        Args:
            player: the player's name.
            gradients: list of tensors, one for each of the variables, of the loss as
                `scale_loss` returns it.
            loss: float scalar, the loss before `scale_loss`.
            variables: list, those of the player's variables that the gradients are of;
                by default all.
        """
        optimizer = self.players[player]
        *gradients, loss = backend.mean_over_replicas([*gradients, loss])
        checked = [loss]
        if not _scales_loss(optimizer):  # which expects infinities and handles them
            checked += [g for g in gradients if g is not None]
        # Not a chain of additions, which XLA would repeat beside every variable.
        sums = ops.stack([ops.sum(ops.cast(tensor, "float32")) for tensor in checked])
        is_finite = self.finite_check.record(player, ops.all(ops.isfinite(sums)))
        if variables is None:
            variables = self._player_variables[player]
        backend.apply_gradients(optimizer, gradients, variables, is_finite)

    def reset(self, player: str) -> None:
        """Forget the gradients of a player's updates, as a new optimizer would.

        Moments and the number of updates become what they were at first. The learning
        rate and the scale of the loss stay. Outside of a step only.

        Args:
            player: the player's name.
        """
        optimizer = self.players[player]
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        fresh = type(optimizer).from_config(optimizer.get_config())
        fresh.build(self._player_variables[player])
        for variable, new in zip(optimizer.variables, fresh.variables, strict=True):
            if variable is not optimizer._learning_rate:
                variable.assign(ops.convert_to_numpy(new))

    @property
    def variables(self) -> list[keras.Variable]:
        """The state of all players' optimizers, and of the check for NaN."""
        players = [v for player in self.players.values() for v in player.variables]
        return players + self.finite_check.variables

    @property
    def iterations(self):
        """The number of updates that the first player has applied."""
        return next(iter(self.players.values())).iterations

    @property
    def learning_rate(self):
        """The first player's rate; setting it keeps the ratio of all rates.

        So that `keras.callbacks.LearningRateScheduler` and `ReduceLROnPlateau` slow
        both players alike. `players["generator"].learning_rate` is a player's own.
        """
        first = next(iter(self.players.values()))
        return ops.convert_to_tensor(first.learning_rate)

    @learning_rate.setter
    def learning_rate(self, learning_rate):
        self.check_settable()
        rates = {name: _rate(optimizer) for name, optimizer in self.players.items()}
        first = next(iter(rates.values()))
        if first > 0:  # else the ratios are those from before it became 0
            self._ratios = {name: rate / first for name, rate in rates.items()}
        if self._ratios is None:
            raise ValueError(
                f"The first player's learning rate is 0, so the rates {rates} have no "
                "ratio that can be kept. Set each player's own: "
                f"`optimizer.players[{next(iter(rates))!r}].learning_rate = ...`."
            )
        for name, optimizer in self.players.items():
            optimizer.learning_rate = float(learning_rate) * self._ratios[name]

    def check_settable(self) -> None:
        """Raise a `ValueError` if a player's learning rate follows a schedule."""
        for name, optimizer in self.players.items():
            inner = getattr(optimizer, "inner_optimizer", optimizer)
            if callable(inner._learning_rate):
                raise ValueError(
                    f"The learning rate of the {name} follows a schedule, "
                    f"{type(inner._learning_rate).__name__}, so it cannot be set. Give "
                    "every player's optimizer a number, or leave out what sets rates, "
                    "such as `LearningRateScheduler` and `ReduceLROnPlateau`."
                )

    def apply(self, grads, trainable_variables=None):
        raise NotImplementedError(
            "An AdversarialOptimizer does not know whose gradients these are. "
            "Call `apply` on a player's optimizer, such as "
            "`model.optimizer.players['generator']`."
        )

    def finalize_variable_values(self, var_list):
        """Let each optimizer that averages weights (`use_ema`) write them back."""
        for name, optimizer in self.players.items():
            optimizer.finalize_variable_values(self._player_variables[name])

    def save_own_variables(self, store):
        """Save the counters of the check; each player's optimizer saves itself."""
        for index, counter in enumerate(self.finite_check.variables):
            store[str(index)] = ops.convert_to_numpy(counter)

    def load_own_variables(self, store):
        """Load the counters of the check."""
        for index, counter in enumerate(self.finite_check.variables):
            counter.assign(store[str(index)])

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        players = {name: serialize(player) for name, player in self.players.items()}
        return {"players": players, "name": self.name}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        deserialize = keras.saving.deserialize_keras_object
        players = {
            name: deserialize(player, custom_objects)
            for name, player in config["players"].items()
        }
        return cls(players, name=config["name"])


def dcgan_adam() -> keras.optimizers.Adam:
    """Return Adam with DCGAN's settings, Radford et al. 2015, arXiv:1511.06434."""
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


def _scales_loss(optimizer):
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def _rate(optimizer):
    return float(ops.convert_to_numpy(optimizer.learning_rate))


def _ids(variables):
    return {id(variable) for variable in variables}


def _check_variables(player, optimizer, variables):
    if not variables:
        raise ValueError(
            f"The {player} has no trainable variables, so it would learn nothing. "
            "Release it before `compile`: set `trainable = True` on its networks and "
            "their layers. While the other player moves, it stands still by itself."
        )
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    if inner.built and _ids(inner._trainable_variables) != _ids(variables):
        raise ValueError(
            f"The {player}'s optimizer, {optimizer.name!r}, remembers the gradients of "
            "other variables: it was used in another model, or before `trainable` of "
            "a layer changed. Create a new optimizer for each `compile`: "
            f"`keras.optimizers.{type(inner).__name__}(...)`."
        )
