"""The guide's figures are shown, its numbers printed, its quotes in the source."""

import importlib.util
import re
import textwrap
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from test_figures import IMAGES, ROOT, SCRIPTS, TINY

import keras_gan

pytestmark = pytest.mark.backends(
    "tensorflow", reason="the figures are those of TensorFlow"
)

PAGES = [ROOT / "docs" / "guide.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]


def script(name):
    """A script of the guide as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_figure_is_shown_and_small():
    shown = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text())
    }
    assert shown == {IMAGES / f"{name}.png" for name in TINY}
    for path in shown:
        assert path.stat().st_size < 150_000, path.name


def test_every_link_resolves():
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{link} in {page.name}"


def blocks(kind):
    """The code blocks of a kind: `(page, what stands before, text)`."""
    pattern = rf"([^\n]*)\n```{kind}\n(.*?)```"
    for page in PAGES:
        for before, text in re.findall(pattern, page.read_text(), flags=re.S):
            yield page, before, text


def quotes():
    """The blocks that quote a file, which is named in a comment before them."""
    for page, before, text in blocks("python"):
        if named := re.fullmatch(r"<!-- (\S+) -->", before):
            yield pytest.param(ROOT / named[1], text, id=f"{page.stem}-{named[1]}")


@pytest.mark.parametrize(("file", "text"), list(quotes()))
def test_quoted_lines_occur_in_the_source(file, text):
    quoted = textwrap.dedent(text).splitlines()
    source = file.read_text().splitlines()
    indents = {len(line) - len(line.lstrip()) for line in source}
    shifted = ([" " * indent * bool(q) + q for q in quoted] for indent in indents)
    windows = [source[i : i + len(quoted)] for i in range(len(source))]
    assert any(lines in windows for lines in shifted), f"not in {file}:\n{text}"


def test_the_guide_quotes():
    assert len(list(quotes())) >= 15


def test_snippets_name_what_exists():
    for page, before, text in blocks("python"):
        if before.startswith("<!--"):
            continue
        compile(text, page.name, "exec")
        for name in re.findall(r"keras_gan((?:\.\w+)+)\(", text):
            found = keras_gan
            for part in name[1:].split("."):
                found = getattr(found, part)
            assert callable(found), name


def test_quoted_numbers_were_printed():
    numbers = (IMAGES / "numbers.txt").read_text()
    printed = {text for _, _, text in blocks("console")}
    assert len(printed) == len(TINY)
    for text in printed:
        assert text in numbers, text


@pytest.mark.slow
def test_optimal_discriminator_is_p_over_p_plus_q():
    module = script("optimal_discriminator")
    discriminator, value = module.train()
    x = module.support()
    best = module.p(x) / (module.p(x) + module.q(x))
    assert np.abs(discriminator(x) - best).max() < 0.03
    expected = 2 * module.jensen_shannon() - np.log(4)
    assert value == pytest.approx(expected, abs=0.01)


def test_jensen_shannon_by_hand(monkeypatch):
    module = script("optimal_discriminator")
    monkeypatch.setattr(module, "p", lambda x: module.normal(x, -4, 0.2))
    monkeypatch.setattr(module, "q", lambda x: module.normal(x, 4, 0.2))
    assert module.jensen_shannon() == pytest.approx(np.log(2), abs=1e-6)
    monkeypatch.setattr(module, "q", module.p)
    assert module.jensen_shannon() == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_more_steps_put_the_discriminator_ahead():
    gaps = script("balance").train_all(num_epochs=8)
    late = {k: gap[4:].mean() for k, gap in gaps.items()}
    assert late["5"] > late["1"] + 0.1
    assert late["1"] > late["1/5"] + 0.03
    assert late["1/5"] < 0


def test_a_fifth_of_a_step_moves_d_every_fifth_round():
    """What balance.py says of `gradient_accumulation_steps`."""
    generator, discriminator = keras_gan.architectures.mlp((2,), 2)
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gan.compile(
        keras.optimizers.Adam(1e-3, gradient_accumulation_steps=5),
        keras.optimizers.Adam(1e-3),
    )
    data = keras_gan.datasets.ring(batch_size=8, steps_per_epoch=1)
    moved = {"discriminator": [], "generator": []}
    for epoch in range(10):
        before = {name: getattr(gan, name).get_weights()[0] for name in moved}
        gan.fit(data, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        for name, changes in moved.items():
            after = getattr(gan, name).get_weights()[0]
            changes.append(not np.array_equal(before[name], after))
    assert moved["discriminator"] == 2 * [False, False, False, False, True]
    assert all(moved["generator"])


@pytest.mark.slow
def test_minimax_starves_the_generator():
    train = script("saturation").train
    _, starved, scores, stayed = train("minimax", num_points=4)
    _, fed, _, moved = train("non_saturating", num_points=4)
    # The first weights, and so the first fakes, are another backend's own.
    assert scores[0] < 0.15, "D should see through the first fakes"
    assert fed[0] > 5 * starved[0]
    assert moved[-1] > 2
    assert moved[-1] - moved[0] > 3 * (stayed[-1] - stayed[0])


@pytest.mark.slow
def test_the_critic_measures_the_way_and_the_classifier_does_not():
    module = script("wasserstein")
    critics, classifier = module.measure()
    for t, (_, estimate) in critics.items():
        slope = 1 + t / (2 * module.WEIGHT)  # the maximum of s t - WEIGHT (s - 1)^2
        assert estimate == pytest.approx(slope * t, abs=0.15)
    belief = 1 / (1 + np.exp(-classifier))
    assert abs(module.slopes_at(4.0, belief)) < 0.01
    assert module.slopes_at(4.0, critics[4.0][0]) < -0.8


@pytest.mark.slow
def test_a_penalty_brings_back_the_modes():
    module = script("mode_collapse")
    plain, flatter = (
        module.train(*module.RECIPES[name])[2] for name in ("plain", "R1")
    )
    assert plain["modes"] <= 6
    assert flatter["modes"] >= 7


@pytest.mark.slow
def test_few_pictures_give_a_large_distance():
    module = script("sample_count")
    found = module.distances(module.features(2000), (200, 2000))
    assert np.mean(found[200]) > 4 * np.mean(found[2000]) > 0


def test_precision_and_recall_tell_two_faults_apart():
    _, _, found = script("precision_recall").measure(1000)
    assert found["half of the modes"]["precision"] > 0.9
    assert found["half of the modes"]["recall"] < 0.6
    assert found["all modes, smeared"]["precision"] < 0.5
    assert found["all modes, smeared"]["recall"] > 0.9


@pytest.mark.slow
def test_points_without_labels_show_where_the_gap_is(monkeypatch):
    module = script("moons")
    monkeypatch.setattr(module, "args", SimpleNamespace(steps=1500), raising=False)
    points, classes = module.moons(module.NUM_POINTS, seed=0)
    few = keras_gan.datasets.hide_labels(classes, 3, seed=1)
    known = points[few >= 0], few[few >= 0]
    alone, generated, of_all = (
        np.mean(named(points) != classes)
        for named in (
            module.from_labels(*known),
            module.from_generated(*known)[0],
            module.from_all(points, few),
        )
    )
    assert min(alone, generated) > 0.08
    assert of_all < 0.03
