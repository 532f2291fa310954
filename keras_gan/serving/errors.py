"""Errors with a status code of HTTP."""

from __future__ import annotations


class ServingError(Exception):
    """An error that a server answers.

    Args:
        message: str, the server's message.
        status: int, the status code of HTTP.

    Example:

    ```python
    try:
        raise keras_gan.serving.ServingError("There is no model 'cats'.", 404)
    except keras_gan.serving.ServingError as error:
        print(error.status, error.message)
    ```
    """

    def __init__(self, message: str, status: int = 400):
        super().__init__(message)
        self.message = message
        self.status = status


def not_found(message: str) -> ServingError:
    """Return the error for an unknown name, of status 404."""
    return ServingError(message, 404)
