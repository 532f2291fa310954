"""The blocks of docs/extending.md run, on public names only."""

import ast
import inspect
import re

import keras
import pages
import pytest

import keras_gan

PAGE = pages.ROOT / "docs" / "extending.md"
BLOCKS = pages.blocks(PAGE, "python")
CODE = [block for block in BLOCKS if not block.is_quote]
# Lines of code that each may have, without the docstring and empty lines.
SIZES = {"KullbackLeibler": 15, "FlatBetween": 15, "AdversarialAutoencoder": 80}


@pytest.mark.backends("torch", reason="the page has no backend code: run once")
def test_blocks_run_in_order():
    assert len(CODE) >= 12
    assert sum("assert" in block.text for block in CODE) >= 9
    namespace = {"__name__": "extending"}
    policy = keras.config.dtype_policy()
    try:
        for block in CODE:
            # Errors show the line of the page.
            code = "\n" * (block.line - 1) + block.text
            exec(compile(code, block.page, "exec"), namespace)
    finally:
        keras.config.set_dtype_policy(policy)


def test_imports_are_public():
    for block in CODE:
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
                assert names <= {"keras", "keras_gan", "numpy"}, block.place
            if isinstance(node, ast.ImportFrom):
                assert node.module == "keras", block.place
            if isinstance(node, ast.Attribute):
                assert not re.match("_[a-z]", node.attr), f"{block.place}: {node.attr}"


def test_names_are_public():
    text = "".join(block.text for block in CODE)
    names = set(re.findall(r"\bkeras_gan\.(\w+)(?:\.(\w+))?", text))
    assert len(names) >= 10
    for outer, inner in names:
        assert outer in keras_gan.__all__, outer
        module = getattr(keras_gan, outer)
        if inner and inspect.ismodule(module):
            public = getattr(module, "__all__", None) or vars(module)
            assert inner in public, f"{outer}.{inner}"


@pytest.mark.parametrize("name", SIZES)
def test_classes_are_short(name):
    ((block, cls),) = (
        (block, node)
        for block in CODE
        for node in ast.parse(block.text).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    docstring = cls.body[0]
    assert ast.get_docstring(cls)
    lines = block.text.splitlines()
    code = lines[cls.lineno - 1 : docstring.lineno - 1]
    code += lines[docstring.end_lineno : cls.end_lineno]
    assert 5 < len([line for line in code if line]) <= SIZES[name]


def test_quotations_are_verbatim():
    quotes = [block for block in BLOCKS if block.is_quote]
    assert len({quote.before for quote in quotes}) == 3, "three files are quoted"
    for quote in quotes:
        path = pages.ROOT / re.fullmatch(r"<!-- (\S+) -->", quote.before)[1]
        source = re.sub(r"^ +", "", path.read_text(), flags=re.M)
        assert re.sub(r"^ +", "", quote.text, flags=re.M) in source, quote.place
