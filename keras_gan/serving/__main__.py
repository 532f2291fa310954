"""Start the server by its folder, without Keras.

`python -P keras_gan/serving PATH` loads this folder as a package of its own. As
`keras_gan.serving` it would be preceded by `keras_gan`, which imports Keras.
"""

import importlib
import importlib.util
import pathlib
import sys


def _load():
    sys.modules["keras"] = None  # TensorFlow would import it, and does not need it
    folder = pathlib.Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        "keras_gan_serving",
        folder / "__init__.py",
        submodule_search_locations=[str(folder)],
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = package
    spec.loader.exec_module(package)
    return importlib.import_module("keras_gan_serving.server")


if __name__ == "__main__":
    _load().main()
