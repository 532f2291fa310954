import pytest
from processes import finish, start


@pytest.fixture(scope="session")
def one_device(tmp_path_factory):
    """What all games end with on one device."""
    result = tmp_path_factory.mktemp("one") / "end.npz"
    finish(start("one", result, "cyclegan,steps,normalised,spoilt"))
    return result
