"""tests/lowest.txt pins the lowest versions that setup.cfg allows."""

import configparser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

ROOT = Path(__file__).parent.parent
PINNED = ("cpu", "jax", "torch", "metrics", "tables", "serve")  # the extras


def test_each_pin_is_the_lowest_version():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    extras = config["options.extras_require"]
    lists = [config["options"]["install_requires"], *(extras[name] for name in PINNED)]
    lowest = {}
    for line in "\n".join(lists).split("\n"):
        for bound in Requirement(line).specifier if line else ():
            lowest[Requirement(line).name] = Version(bound.version)
    text = (ROOT / "tests" / "lowest.txt").read_text()
    pins = dict(line.split("==") for line in text.splitlines() if "==" in line)
    pins = {name: Version(version) for name, version in pins.items()}
    assert pins.pop("jaxlib") == lowest["jax"]  # JAX asks for no version of it
    assert pins == lowest
