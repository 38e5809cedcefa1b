"""The benchmark's own arithmetic: a wrong median or a table out of step would be believed."""

from __future__ import annotations

import pytest

from site_tests.bench.boot import ASKED, COLD, SECOND, targets
from site_tests.bench.competitors import themed
from site_tests.bench.figures import TARGET_HEAD, Figure, Target, number, quantile, table
from site_tests.bench.growth import growth
from site_tests.bench.profiles import PROFILES
from site_tests.bench.question import BAKED, EDITED, UNEVEN


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [
        ((1, 2, 3, 4, 5), 0.5, 3),
        ((1, 2, 3, 4), 0.5, 2.5),  # between the two in the middle
        ((1, 2, 3, 4, 5), 0.25, 2),
        ((10, 20), 0.95, 19.5),
        ((7,), 0.95, 7),
        ((1, 2, 3, 4, 5), 1.0, 5),
    ],
)
def test_quantiles_are_interpolated(values: tuple[float, ...], part: float, expected: float) -> None:
    """A quantile lies between the neighbours of its place."""
    assert expected == quantile(values, part)


def test_no_values_have_no_quantile() -> None:
    """A measurement that gave nothing is an error, not a zero."""
    with pytest.raises(ValueError, match="no values: a figure needs at least one measurement"):
        quantile((), 0.5)


def test_a_figure_does_not_ask_for_an_order() -> None:
    """Runs come as they come; one outlier moves neither median nor quartiles."""
    figure = Figure((5, 1, 1000, 3, 4))

    assert (4, 3, 5) == (figure.median, figure.part(0.25), figure.part(0.75))
    assert "4.00 ms [3.00-5.00]" == figure.text()


@pytest.mark.parametrize(("value", "expected"), [(0.214, "0.21"), (12.34, "12.3"), (1234.5, "1,234"), (99.96, "100.0")])
def test_numbers_have_three_digits_or_so(value: float, expected: str) -> None:
    """No more digits than mean something."""
    assert expected == number(value)


def test_a_target_is_reached_or_missed() -> None:
    """At most and at least are told apart, and the bound itself is good enough."""
    assert ("boot", "at most 0.25x", "0.21x", "reached") == Target("boot", 0.21, 0.25).row()
    assert ("boot", "at most 0.25x", "0.30x", "MISSED") == Target("boot", 0.3, 0.25).row()
    assert Target("boot", 0.25, 0.25).reached
    assert not Target("score", 97, 98, "", least=True).reached
    assert Target("score", 98, 98, "", least=True).reached


def test_a_table_is_padded() -> None:
    """It reads as plain text: names to the left, numbers to the right."""
    expected = "| what |   ms |\n|------|-----:|\n| a    | 12.3 |\n| bcde |    4 |"

    assert expected == table(("what", "ms"), [("a", "12.3"), ("bcde", "4")])


def test_a_table_refuses_a_row_of_another_length() -> None:
    """A cell that fell out would put numbers under the wrong head."""
    with pytest.raises(ValueError, match=f"a row has 2 cells under {len(TARGET_HEAD)} heads"):
        table(TARGET_HEAD, [("a", "1")])


@pytest.mark.parametrize("exponent", [1.0, 1.5, 2.0])
def test_growth_finds_the_exponent(exponent: float) -> None:
    """Times that grow with a power of the count give that power."""
    counts = (10, 100, 1000)

    assert growth(counts, [3e-6 * count**exponent for count in counts]) == pytest.approx(exponent)


def test_the_ratios_are_ours_to_theirs() -> None:
    """Half the rival's time is 0.5, and each target takes profile, visit and rival that it names."""
    figures = {
        (profile.name, visit, measure, competitor.name): Figure((100.0 if competitor.name == "site" else 200.0,))
        for profile in PROFILES
        for visit in (COLD, SECOND)
        for competitor, measures in ASKED
        for measure in measures
    }
    figures["fast 4G", "second visit", "first answer by Python", "site"] = Figure((50.0,))
    found = {target.what: target.here for target in targets(figures)}

    for rival in ("stock", "stock within"):
        assert 0.25 == found.pop(f"first answer by Python, second visit, fast 4G, to {rival}")
    assert {0.5} == set(found.values())
    assert 20 == len(found)


def test_the_questions_differ_in_every_number() -> None:
    """An answer to one of them can't be taken for an answer to another."""
    facts = [question.facts() for question in (BAKED, EDITED, UNEVEN)]

    assert [
        [("Output shape", "(1, 16, 10, 10)"), ("Parameters", "1,216")],
        [("Output shape", "(1, 16, 8, 8)"), ("Parameters", "2,368")],
        [("Output shape", "(1, 16, 8, 10)"), ("Parameters", "1,696")],
    ] == facts


def test_a_formula_ends_in_the_page_s_own_way_to_write_thousands() -> None:
    """TeX wants its comma in braces."""
    assert ("= 2,368", "= 2{,}368") == (EDITED.last(","), EDITED.last("{,}"))


def test_the_themed_page_keeps_the_page_and_loses_our_scripts() -> None:
    """One calculator by hand stands in the place of the first; nothing of the site's own runs."""
    page = (
        '<link rel="modulepreload" href="../a.js"><link rel="stylesheet" href="../a.css">'
        '<meta http-equiv="content-security-policy" content="x"><script type="module" src="../a.js"></script>'
        '<script defer src="../bundle.js"></script><p>Prose</p>'
        "<calc-widget id=a>\n1</calc-widget><p>More</p><calc-widget id=b>2</calc-widget>"
    )
    expected = (
        '<link rel="stylesheet" href="../a.css"><script defer src="../bundle.js"></script><p>Prose</p>'
        '<div class="calculator">BY HAND</div><p>More</p>'
    )

    assert expected == themed(page, "BY HAND")
