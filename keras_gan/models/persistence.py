"""What of a model is kept: in checkpoints, `.keras` files and presets."""

import os

import keras

from keras_gan import checkpoints
from keras_gan.models import preset_folder, saving
from keras_gan.paths import expand


class Persistent:
    """Save a model with players, and load it: a part of `AdversarialModel`."""

    def restore(self, path: str | os.PathLike) -> None:
        """Load the state that a checkpoint holds, outside of `fit`.

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
        path = expand(path)
        found = checkpoints.latest(path) if path.is_dir() else path
        if found is None or not found.exists():
            raise ValueError(
                f"There is no checkpoint at {str(path)!r}. Pass a file that "
                "`keras_gan.callbacks.Checkpoint` wrote, or its folder."
            )
        arrays, _ = checkpoints.read(found)
        self.prepare_to_load(arrays)
        variables = self.checkpoint_variables()
        if not self.compiled:
            arrays = {name: a for name, a in arrays.items() if name in variables}
        checkpoints.assign(variables, arrays, found)

    def prepare_to_load(self, names) -> None:
        """Make what a file holds and a model that is not compiled lacks.

        Args:
            names: iterable of str, the names of what the file holds.
        """

    def network_variables(self) -> dict[str, keras.Variable]:
        """Return the variables of all networks: a dict from lasting names."""
        return checkpoints.named(self._network_groups())

    def _network_groups(self):
        groups = {}
        for player, networks in self.players.items():
            for i, network in enumerate(networks):
                group = player if len(networks) == 1 else f"{player}_{i + 1}"
                groups[group] = network
        return groups

    def checkpoint_variables(self) -> dict[str, keras.Variable]:
        """Return all that training changes: a dict from lasting names to variables."""
        groups = self._network_groups()
        if self.compiled:
            for name, optimizer in self.optimizer.players.items():
                groups[f"{name}_optimizer"] = optimizer.variables
            groups["optimizer"] = self.optimizer.variables
        groups["metrics"] = self.metrics_variables
        groups["state"] = self
        return checkpoints.named(groups)

    @classmethod
    def from_preset(cls, preset, load_weights: bool = True, seed: int | None = None):
        """Return a compiled model, by the name of a preset or from a folder.

        Of a named preset the generator is trained, and an encoder where there is one.
        Its discriminator is not shipped and starts anew, so that `fit` begins to train
        another with a trained generator.

        Args:
            preset: the name of a preset, such as `"dcgan_fashion_mnist"` (see
                `keras_gan.presets.names`), a `keras_gan.presets.Preset`, or where
                `save_to_preset` wrote a model: a folder, or `"hf://user/name"`.
            load_weights: bool, whether to load the trained weights.
            seed: int, for all random draws of training.

        Returns:
            The model, of this class or the subclass that the preset names.

        Raises:
            ValueError: on an unknown preset, one without trained weights, and one of
                another class.

        Example:

        ```python
        gan = keras_gan.GAN.from_preset("dcgan_fashion_mnist", load_weights=False)
        ```
        """
        return preset_folder.from_preset(cls, preset, load_weights, seed)

    def save_to_preset(
        self,
        path: str | os.PathLike,
        overwrite: bool = False,
        card: dict | None = None,
        private: bool | None = None,
    ):
        """Write the networks and the settings of training to a folder or to the hub.

        `from_preset` makes the model of it again, and `keras_gan.from_preset` the
        generator alone. Optimizer states are not in it: `save` and checkpoints have
        them. On the hub a page goes with them: a picture, how to use the model, and
        what `card` says of it.

        Args:
            path: the folder, which must not exist; or `"hf://user/name"`, a repository
                on the Hugging Face hub, which is made if needed.
            overwrite: bool, whether to replace the model that is there.
            card: dict, for the page on the hub: `description`, `data`, `training`,
                `licence`, strings; `metrics`, a dict of numbers; `tags`, a list.
            private: bool, whether a new repository on the hub is private; None for
                what the account does.

        Returns:
            The `pathlib.Path` of the folder; or the address with the new revision.

        Raises:
            ValueError: if there is a model already, and if the hub refuses it.
            ConnectionError: if the hub cannot be reached.

        Example:

        ```python
        gan.save_to_preset("presets/mine")
        sampler = keras_gan.from_preset("presets/mine")
        ```
        """
        return preset_folder.save_to_preset(self, path, overwrite, card, private)

    def save(self, filepath: str | os.PathLike, *args, **kwargs) -> None:
        """Save the whole model as a `.keras` file; see `keras.Model.save`.

        Raises:
            ValueError: on a name that ends in `.h5`.
        """
        super().save(saving.checked_path(filepath), *args, **kwargs)

    def save_weights(self, filepath: str | os.PathLike, *args, **kwargs) -> None:
        """Save all weights as a `.weights.h5` file; see `keras.Model.save_weights`."""
        super().save_weights(saving.expand_user(filepath), *args, **kwargs)

    def load_weights(self, filepath: str | os.PathLike, *args, **kwargs) -> None:
        """Load the weights of `save_weights`; see `keras.Model.load_weights`.

        A model that is not compiled takes a moving average from the file; one that is
        compiled must have been compiled with `ema`.

        Raises:
            ValueError: if the weights are of another model, or the file declares sizes
                that no weights have.
        """
        super().load_weights(saving.checked_weights(filepath), *args, **kwargs)

    def save_own_variables(self, store):
        super().save_own_variables(store)
        for index, state in enumerate(self._random_states()):
            store[f"seed_{index}"] = keras.ops.convert_to_numpy(state)

    def load_own_variables(self, store):
        self.prepare_to_load(saving.names_in(store))
        states = self._random_states()
        num_saved = len(store.keys())
        if num_saved != len(states):
            raise ValueError(
                f"The file holds the states of {num_saved} random generators, and this "
                f"model has {len(states)}. Build and compile the model as it was when "
                "the file was written, with `ema` if there was one."
            )
        for index, state in enumerate(states):
            state.assign(store[f"seed_{index}"])

    def _random_states(self):
        """Return the states of all random generators, which Keras does not save."""
        others = {id(v) for v in (*self.weights, *self.metrics_variables)}
        return [v for v in self.variables if id(v) not in others]
