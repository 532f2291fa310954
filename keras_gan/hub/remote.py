"""Download models from the hub, and upload them."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from keras_gan._version import __version__
from keras_gan.hub.address import Address, parse

LOGIN = (
    "Log in with `hf auth login`, or set the environment variable HF_TOKEN to a token "
    "of your account."
)


def download(address: str, files: Sequence[str]) -> Path:
    """Return a folder with the files of a repository.

    The hub's cache keeps them: a second call asks only whether they have changed, and
    without a network what is kept is used.

    Args:
        address: str, `"hf://user/name"` or `"hf://user/name@revision"`.
        files: names of the files; the first one must be there.

    Returns:
        The `pathlib.Path` of the folder. Files that the repository lacks are not in it.

    Raises:
        ValueError: if there is no such address, repository, revision or first file, or
            if it may not be read.
        ConnectionError: if the hub cannot be reached, and the cache has no copy.
        ImportError: if `huggingface_hub` is not installed.

    Example:

    ```python
    folder = keras_gan.hub.download("hf://user/digits", ["config.json"])
    ```
    """
    found = parse(address)
    api = _api()
    with _explained(found, "read"):
        folder = Path(
            api.snapshot_download(
                found.repository, revision=found.revision, allow_patterns=list(files)
            )
        )
    if not (folder / files[0]).is_file():
        raise ValueError(
            f"{address!r} has no {files[0]}: it holds no model that `save_to_preset` "
            "wrote."
        )
    return folder


def upload(
    address: str,
    folder: Path,
    files: Sequence[str],
    overwrite: bool = False,
    private: bool | None = None,
) -> str:
    """Write a folder to a repository, in one commit; the repository is made if needed.

    Whoever reads meanwhile gets all of the files of before, or all of the new ones.

    Args:
        address: str, `"hf://user/name"`, or `"hf://user/name@branch"`.
        folder: the `pathlib.Path`.
        files: names of the files of a model, the one by which it is known first. Those
            of an earlier model that the folder lacks are deleted.
        overwrite: bool, whether to replace a model that is there. The hub keeps the
            earlier revisions.
        private: bool, for a new repository; None for what the account does.

    Returns:
        The address with the commit that was made.

    Raises:
        ValueError: if the repository holds a model, or may not be written.
        ConnectionError: if the hub cannot be reached.
        ImportError: if `huggingface_hub` is not installed.

    Example:

    ```python
    keras_gan.hub.upload("hf://user/digits", folder, ["config.json"])
    ```
    """
    found = parse(address)
    api = _api()
    with _explained(found, "written"):
        api.create_repo(found.repository, private=private, exist_ok=True)
        has_one = api.file_exists(found.repository, files[0], revision=found.revision)
        if has_one and not overwrite:
            raise ValueError(
                f"{address!r} holds a model already. Pass another address, or "
                "`overwrite=True` for a new revision of it."
            )
        commit = api.upload_folder(
            repo_id=found.repository,
            folder_path=folder,
            revision=found.revision,
            commit_message="Upload a model of keras_gan",
            delete_patterns=list(files),
        )
    return str(Address(found.repository, commit.oid))


def _api():
    try:
        from huggingface_hub import HfApi
    except ImportError:
        raise ImportError(
            "Addresses hf://USER/NAME need huggingface_hub: pip install "
            '"keras-gan[hub]"'
        ) from None
    return HfApi(
        endpoint=os.environ.get("HF_ENDPOINT"),  # as it is now, not as at import
        library_name="keras_gan",
        library_version=__version__,
    )


@contextlib.contextmanager
def _explained(address: Address, done: str) -> Iterator[None]:
    """Say in one sentence what the hub answered, and how to mend it."""
    from huggingface_hub import errors

    name = f"'{Address(address.repository)}'"
    try:
        yield
    except errors.GatedRepoError as error:
        raise ValueError(
            f"{name} is shared only with those who asked for it on its page. {LOGIN}"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ValueError(
            f"{name} cannot be {done}: the hub knows no such repository, or it is "
            f"private. {LOGIN}"
        ) from error
    except errors.RevisionNotFoundError as error:
        raise ValueError(f"{name} has no revision {address.revision!r}.") from error
    except errors.LocalTokenNotFoundError as error:
        raise ValueError(f"{name} cannot be {done} by strangers. {LOGIN}") from error
    except (errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError) as error:
        raise _unreachable(name, done, error) from error
    except errors.HfHubHTTPError as error:
        status = getattr(error.response, "status_code", None)
        if status not in (401, 403):
            raise _unreachable(name, done, error) from error
        raise ValueError(
            f"{name} cannot be {done}: the hub refused it ({status}). {LOGIN}"
        ) from error
    except OSError as error:
        raise _unreachable(name, done, error) from error
    except Exception as error:  # of whichever HTTP library the hub's client uses
        if not _is_of_transport(error):
            raise
        raise _unreachable(name, done, error) from error


def _is_of_transport(error):
    return type(error).__module__.partition(".")[0] in ("httpx", "httpx2", "requests")


def _unreachable(name, done, error):
    first_line = str(error).strip().partition("\n")[0] or type(error).__name__
    kept = ", and there is no copy in the cache" if done == "read" else ""
    return ConnectionError(
        f"{name} cannot be {done}: the hub cannot be reached{kept} ({first_line}). "
        "Check the network and the environment variables HF_ENDPOINT and "
        "HF_HUB_OFFLINE. A folder, written here or downloaded elsewhere, does without."
    )
