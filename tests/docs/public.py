"""The public names of the package, and what their docstrings hold."""

import ast
import inspect
import re
import textwrap
import types

import keras_gan

MODULES = {
    name: module
    for name in keras_gan.__all__
    if inspect.ismodule(module := getattr(keras_gan, name))
}
KINDS = (property, classmethod, staticmethod, types.FunctionType)
_FENCED = re.compile(r"```python\n(.*?)```", re.S)


def names():
    """`(dotted name, object)` of every public class and function, each once."""
    seen = set()
    for place, module in {"": keras_gan, **MODULES}.items():
        for name in getattr(module, "__all__", None) or _defined_in(module):
            thing = getattr(module, name)
            if not inspect.ismodule(thing) and id(thing) not in seen:
                seen.add(id(thing))
                yield ".".join(filter(None, ("keras_gan", place, name))), thing


def _defined_in(module):
    return [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and getattr(thing, "__module__", None) == module.__name__
    ]


def methods(cls):
    """The public methods and properties of a class, but for those of a public base.

    Of a base that is not public, a part of the class in a file of its own, they count.
    """
    public = {id(thing) for _, thing in names()}
    told = {b for base in cls.__mro__[1:] if id(base) in public for b in base.__mro__}
    found = {}
    for part in reversed(cls.__mro__):
        if part not in told and part.__module__.partition(".")[0] == "keras_gan":
            found |= vars(part)
    for name, thing in found.items():
        if not name.startswith("_") and isinstance(thing, KINDS):
            yield name, thing


def parameters(thing):
    """The names of what a class or function is called with, stars included."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    is_class = inspect.isclass(thing)
    if is_class and (thing.__init__, thing.__new__) == (
        object.__init__,
        object.__new__,
    ):
        return []
    found = inspect.signature(thing).parameters.values()
    return [stars.get(p.kind, "") + p.name for p in found if p.name != "self"]


def described(doc):
    """The names under `Args:` of a docstring."""
    section = re.search(r"^Args:\n((?:    .*\n?|\n)+)", doc, re.M)
    return re.findall(r"^    (\*{0,2}\w+):", section[1], re.M) if section else []


def examples(thing):
    return _FENCED.findall(inspect.getdoc(thing) or "")


def gives_a_value(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    own = [node for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return any(node.value is not None for node in own)
