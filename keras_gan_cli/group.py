"""A group of commands that imports each command when it runs."""

import importlib
import os
import warnings

import click

from keras_gan_cli import words


class LazyGroup(click.Group):
    """Group commands, each a module of this package that is imported when it runs.

    Errors and warnings are sentences without a traceback, in the words of the command
    line. Errors of kinds that the library does not raise are faults of it: their kind
    is shown too, and `KERAS_GAN_TRACEBACK=1` in the environment shows the traceback.

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
        # What ends a command is an exception: errors in the log are those that do not.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        shown_before, warnings.formatwarning = warnings.formatwarning, _warning
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:  # click ends quietly where nobody reads
            raise
        except Exception as error:
            if os.environ.get("KERAS_GAN_TRACEBACK"):
                raise
            raise click.ClickException(self._sentence(ctx, error)) from error
        finally:
            warnings.formatwarning = shown_before

    def _sentence(self, ctx, error):
        command = self.get_command(ctx, ctx.invoked_subcommand)
        options = {name for param in command.params for name in param.opts}
        said = words.as_typed(str(error), options)
        if isinstance(error, self.USER_ERRORS):
            return said
        return (
            f"{type(error).__name__}: {said[:1000]}\nThis is unexpected. "
            "KERAS_GAN_TRACEBACK=1 in the environment shows where it comes from."
        )


def _warning(message, category, filename, lineno, line=None):
    return f"Warning: {message}\n"
