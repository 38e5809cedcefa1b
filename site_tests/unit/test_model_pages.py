"""The pages made from the networks' source: each has its page, and every number on it is worked out here.

A number with thousands is one of a network that the page shows (all of it, a module, a tensor, a row's multiply-adds),
or a published count, or stands behind the equals sign of an arithmetic expression, or is named below with what it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from math import prod
from pathlib import Path

import pytest

from calc.model_catalogue import models
from calc.report import Report
from calc.reported.published import published
from calc.tracing import trace

PAGES = Path(__file__).parents[2] / "docs" / "en" / "models"
FILES = sorted({model.file for model in models().values()})
NUMBER = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
EQUATION = re.compile(r"([\d(][\d,.·+−/()² ³]*[\d)²³]) = (−?\d[\d,.]*\d|\d)")
CELLS = re.compile(r"\| ([\d(][\d,.·+−()² ³]*[+·−²³][\d,.·+−()² ³]*) \| \**(\d[\d,]*)\** \|")


def page(file: str) -> str:
    """The Markdown of a file's page."""
    return (PAGES / f"{file.replace('_', '-')}.md").read_text(encoding="utf-8").replace("{,}", ",")


@cache
def run(name: str, entry: str = "", inputs: tuple[str, ...] = ()) -> Report:
    """A network of the catalogue, or another one made from the same source."""
    model = models()[name]
    return trace(model.source, *(inputs or model.inputs), entry=entry or model.entry)


def value(expression: str) -> float:
    """What an expression as pages write it comes to; only numbers and arithmetic are taken."""
    python = expression.replace(",", "").replace("·", "*").replace("−", "-").replace("²", "**2").replace("³", "**3")
    tree = ast.parse(python.strip(), mode="eval")
    allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)
    assert all(isinstance(node, allowed) for node in ast.walk(tree)), expression
    return float(eval(compile(tree, "page", "eval")))


def equations(text: str) -> list[tuple[str, str]]:
    """What the page says is equal: in a sentence, or in two neighbouring cells of a table."""
    return EQUATION.findall(text) + CELLS.findall(text)


def numbers_of(report: Report) -> Iterator[int]:
    """Totals, and what each module, tensor and row has."""
    yield from (report.params, report.macs)
    yield from (prod(shape) for _, shape in report.parameters)
    yield from (count for row in report.rows for count in (row.params, row.macs))
    modules: dict[str, int] = {}
    for name, shape in report.parameters:
        parts = name.split(".")
        for depth in range(1, len(parts)):
            module = ".".join(parts[:depth])
            modules[module] = modules.get(module, 0) + prod(shape)
    yield from modules.values()


def of_kind(report: Report, kind: str) -> list[tuple[str, tuple[int, ...]]]:
    """The tensors of modules of one kind."""
    kinds = dict(report.modules)
    return [(name, shape) for name, shape in report.parameters if kinds[name.rpartition(".")[0]] == kind]


def narrow_windows() -> int:
    """Pairs of channels under GoogLeNet's 5 × 5 windows."""
    return sum(prod(shape[:2]) for _, shape in of_kind(run("GoogLeNet"), "Conv2d") if shape[2:] == (5, 5))


def filters() -> int:
    """Output channels of all convolutions of GoogLeNet."""
    return sum(shape[0] for _, shape in of_kind(run("GoogLeNet"), "Conv2d") if len(shape) == 4)


def without_batch_norm() -> int:
    """MobileNetV2's weights of convolutions, and of the last layer without its bias."""
    convolutions = sum(prod(shape) for _, shape in of_kind(run("MobileNetV2"), "Conv2d"))
    [dense] = [prod(shape) for name, shape in of_kind(run("MobileNetV2"), "Linear") if name.endswith("weight")]
    return convolutions + dense


def moving(name: str) -> int:
    """Running means and variances of batch norm."""
    return sum(prod(shape) for buffer, shape in run(name).buffers if "running" in buffer)


def heads_of_bert() -> int:
    """BERT with what guesses hidden words and what tells whether a sentence follows."""
    return run("BERT-base").params + (768 * 768 + 768 + 2 * 768 + 30_522) + (2 * 768 + 2)


DERIVED: dict[str, list[tuple[str, Callable[[], object]]]] = {
    # What stands on the page or in its table, and what it is.
    "lenet": [
        ("44,426", lambda: run_changed("LeNet-5", ", padding=2", "", "16 * 5 * 5", "16 * 4 * 4").params),
        ("12 and 32 numbers", lambda: f"{6 * 2} and {16 * 2} numbers"),
    ],
    "alexnet": [
        (
            "81 %",
            lambda: f"{run('AlexNet of a course').macs / run('AlexNet without groups').macs:.0%}".replace("%", " %"),
        ),
    ],
    "densenet": [
        ("83,648", lambda: moving("DenseNet-121")),
        ("8,062,504", lambda: run("DenseNet-121").params + moving("DenseNet-121")),
        ("195 MB", lambda: f"{run('DenseNet-121').new_bytes_in_training / 1e6:.0f} MB"),
        ("150 MB", lambda: f"{run('ResNet-50').new_bytes_in_training / 1e6:.0f} MB"),
    ],
    "efficientnet_b0": [
        ("42,016", lambda: moving("EfficientNet-B0")),
        ("42,023", lambda: moving("EfficientNet-B0") + 7),
        ("5,330,571", lambda: run("EfficientNet-B0").params + moving("EfficientNet-B0") + 7),
    ],
    "googlenet": [
        ("23,808", narrow_windows),
        ("380,928", lambda: (5 * 5 - 3 * 3) * narrow_windows()),
        ("7,280", filters),
        ("6,624,904", lambda: run("GoogLeNet").params - 16 * narrow_windows() + filters()),
        (
            "all 57 convolutions",
            lambda: f"all {sum(row.kind == 'Conv2d' for row in run('GoogLeNet').rows)} convolutions",
        ),
    ],
    "mobilenet_v2": [
        ("3,469,760", without_batch_norm),
        ("36.5 %", lambda: f"{100 * 1_281_000 / run('MobileNetV2').params:.1f} %"),
        ("0.4 %", lambda: f"{100 * 1_280_000 / run('MobileNetV2').macs:.1f} %"),
        ("10 of 17", lambda: f"{sum(row.kind == 'Tensor.add' for row in run('MobileNetV2').rows)} of 17"),
    ],
    "vit_b16": [
        ("85,798,656", lambda: run("ViT-B/16").params - 769_000),
        ("88,224,232", lambda: run("ViT-B/16", "VisionTransformer(patch_size=32)").params),
        ("4,409,186,304", lambda: run("ViT-B/16", "VisionTransformer(patch_size=32)").macs),
        ("152,064", lambda: 768 + 151_296),
    ],
    "unet": [
        ("7,759,554", lambda: run("U-Net", "UNet(width=32, batch_norm=False)").params),
        ("14,157,824", lambda: 4_719_616 + 9_438_208),
    ],
    "transformer": [
        ("37,888,000", lambda: 2 * 18_944_000),
        ("44,140,544", lambda: run("Transformer base").params - 18_944_000 + 2 * 2 * 512),
    ],
    "bert_base": [
        ("622,650", lambda: 768 * 768 + 768 + 2 * 768 + 30_522),
        ("110,106,428", heads_of_bert),
        ("108,310,272", lambda: run("BERT-base", "Bert(words=28_996)").params),
        ("110,592", lambda: 12 * 768 * 12),
    ],
    "gpt2": [
        ("27.1 %", lambda: f"{100 * 39_523_713_024 / run('GPT-2').macs:.1f} %"),
        ("123,550,464", lambda: run("GPT-2", "", ("int64[1, 1]",)).macs),
    ],
    "autoencoder": [
        ("101,952", lambda: 50_208 + 51_744),
        ("36,233", lambda: run("Autoencoder", "Autoencoder(code=8)").params),
    ],
}

NAMED = {
    # Numbers that are sizes, or belong to other pages, which have tests of their own.
    "alexnet": {"4,096"},
    "nin": {"7,595,176"},
    "googlenet": {"13,004,888"},  # asked of torchvision in parity/test_model_pages.py
    "seq2seq": {"10,000", "160,000", "80,000"},
    "transformer": {"1,050,624"},
    "bert_base": {"30,522", "28,996"},
    "gpt2": {"50,257", "1,024"},
}


def run_changed(name: str, *changes: str) -> Report:
    """A network whose source is changed: what stands there, and what comes in its place."""
    model = models()[name]
    source = model.source
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in source, old
        source = source.replace(old, new)
    return trace(source, *model.inputs, entry=model.entry)


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_its_page(file: str) -> None:
    """With the first of its networks, the table of published counts, a paper, and the way to the layers' pages."""
    text = page(file)
    first = next(model.name for model in models().values() if model.file == file)

    assert f'```calc Model\nmodel = "{first}"\n```' in text
    assert f"```published {file}\n```" in text
    for heading in ("network", "published", "example", "pitfalls", "more", "sources"):
        assert f"{{#{heading}}}" in text
    assert text.count("](../") >= 2
    assert "](https://" in text.partition("## Sources")[2]


@pytest.mark.parametrize("file", FILES)
def test_every_equation_holds(file: str) -> None:
    """`16·5·5 = 400` is true, in prose and between the cells of a table."""
    found = equations(page(file))

    assert found, "a worked example has an equation"
    for expression, result in found:
        assert value(expression) == value(result), f"{expression} = {result}"


@pytest.mark.parametrize("file", FILES)
def test_every_large_number_is_known(file: str) -> None:
    """It is of a network on the page, published, worked out beside it, or derived above."""
    text = page(file) + published(file)
    reports = [run(model.name) for model in models().values() if model.file == file]
    known = {f"{number:,}" for report in reports for number in numbers_of(report)}
    known |= {each.printed for model in models().values() if model.file == file for each in model.published}
    known |= {result for _, result in equations(page(file))} | NAMED.get(file, set())
    known |= {each for left, _ in equations(page(file)) for each in NUMBER.findall(left)}
    known |= {
        f"{abs(each.count - run(model.name).params):,}" for model in models().values() for each in model.published
    }
    known |= {said for said, _ in DERIVED.get(file, [])}

    assert set(NUMBER.findall(text)) - known == set()


@pytest.mark.parametrize(
    ("file", "said", "worked_out"), [(file, *each) for file, rows in DERIVED.items() for each in rows]
)
def test_what_is_derived_is_right(file: str, said: str, worked_out: Callable[[], object]) -> None:
    """The number, and that it stands there."""
    found = worked_out()

    assert said == (f"{found:,}" if isinstance(found, int) else found)
    assert said in page(file) + published(file)


def test_a_wrong_number_is_found() -> None:
    """The checks above can fail."""
    assert equations("has 16·5·5 = 401 numbers")[0] == ("16·5·5", "401")
    assert value("16·5·5") != value("401")
    assert equations("| fc | (64 + 2)·3² | **595** |") == [("(64 + 2)·3²", "595")]
    assert value("(64 + 2)·3²") == 594
    assert NUMBER.findall("61,706 of 431,080; 5.3M, 2015") == ["61,706", "431,080"]


REFUSED = [
    # (network, entry, inputs, what the page says of it)
    ("U-Net", "", ("1, 1, 250, 250",), "must agree in all others"),
    ("ViT-B/16", "", ("1, 3, 384, 384",), r"\(1, 577, 768\) and \(1, 197, 768\)"),
    ("VGG-16", "", ("1, 3, 256, 256",), "in_features"),
    ("NiN", "", ("1, 1, 66, 66",), "use a larger input"),
    ("Transformer base", "Transformer(d_model=511, heads=7)", (), "have 255 and 256"),
]


@pytest.mark.parametrize(("name", "entry", "inputs", "reason"), REFUSED)
def test_what_a_page_says_is_refused_is(name: str, entry: str, inputs: tuple[str, ...], reason: str) -> None:
    """The reader who tries it reads an answer."""
    with pytest.raises(ValueError, match=reason):
        run(name, entry, inputs)


def test_what_a_page_says_runs_does() -> None:
    """NiN takes images from 67 × 67 on; the discriminator gives 25 numbers for an image of 128 × 128."""
    assert run("NiN", "", ("1, 1, 67, 67",)).output_shape == (1, 10)
    assert run("NiN", "", ("1, 1, 256, 256",)).output_shape == (1, 10)
    assert run("GAN", "Discriminator()", ("1, 3, 128, 128",)).output_shape == (25,)


def test_what_one_place_of_resnet_50_sees() -> None:
    """427 pixels, as the table says; with the stride in the first 1 × 1 of a block 483."""
    changes = (
        "channels, 1, bias=False)\n        self.bn1", "channels, 1, stride, bias=False)\n        self.bn1",
        "channels, 3, stride, padding=1, bias=False)\n        self.bn2 = nn.BatchNorm2d(channels)\n        self.conv3",
        "channels, 3, padding=1, bias=False)\n        self.bn2 = nn.BatchNorm2d(channels)\n        self.conv3",
    )  # fmt: skip

    for report, field in ((run("ResNet-50"), 427), (run_changed("ResNet-50", *changes), 483)):
        assert max(row.receptive_field[0] for row in report.rows if row.receptive_field) == field
        assert f"{field}" in page("resnet")


def test_autoencoder_without_output_padding() -> None:
    """13 cells of 7, and 25 in the end."""
    shapes = [row.output_shape for row in run_changed("Autoencoder", ", output_padding=1", "").rows]

    assert (1, 16, 13, 13) in shapes
    assert shapes[-1] == (1, 1, 25, 25)
    assert "there would be 13, and 25 in the end" in page("autoencoder")


def test_three_networks_with_the_same_layers() -> None:
    """BERT-base, GPT-2 and ViT-B/16 have twelve layers of one size."""
    layers = {
        name: sum(prod(shape) for path, shape in run(name).parameters if path.startswith(start))
        for name, start in (("BERT-base", "encoder."), ("GPT-2", "blocks."), ("ViT-B/16", "encoder."))
    }

    assert set(layers.values()) == {85_054_464}


@pytest.mark.parametrize("file", FILES)
def test_the_home_page_leads_to_it(file: str) -> None:
    """With the parameters of its first network."""
    home = (PAGES.parent / "index.md").read_text(encoding="utf-8")
    first = next(model.name for model in models().values() if model.file == file)
    [entry] = re.findall(rf"\(models/{file.replace('_', '-')}\.md\)\n(.*\n.*\n)", home)

    assert f"{run(first).params:,} parameters</span>" in entry


def test_what_the_page_on_two_models_proposes() -> None:
    """Biases before batch norm are next to nothing, VGG is its first dense layer, a shared matrix is what it says."""
    compare = (PAGES.parent / "compare-models.md").read_text(encoding="utf-8")
    untied = run_changed("GPT-2", "self.head.weight = self.word.weight", "pass")
    biased = run_changed("ResNet-50", "bias=False", "bias=True")
    pooled = run_changed(
        "VGG-16", "nn.Linear(512 * 7 * 7, 4096)", "nn.Linear(512, 4096)", ".flatten(1)", ".mean((2, 3))"
    )

    assert f"{untied.params - run('GPT-2').params:,}" in compare
    assert 0 < biased.params - run("ResNet-50").params < run("ResNet-50").params / 500
    assert 0.7 < 1 - pooled.params / run("VGG-16").params < 0.75


def test_the_changelog_counts_them() -> None:
    """As many as there are files."""
    assert f"- {len(FILES)} networks as code" in (PAGES.parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
