"""Commands that are loaded when they are called, and what is said when they fail."""

import importlib
import os

import click


class LazyGroup(click.Group):
    """A group whose commands are modules of this package.

    Mistakes of users arrive as the library's errors, which say how to mend them:
    they are shown without a traceback.

    Args:
        name: str.
        briefs: dict from a command's name to its line in the help.
        **attributes: of `click.Group`.
    """

    MISTAKES = (ValueError, OSError, ImportError, FloatingPointError)

    def __init__(self, name, briefs, **attributes):
        super().__init__(name, **attributes)
        self.briefs = briefs

    def list_commands(self, ctx):
        return list(self.briefs)

    def get_command(self, ctx, name):
        if name not in self.briefs:
            return None
        return getattr(importlib.import_module(f"keras_gan_cli.{name}"), name)

    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl(list(self.briefs.items()))

    def invoke(self, ctx):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        try:
            return super().invoke(ctx)
        except self.MISTAKES as error:
            raise click.ClickException(str(error)) from error
