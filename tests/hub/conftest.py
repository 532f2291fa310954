import pytest
from stand_in import TOKEN, Hub


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """An empty hub, its owner logged in, and an empty cache."""
    constants = pytest.importorskip("huggingface_hub.constants")
    hub = Hub()
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    yield hub
    hub.close()
