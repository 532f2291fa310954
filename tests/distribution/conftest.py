import warnings

import games
import pytest


@pytest.fixture(scope="session")
def one_device(tmp_path_factory):
    """What all games end with on one device."""
    result = tmp_path_factory.mktemp("one") / "end.npz"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a step that is skipped
        games.main("one", result, "cyclegan,steps,normalised,spoilt")
    return result
