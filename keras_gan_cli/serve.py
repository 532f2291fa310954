"""`keras-gan serve`."""

import dataclasses
import importlib.util
import os
import pathlib
import runpy
import shutil

import click
from click.core import ParameterSource

from keras_gan_cli.types import UserPath


def _limits():
    """Load the table of limits by its file: the package around it imports Keras."""
    (package,) = importlib.util.find_spec("keras_gan").submodule_search_locations
    return runpy.run_path(f"{package}/serving/limits.py", run_name="limits")


LIMITS = _limits()
FIELDS = dataclasses.fields(LIMITS["Limits"])
BUILT_IN = {field.name: LIMITS["option"](field.name) for field in FIELDS}
BUILT_IN |= {"host": "--host", "allowed_host": "--allowed-host"}


def with_limits(command):
    """Add an option for each limit of the built-in server."""
    for field in reversed(FIELDS):
        add = click.option(
            BUILT_IN[field.name],
            type=type(field.default),
            default=field.default,
            show_default=True,
            help=field.metadata["help"],
        )
        command = add(command)
    return command


@click.command()
@click.argument("path", type=UserPath(exists=True, path_type=pathlib.Path))
@click.option("--port", default=8501, show_default=True, help="Port of the REST API.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address of the built-in server. 0.0.0.0 accepts other machines.",
)
@click.option(
    "--allowed-host",
    multiple=True,
    metavar="NAME",
    help="Another name of the server, such as a proxy's; *.NAME, or * for any. Can be "
    "repeated.",
)
@with_limits
@click.option("--built-in", is_flag=True, help="Do not use tensorflow_model_server.")
def serve(path, port, host, allowed_host, built_in, **limits):
    """Serve exported generators.

    PATH is one of them, a folder of them, or a models.config file. If
    tensorflow_model_server is installed, it serves them. If not, the built-in server
    does: it has the same REST API, a demo page, and limits.
    """
    from keras_gan.serving import locate, server

    sources = locate.locate(path)
    if not built_in and (binary := shutil.which("tensorflow_model_server")):
        _refuse_options_of_the_built_in_server()
        command = _tensorflow_serving(binary, path, sources, port)
    else:
        limits = LIMITS["Limits"](**limits)
        server.listen(host, port).close()
        paths = [path.absolute()]
        command = server.command(paths, host, port, limits, allowed_host)
    click.echo(f"Starting {pathlib.Path(command[0]).name} for {path}", err=True)
    os.execv(command[0], command)


def _refuse_options_of_the_built_in_server():
    source = click.get_current_context().get_parameter_source
    given = [
        option
        for name, option in BUILT_IN.items()
        if source(name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise ValueError(
            f"tensorflow_model_server, which is installed, has no {', '.join(given)}. "
            "Leave it out, or pass --built-in."
        )


def _tensorflow_serving(binary, path, sources, port):
    """Return the command line of TensorFlow Serving for these models."""
    command = [binary, f"--rest_api_port={port}", f"--port={port - 1}"]
    if path.is_file():
        command += [f"--model_config_file={path.absolute()}"]
        batching = path.absolute().with_name("batching.config")
        if batching.is_file():
            command += ["--enable_batching", f"--batching_parameters_file={batching}"]
        return command
    if len(sources) > 1:
        folders = ", ".join(repr(str(source.path)) for source in sources)
        raise ValueError(
            f"{path} holds {len(sources)} models, and tensorflow_model_server wants "
            "them listed. Write a list with "
            f"`keras_gan.export.serving_config([{folders}])` and serve models.config, "
            "or pass --built-in."
        )
    (source,) = sources
    return [
        *command,
        f"--model_name={source.name}",
        f"--model_base_path={source.path}",
    ]
