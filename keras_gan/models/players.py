"""Players: who moves which networks, and the one verb of a training step."""

from collections.abc import Callable, Iterable

import keras
from keras import ops

from keras_gan import backend
from keras_gan.models import checks
from keras_gan.models.minibatches import ForwardPass, accumulate, split


class Players:
    """Hold the players of a model, and move them: a part of `AdversarialModel`.

    A player is one optimizer and the networks that it moves. `self.optimizer` is a
    `keras_gan.optimizers.adversarial.AdversarialOptimizer`, made by `compile`.
    """

    def _set_players(self, players):
        self._players = Untracked(checks.checked_players(players))
        self.networks = distinct(n for ns in self.players.values() for n in ns)
        self._is_tracing = False
        self.gradient_accumulation_steps = 1

    @property
    def players(self) -> dict[str, list[keras.Model]]:
        """The networks that each player's optimizer moves."""
        return self._players.value

    def minimize(
        self, player: str | tuple[str, ...], loss_fn: Callable, *tensors
    ) -> dict:
        """Apply one update of a player, by the gradient of a loss.

        This accumulates the gradient over parts of the batch, scales the loss under
        float16, takes the mean over replicas, and leaves out an update that is not
        finite. It freezes the networks of all other players: their batch statistics
        do not change, while their random states advance.

        Args:
            player: the player's name; or a tuple of names, for players that move at
                once by the losses of one forward pass.
            loss_fn: function of `tensors` that returns `(loss, logs)`: a float scalar,
                a mean over the batch, and a dict of scalars. For several players
                `loss` is a dict from their names.
            *tensors: what `loss_fn` takes, `(batch, ...)` each: tensors, None, nests of
                them, or `ForwardPass`es, whose outputs `loss_fn` gets.

        Returns:
            The logs.

        Raises:
            ValueError: on an unknown player, or a loss that is not a scalar.
        """
        several = not isinstance(player, str)
        players = tuple(player) if several else (player,)
        for name in players:
            if name not in self.players:
                raise ValueError(
                    f"There is no player {name!r}. There are: {list(self.players)}."
                )

        def losses_fn(*tensors):
            losses, logs = loss_fn(*tensors)
            return (losses if several else {player: losses}), logs

        if self._is_tracing:
            return losses_fn(*_outputs_of(tensors))[1]
        gradients, losses, logs = accumulate(
            lambda *part: self._gradients(players, losses_fn, part),
            split(tensors, self.gradient_accumulation_steps),
        )
        for name in players:
            self.optimizer.apply_gradients(
                name, gradients[name], losses[name], self.moved_variables(name)
            )
        return logs

    def forward_pass(self, player: str, fn: Callable, *inputs) -> ForwardPass:
        """Return a pass through a player's networks for several calls of `minimize`.

        It is computed when it is first needed, and once.

        Args:
            player: the player's name.
            fn: function of `inputs` that returns a float tensor `(batch, ...)`.
            *inputs: tensors `(batch, ...)`; None may be among them.
        """
        return ForwardPass(player, fn, self.moved_variables(player), inputs)

    def _gradients(self, players, losses_fn, tensors):
        """Return the gradients, the losses and the logs of one part of a batch."""
        leaves = keras.tree.flatten(tensors)
        passes = [leaf for leaf in leaves if isinstance(leaf, ForwardPass)]
        evaluate = backend.without_updates(losses_fn, self._frozen(players))

        def scaled_losses(*outputs):
            losses, logs = evaluate(*_outputs_of(tensors, outputs))
            losses = {name: _scalar(losses[name], name) for name in players}
            scaled = [self.optimizer.scale_loss(name, losses[name]) for name in players]
            return scaled, (losses, logs)

        direct = {name: self.moved_variables(name) for name in players}
        through = {
            name: [i for i, each in enumerate(passes) if each.player == name]
            for name in players
        }
        (_, (losses, logs)), found = backend.joint_gradients(
            scaled_losses,
            [each.outputs for each in passes],
            [[*direct[name], *through[name]] for name in players],
        )
        gradients = {}
        for name, values in zip(players, found, strict=True):
            split_at = len(direct[name])
            gradients[name] = values[:split_at]
            for i, upstream in zip(through[name], values[split_at:], strict=True):
                if upstream is not None:
                    gradients[name] = [
                        _add(a, b)
                        for a, b in zip(
                            gradients[name], passes[i].vjp(upstream), strict=True
                        )
                    ]
        return gradients, losses, logs

    def moved_variables(self, player: str) -> list[keras.Variable]:
        """Return the variables that the updates of a player move.

        By default these are all trainable variables of its networks. A model that
        grows returns those that are in use, and calls `retrace` when they change.

        Args:
            player: the player's name.
        """
        return self._trainable_variables_of(player)

    def _trainable_variables_of(self, player):
        return distinct(
            variable
            for network in self.players[player]
            for variable in network.trainable_variables
        )

    def _all_moved_variables(self):
        return {name: self._trainable_variables_of(name) for name in self.players}

    def _frozen(self, players):
        """Return the ids of the weights of networks that these players do not own."""
        owned = {id(w) for p in players for n in self.players[p] for w in n.weights}
        return {id(w) for n in self.networks for w in n.weights} - owned


class Untracked:
    """Holds what Keras' attribute tracking, saving and training must not see."""

    def __init__(self, value):
        self.value = value


def _outputs_of(tensors, outputs=None):
    """Put the outputs of forward passes into their places in a nest of tensors."""
    outputs = None if outputs is None else iter(outputs)

    def output(leaf):
        if not isinstance(leaf, ForwardPass):
            return leaf
        return leaf.fn(*leaf.inputs) if outputs is None else next(outputs)

    return keras.tree.map_structure(output, tensors)


def _scalar(loss, player):
    if tuple(loss.shape) != ():
        raise ValueError(
            f"The loss of {player!r} has the shape {tuple(loss.shape)}. Expected a "
            "scalar: take the mean over the batch, `keras.ops.mean(loss)`."
        )
    return loss


def distinct(things: Iterable) -> list:
    """Return things in order, each once."""
    return list({id(thing): thing for thing in things}.values())


def _add(a, b):
    if a is None or b is None:
        return b if a is None else a
    return ops.add(a, b)
