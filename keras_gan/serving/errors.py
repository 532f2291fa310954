"""What went wrong, in words and with the code of HTTP."""


class ServingError(Exception):
    """A server's refusal.

    Args:
        message: str, what the server said.
        status: int, the status code of HTTP.

    Example:

    ```python
    try:
        raise keras_gan.serving.ServingError("There is no model 'cats'.", 404)
    except keras_gan.serving.ServingError as error:
        print(error.status, error.message)
    ```
    """

    def __init__(self, message, status=400):
        super().__init__(message)
        self.message = message
        self.status = status


def not_found(message):
    """The error for a name that nothing answers to."""
    return ServingError(message, 404)
