"""Every public name says what it does, what it takes, what it gives, and how."""

import inspect
import pkgutil
import re

import public
import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

NAMES = dict(public.names())
CLASSES = {name: thing for name, thing in NAMES.items() if inspect.isclass(thing)}

# What modules hand one another. It is documented; nobody calls it from outside.
BETWEEN_MODULES = {
    "keras_gan.augment.check_augmentation",
    "keras_gan.callbacks.prepare",
    "keras_gan.callbacks.chief_only",
    "keras_gan.losses.get",
    "keras_gan.metrics.check_metrics",
    "keras_gan.metrics.check_num_images",
    "keras_gan.metrics.check_num_real",
    "keras_gan.plotting.check_suffix",
    "keras_gan.optimizers.check_setting",
}
# What Keras calls, and documents for all layers and models alike.
OF_KERAS = {
    "beta_2",
    "build",
    "call",
    "compute_output_shape",
    "convolution_op",
    "from_config",
    "get_config",
    "load_own_variables",
    "save_own_variables",
    "train_step",
}
# Arguments that mean here what they mean for every Keras object.
COMMON = {"name", "dtype", "*args", "**kwargs"}
LIKE_ANOTHER = re.compile(
    r"see there|those of `|[Aa]s `|of that name|Arguments are those of"
)


def is_base(thing):
    """Whether other public classes are made of this one."""
    return any(thing in other.__mro__[1:] for other in CLASSES.values())


@pytest.mark.parametrize("name", public.MODULES)
def test_modules_have_docstrings(name):
    assert public.MODULES[name].__doc__


@pytest.mark.parametrize("name", NAMES)
def test_says_in_a_line_what_it_is(name):
    doc = NAMES[name].__doc__
    assert doc, "there is no docstring"
    first, _, rest = inspect.cleandoc(doc).partition("\n")
    assert first.endswith((".", "?", ":")), f"{first!r} is no sentence"
    assert not rest or rest.startswith("\n"), "the first line ends on the second"


@pytest.mark.parametrize("name", NAMES)
def test_args_are_those_of_the_signature(name):
    thing = NAMES[name]
    doc = inspect.getdoc(thing)
    taken, described = public.parameters(thing), public.described(doc)
    assert set(described) <= set(taken), "Args describes what is not taken"
    if not LIKE_ANOTHER.search(doc) and name not in BETWEEN_MODULES:
        missing = set(taken) - set(described) - COMMON
        assert not missing, f"Args lacks {sorted(missing)}"


@pytest.mark.parametrize("name", [n for n, f in NAMES.items() if inspect.isfunction(f)])
def test_returns_are_described(name):
    function = NAMES[name]
    if public.gives_a_value(function) and name not in BETWEEN_MODULES:
        doc = inspect.getdoc(function)
        assert "Returns:" in doc or LIKE_ANOTHER.search(doc)


@pytest.mark.parametrize("name", NAMES)
def test_has_an_example(name):
    thing = NAMES[name]
    if name not in BETWEEN_MODULES and not (inspect.isclass(thing) and is_base(thing)):
        assert public.examples(thing), "there is no ```python block"


@pytest.mark.parametrize("name", CLASSES)
def test_methods_are_documented(name):
    cls = CLASSES[name]
    for method, thing in public.methods(cls):
        if method in OF_KERAS:
            continue
        overridden = (vars(base).get(method) for base in cls.__mro__)
        doc = any(inspect.getdoc(o) for o in overridden if isinstance(o, public.KINDS))
        assert doc, f"{method} has no docstring"
        described = public.described((thing.__doc__ and inspect.getdoc(thing)) or "")
        if described and inspect.isfunction(thing):
            assert set(described) == set(public.parameters(thing)), method


def test_a_wrong_section_is_seen():
    def function(right):
        """Do it.

        Args:
            wrong: int,
                over two lines.

            other: str.

        Returns:
            Nothing.
        """

    assert public.parameters(function) == ["right"]
    assert public.described(inspect.getdoc(function)) == ["wrong", "other"]
    assert not public.gives_a_value(function)


def test_names_in_docstrings_exist():
    """`keras_gan.this.that` in a docstring, be it prose or an example."""
    for name, thing in NAMES.items():
        for dotted in re.findall(r"\bkeras_gan(?:\.\w+)+", inspect.getdoc(thing)):
            pkgutil.resolve_name(dotted)  # raises where there is none
            assert dotted, name
