"""A group of commands that imports each command when it runs."""

import importlib
import os

import click


class LazyGroup(click.Group):
    """Group commands, each a module of this package that is imported when it runs.

    Errors that users can correct are shown without a traceback; the library's
    messages say how.

    Args:
        name: str.
        summaries: dict from a command's name to its line in the help.
        **attributes: of `click.Group`.
    """

    USER_ERRORS = (ValueError, OSError, ImportError, FloatingPointError)

    def __init__(self, name: str, summaries: dict[str, str], **attributes):
        super().__init__(name, **attributes)
        self.summaries = summaries

    def list_commands(self, ctx):
        return list(self.summaries)

    def get_command(self, ctx, name):
        if name not in self.summaries:
            return None
        return getattr(importlib.import_module(f"keras_gan_cli.{name}"), name)

    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))

    def invoke(self, ctx):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        try:
            return super().invoke(ctx)
        except self.USER_ERRORS as error:
            raise click.ClickException(str(error)) from error
