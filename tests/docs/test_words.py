"""Names and prose use the field's words: none that this package alone would use."""

import re

import pages
import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

# Words, or parts of names, that are wrong in code and in prose.
WORDS = {
    r"Duel|GenerativeModel|MeasuredModel": "AdversarialModel, GAN",
    r"forge[sd]?|forging": "generate_fakes; generate",
    r"judge[sd]?|judging|judgements?": "discriminate; the discriminator's output",
    r"examine[sd]?": "discriminate_with_penalties; look at",
    r"deals?|dealt": "sample_latents; draw",
    r"draw_view": "sample_augmentation",
    r"further_reports": "log_names",
    r"measured_by": "eval_metrics",
    r"twins?": "clone; ema_generator",
    r"settles?|settled|settling": "sync_state; resolve; decide",
    r"own_noise": "per_replica_seeds",
    r"(?<!mean_)over_replicas": "all_gather",
    r"one_replica": "single_device",
    r"Guard|WatchGuard": "FiniteCheck, NonFiniteMonitor",
    r"sound|unsound": "is_finite; finite",
    r"take_over|at_work": "prepare, running",
    r"without_files": "chief_only",
    r"fast_forward": "skip_seen_batches",
    r"FADING|ZERO_CENTERED": "ADAM_COSINE, R1_ONLY",
    r"narrow_(?:dcgan|r3gan)|NARROW_R3GAN": "small_dcgan, small_r3gan",
    r"BurnIn": "CosineRamp",  # CosineBurnIn keeps its name
    r"breadth": "width",
    r"num_refinements": "num_extra_convs",
    r"in_turn|Chance": "compose, RandomDraws",
    r"add_in_one_order": "enable_determinism",
    r"circumstances": "environment",
    r"_taken_up": "_resume",
    r"rooms?": "module, package",
    r"(?<!\.)floors?(?!\()": "layer; lower limit",
    r"house[sd]?": "package; layer",
    r"police": "discriminator",
    r"counterfeiters?": "generator",
}
# Names that are also plain English: wrong where they are called, made or read.
NAMES = {
    r"\.pull\(": "vjp",
    r"(?:\.|def )learn\(": "run_step",
    r"optimizer\.move\(|def move\(self, player": "apply_gradients",
    r"(?:gan\.|self\.|augment\.|def )report\(": "logs",
    r"\.trackers\b|def trackers\b": "log_metrics",
    r"\b(?:gan|model|again)\.average\b": "ema_generator",
    r"\b(?:gan|model|self)\.game\b|def _game\b": "loss",
    r"\blooking\(": "without_updates",
    r"backend\.(?:draw|feed)\b": "sample_global, distribute_data",
    r"backend\.(?:after|divisible)\b": "control_dependency, assert_divisible",
    r"backend\.known\b|def known\b": "active_strategy",
    r"guard\.(?:note|conclude)\(|def (?:note|conclude)\(": "record, end_step",
    r"\.turns\b|\bturns=|\bturns:": "compile_arguments",
    r"(?:\.|def )adapted\(": "replace",
    r"(?:presets\.|runs\.|def |import.*)\bship\b": "save_to_preset",
    r"(?:weights\.|def )homes\b": "search_paths",
    r"\.is_over\b|def is_over\b": "is_finished",
}
PATTERNS = {
    **{
        re.compile(rf"(?<![a-zA-Z])(?:{word})(?![a-zA-Z])"): better
        for word, better in WORDS.items()
    },
    **{re.compile(name): better for name, better in NAMES.items()},
}
FOLDERS = (
    *("keras_gan", "keras_gan_cli", "tests", "benchmarks", "examples", "docs"),
    "notebooks",
)
# The guide begins with the picture of 2014.
PICTURE = {"docs/guide.md": re.compile("police|counterfeiters?|forge[sd]?|judge[sd]?")}


def files():
    for folder in FOLDERS:
        for path in sorted((pages.ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".ipynb"} and path.name != "test_words.py":
                yield path
    yield from sorted(pages.ROOT.glob("*.md"))


def hits(text, allowed=None):
    """`(line, word, better)` of every wrong word of a text."""
    for pattern, better in PATTERNS.items():
        for found in pattern.finditer(text):
            if not (allowed and allowed.fullmatch(found[0])):
                yield text.count("\n", 0, found.start()) + 1, found[0], better


def test_words():
    found = [
        f"{name}:{number}: {word!r}: better {better}"
        for path in files()
        for name in [pages.name_of(path)]
        for number, word, better in hits(path.read_text(), PICTURE.get(name))
    ]
    assert not found, f"{len(found)} words:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "class GAN(Duel):",
        "D judges packs",
        "backend.settle(model)",
        "num_unsound = 0",
        "specs.BurnIn(1.0, 0.1)",
        "gan.average.set_weights(w)",
        "preset.adapted(batch_size=4)",
        "a module is a room",
        "the upper floor",
        "def test_steps_put_the_police_ahead():",
    ],
)
def test_a_wrong_word_is_found(line):
    assert len(list(hits(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "optimizers.CosineBurnIn(1.0, 0.1, 100)",
        "ops.floor(x), math.floor(y)",
        "the moving average of the weights",
        "height and width divisible by 4",
        "runs.report.write(folder)",
        "mushroom, household, soundness",
    ],
)
def test_plain_english_is_left_alone(line):
    assert not list(hits(line))


def test_the_picture_is_allowed_in_the_guide_only():
    text = "The police judge what counterfeiters forge."
    assert len(list(hits(text))) == 4
    assert not list(hits(text, PICTURE["docs/guide.md"]))
