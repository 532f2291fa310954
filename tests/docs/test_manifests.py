"""Manifests in the docs are those that Kubernetes' schemas describe."""

import kubernetes_validate
import pages
import pytest
import yaml

pytestmark = pytest.mark.backends("torch", reason="no backend code: run once")


def manifests():
    for page in pages.PAGES:
        for block in pages.blocks(page, "yaml"):
            if "apiVersion" in block.text:
                for manifest in yaml.safe_load_all(block.text):
                    place = f"{block.place} {manifest['kind']}"
                    yield pytest.param(manifest, id=place)


def fault_of(manifest):
    """Return what the newest schemas find wrong, or None."""
    newest = kubernetes_validate.latest_version()
    try:
        kubernetes_validate.validate(manifest, newest, strict=True)
    except kubernetes_validate.ValidationError as error:
        return error.message


@pytest.mark.parametrize("manifest", list(manifests()))
def test_a_manifest_is_valid(manifest):
    assert fault_of(manifest) is None


def test_what_is_wrong_is_found():
    (job,) = (each for (each,) in (p.values for p in manifests()) if "Job" in str(each))
    wrong = {**job, "spec": {**job["spec"], "completionMode": 2}}
    assert "2 is not of type" in fault_of(wrong)
    unknown = {**job, "spec": {**job["spec"], "completion": 2}}
    assert "completion" in fault_of(unknown)
