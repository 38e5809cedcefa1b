"""A calculator declared in Markdown, and what a wrong declaration says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pymdownx.superfences import SuperFencesException

ROOT = Path(__file__).resolve().parent.parent.parent
Convert = Callable[[str], str]


def fenced(layer: str, body: str) -> str:
    return f"# Page\n\n```calc {layer}\n{body}```\n"


CONV = "in_channels = 3\nout_channels = 8\nkernel_size = 3\ninput = [1, 3, 9, 9]\n"


def test_a_fence_becomes_a_complete_calculator(convert: Convert) -> None:
    """Form, result, derivation, weights, cost, picture and both snippets are in the page."""
    html = convert(fenced("Conv2d", CONV))

    assert '<calc-widget id="conv2d" layer="Conv2d"' in html
    assert "(1, 8, 7, 7)" in html
    assert 'name="kernel_size" aria-describedby="conv2d.kernel_size.error" value="3"' in html
    for panel in ("result", "derivation", "picture", "weights", "cost", "memory", "torch", "keras"):
        assert f'data-panel="{panel}"' in html
    assert 'class="katex"' in html
    assert "<p><calc-widget" not in html


def test_formulas_are_typeset_when_the_page_is_built(convert: Convert) -> None:
    """No TeX waits for a script: what stands in the page is KaTeX's HTML."""
    html = convert("Area $`a^2`$ and\n\n```math\n\\frac{a}{b}\n```\n")

    assert html.count('class="katex"') == 2
    assert "katex-display" in html
    assert "$`" not in html


def test_a_fence_may_stand_in_a_list_an_admonition_and_a_details_block(convert: Convert) -> None:
    """Indented fences are found; none is left as a code block."""
    body = "\n".join("    " + line for line in fenced("Conv2d", CONV).splitlines()[2:])
    for opening in ("- item\n\n", "!!! note\n\n", '??? example "Conv2d"\n\n'):
        html = convert(f"# Page\n\n{opening}{body}\n")

        assert "<calc-widget" in html
        assert "kernel_size = 3" not in html


WRONG = [
    ("Conv2D", CONV, 3, "unknown layer 'Conv2D'; did you mean 'Conv2d'?"),
    ("Conv2d", CONV.replace("kernel_size", "kernel"), 6, "Conv2d has no knob 'kernel'; did you mean 'kernel_size'?"),
    ("Conv2d", "in_channels = 3\nout_channels = 8\n", 3, "Conv2d needs kernel_size, input"),
    ("Conv2d", CONV.replace("kernel_size = 3", "kernel_size = ="), 6, "not valid TOML: Invalid value"),
    ("Conv2d", CONV.replace("[1, 3, 9, 9]", "[1, 3, 2, 2]"), 6, "spans 3 cells along H, and the padded input has 2"),
    ("Conv2d", CONV.replace("in_channels = 3", "in_channels = 4"), 7, "must have in_channels (=4) channels"),
    ("Conv2d", CONV + 'padding = "sane"\n', 8, "must be a number or one of 'same', 'valid'; try same."),
    ("Conv2d", CONV + "stride = 1.5\n", 8, "must be a whole number"),
    ("Conv2d MaxPool2d", CONV, 3, "a calc fence names one layer"),
    ("", CONV, 3, "a calc fence names one layer"),
    ("Model", 'framework = "torch"\nmodel = "ResNet-51"\n', 5, "model (='ResNet-51') must be one of LeNet-5,"),
]


@pytest.mark.parametrize(("layer", "body", "line", "reason"), WRONG)
def test_a_wrong_fence_raises_with_page_line_and_reason(
    convert: Convert, layer: str, body: str, line: int, reason: str
) -> None:
    """superfences swallows any other exception and would ship the raw block."""
    with pytest.raises(SuperFencesException) as raised:
        convert(fenced(layer, body))

    assert str(raised.value).startswith(f"docs/en/page.md:{line}: ")
    assert reason in str(raised.value)


def test_two_calculators_of_one_name_on_a_page_are_refused(convert: Convert) -> None:
    """Links could not tell them apart."""
    twice = fenced("Conv2d", CONV) + fenced("Conv2d", CONV)
    with pytest.raises(SuperFencesException, match="two calculators called 'conv2d' on one page"):
        convert(twice)

    assert 'id="stem"' in convert(fenced("Conv2d", CONV) + fenced("Conv2d", CONV + 'id = "stem"\n'))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            fenced("Conv2d", CONV.replace("kernel_size", "kernal_size")),
            "index.md:6: Conv2d has no knob 'kernal_size'; did you mean 'kernel_size'?",
        ),
        (
            "## Conv2d\n\n" + fenced("Conv2d", CONV),
            "index.md: a heading and a calculator are both called 'conv2d'; give the heading another name",
        ),
    ],
    ids=["a wrong fence", "an id twice"],
)
def test_a_mistake_stops_the_build_with_one_clear_line(tmp_path: Path, page: str, said: str) -> None:
    """`mkdocs build` fails, strict or not, and names page, line and reason without a traceback."""
    docs = tmp_path / "docs" / "en"
    docs.mkdir(parents=True)
    (docs / "index.md").write_text(page)
    (docs / "assets").symlink_to(ROOT / "docs" / "en" / "assets")
    config = (ROOT / "mkdocs.yml").read_text().partition("\nnav:")[0].replace("docs_dir: docs/en", f"docs_dir: {docs}")
    (tmp_path / "mkdocs.yml").write_text(config.replace("site_build/", f"{ROOT}/site_build/"))
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(tmp_path / "mkdocs.yml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
