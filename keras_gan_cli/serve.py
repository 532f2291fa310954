"""`keras-gan serve`."""

import os
import pathlib
import shutil

import click


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=pathlib.Path))
@click.option("--port", default=8501, show_default=True, help="Port of the REST API.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address of the built-in server. 0.0.0.0 accepts other machines.",
)
@click.option(
    "--max-body", default=32, show_default=True, help="Largest request in MiB."
)
@click.option("--built-in", is_flag=True, help="Do not use tensorflow_model_server.")
def serve(path, port, host, max_body, built_in):
    """Serve exported generators.

    PATH is one of them, a folder of them, or a models.config file. If
    tensorflow_model_server is installed, it serves them. If not, the built-in server
    does: it has the same REST API, and a demo page.
    """
    from keras_gan.serving import locate, server

    sources = locate.locate(path)
    if not built_in and (binary := shutil.which("tensorflow_model_server")):
        command = _tensorflow_serving(binary, path, sources, port)
    else:
        server.listen(host, port).close()
        command = server.command([path.absolute()], host, port, max_body)
    click.echo(f"Starting {pathlib.Path(command[0]).name} for {path}", err=True)
    os.execv(command[0], command)


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
