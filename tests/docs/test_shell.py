"""The commands that the pages print name files, options and extras that exist."""

import configparser
import re
import shlex

import click
import pages
import pytest

import keras_gan_cli as cli

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

BLOCKS = [
    block
    for page in pages.PAGES
    for block in pages.blocks(page, "sh", "shell", "bash", "console")
]
YOURS = {"train.py"}  # a name for the reader's own script


def commands(block):
    """The words of each command, with what a console printed left out."""
    text = re.sub(r'-c ".*?"', "", block.text, flags=re.S).replace("\\\n", " ")
    if text.startswith("$ "):
        text = "\n".join(t[2:] for t in text.splitlines() if t.startswith("$ "))
    for line in text.splitlines():
        for command in re.split(r"&&|;|\|", line):
            try:
                yield shlex.split(command, comments=True)
            except ValueError:
                continue  # a line of a longer quotation, such as TF_CONFIG


def all_commands():
    for block in BLOCKS:
        for words in commands(block):
            yield pytest.param(words, id=f"{block.place} {' '.join(words)[:40]}")


@pytest.mark.parametrize("words", [p for p in all_commands() if p.values[0]])
def test_files_and_their_options_exist(words):
    scripts = [w for w in words if re.fullmatch(r"[\w./-]+\.(py|sh|ipynb)", w)]
    scripts += [w for w in words if w.startswith(("tests/", "docs/", "examples/"))]
    for script in {*scripts} - YOURS:
        path = pages.ROOT / script.split("::")[0]
        assert path.exists(), f"there is no {script}"
        if path.suffix == ".py" and path.parent.name != "tests":
            for word in words[words.index(script) :]:
                if word.startswith("--"):
                    assert f'"{word.split("=")[0]}"' in path.read_text(), word


@pytest.mark.parametrize("words", [p for p in all_commands() if p.values[0]])
def test_subcommands_and_their_options_exist(words):
    names = [w for w in words if w.rsplit("/", 1)[-1] == "keras-gan"]
    for name in names:
        command, rest = cli.main, words[words.index(name) + 1 :]
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), rest[0])
            assert found, f"there is no keras-gan {rest[0]}"
            command, rest = found, rest[1:]
        known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
        options = [word.strip("[]").split("=")[0] for word in rest]
        used = {option for option in options if option.startswith("-")}
        assert used <= known | {"--help"}, f"{command.name} has no {used - known}"


def test_extras_exist():
    config = configparser.ConfigParser()
    config.read(pages.ROOT / "setup.cfg")
    known = set(config["options.extras_require"])
    for page in pages.PAGES:
        for names in re.findall(
            r"[\"'](?:\.|keras-gan)\[([\w,-]+)\]", page.read_text()
        ):
            assert set(names.split(",")) <= known, f"[{names}] in {pages.name_of(page)}"


def test_a_wrong_option_is_seen():
    with pytest.raises(AssertionError, match="--prot"):
        test_subcommands_and_their_options_exist(["keras-gan", "serve", "--prot=1"])
    with pytest.raises(AssertionError, match=r"no examples/none\.py"):
        test_files_and_their_options_exist(["python", "examples/none.py"])
