"""Every public name has its entry in the harness."""

import types

import pytest
from catalogue.names import TABLES, missing_entries, public_names

import keras_gan


@pytest.mark.parametrize("name", TABLES)
def test_every_public_name_has_an_entry(name):
    module, entries = TABLES[name]
    missing = missing_entries(module, entries)
    assert not missing, (
        f"keras_gan.{name} exports {missing}, which the harness does not test. Add an "
        f'entry for each to tests/harness/catalogue, in the table of "{name}".'
    )


@pytest.mark.parametrize("name", TABLES)
def test_entries_are_public(name):
    module, entries = TABLES[name]
    assert {key.split(":")[0] for key in entries} <= public_names(module)


def test_a_new_class_is_missed():
    module = types.ModuleType("new")
    module.Known = type("Known", (), {})
    module.Unknown = type("Unknown", (), {})
    module.__all__ = ["Known", "Unknown"]
    assert missing_entries(module, {"Known: once": None}) == ["Unknown"]


def test_modules_with_such_classes_are_in_the_tables():
    assert set(TABLES) <= set(keras_gan.__all__)
