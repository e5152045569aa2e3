"""The benchmarks run, on next to nothing; and the table they are compared with is read as it was written."""

import pytest

from benchmarks import page, run
from benchmarks.figures import TINY, Before, Figure, exponent

FAST = Figure("reading", 2.0, "s", 3.0, floor=0.5, floor_is="a plain read")
RATE = Figure("answers", 700.0, "/s", 0.5, least=True, floor=1000.0, floor_is="bare", in_floors=True)
HELD = Figure("memory", 512.4, "MB", 800.0, of_material=True, sizes={10: 1.0, 1000: 2.5})
COMMITTED = page.written("# Page\n\n<!-- figures -->\n<!-- /figures -->\n\n## Words\n", [FAST, RATE, HELD])


@pytest.mark.parametrize("name", run.known())
def test_each_runs(name, monkeypatch):
    """Every benchmark gives figures with names of their own, on the example study."""
    monkeypatch.delenv("PERSONA_REALDATA", raising=False)
    figures = run.measure([name], TINY)
    assert figures
    assert len({each.name for each in figures}) == len(figures)


def test_the_page_is_read_as_it_was_written():
    """Values, floors and goals come back from the page, and what stands around them stays."""
    assert page.read(COMMITTED) == {
        "reading": Before(2.0, 4.0, "≤ 3 s"),
        "answers": Before(700.0, 0.7, "≥ 0.5 floors"),
        "memory": Before(512.0, None, "≤ 800 MB"),
    }
    assert COMMITTED.startswith("# Page\n")
    assert COMMITTED.endswith("\n## Words\n")
    again = page.written(COMMITTED, [FAST, RATE, HELD])
    assert page.written(again, [FAST, RATE, HELD]) == again


def faults(figure, committed=COMMITTED):
    return [told.partition(":")[0] for told in run.faults([figure], committed)]


def changed(figure, **values):
    fields = {name: getattr(figure, name) for name in figure.__slots__}
    return Figure(**fields | values)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (FAST, []),
        (changed(FAST, value=2.5), []),
        (changed(FAST, value=2.7), ["worse"]),
        (changed(FAST, value=2.7, floor=0.6), []),
        (changed(FAST, value=3.1), ["missed", "worse"]),
        (changed(RATE, value=600.0), []),
        (changed(RATE, value=520.0), ["worse"]),
        (changed(RATE, value=490.0), ["missed", "worse"]),
        (changed(RATE, value=300.0, floor=400.0), []),
        (changed(HELD, value=700.0), ["worse"]),
        (changed(HELD, name="new", value=801.0), ["missed"]),
    ],
)
def test_missed_and_worse(figure, told):
    """A goal is missed by the figure itself, and it is worse by its floors where it has one."""
    assert faults(figure) == told


def test_other_material_is_not_compared():
    """What depends on the interviews is not compared with what was measured on others."""
    elsewhere = COMMITTED.replace("the example study", "other interviews").replace(
        "the turns of 120 real", "other"
    )
    assert faults(changed(HELD, value=700.0), elsewhere) == []
    assert faults(changed(FAST, value=2.7), elsewhere) == ["worse"]


def test_noise_is_not_worse():
    """A tenth of a second for half of it is worse; a hundredth for half of it is noise."""
    committed = page.written("<!-- figures --><!-- /figures -->", [changed(FAST, value=0.01, floor=0.01)])
    assert faults(changed(FAST, value=0.02, floor=0.01), committed) == []
    assert faults(changed(FAST, value=0.2, floor=0.01), committed) == ["worse"]


def test_a_time_has_a_floor():
    """Seconds without a floor are refused: nobody could compare them on another machine."""
    with pytest.raises(ValueError, match="without a floor"):
        Figure("reading", 2.0, "s", 3.0)


def test_exponent():
    """What takes four times as long for twice as much grows by the square."""
    assert exponent({1: 1.0, 2: 4.0, 4: 16.0, 8: 64.0}) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (0.00002, "2e-05"),
        (0.0123, "0.012"),
        (0.5, "0.5"),
        (9.87, "9.87"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
    ],
)
def test_numbers(value, told):
    """A number has three digits that count."""
    assert page.number(value) == told
