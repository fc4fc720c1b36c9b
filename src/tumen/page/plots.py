"""Pieces that charts share: data in place, axes, and the finished specification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tumen.page.exhibit import Row, Spec
from tumen.page.palette import CONFIG, INK, OPEN, SKY, WIDTH

if TYPE_CHECKING:
    import altair as alt


def short(name: str, most: int = 36) -> str:
    """Cut a name that would take too much of a chart's width.

    Examples
    --------
    >>> short("Textiles, wearing apparel, leather", 12), short("Coal", 12)
    ('Textiles, w…', 'Coal')
    """
    return name if len(name) <= most else f"{name[: most - 1].rstrip(' ,')}…"


@contextmanager
def unchecked() -> Iterator[None]:
    """Make charts without holding each part against Vega-Lite's schema: tests do that once."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def values(rows: Iterable[Row], names: Sequence[str]) -> Any:
    """Return rows as a chart's own data, with only the named fields."""
    return given({name: row.get(name) for name in names} for row in rows)


def given(rows: Iterable[Row]) -> Any:
    """Return rows as a chart's own data, as they are."""
    import altair as alt

    data: Any = alt.Data
    return data(values=tuple(rows))  # a tuple, as Altair copies lists at every turn


NOTHING: tuple[Row, ...] = ({},)
"""Data of a mark that stands alone."""


def finished(chart: alt.TopLevelMixin) -> Spec:
    """Return a chart's specification in the house's type and colours."""
    spec: Spec = chart.to_dict(validate=False)
    spec["config"] = CONFIG
    return spec


def colours(pairs: Sequence[tuple[str, str]]) -> Any:
    """Return a scale of names and their colours."""
    import altair as alt

    return alt.Scale(domain=[name for name, _ in pairs], range=[value for _, value in pairs])


def listed(field: str, order: Sequence[str]) -> Any:
    """Return a vertical axis of names in a given order, from the top."""
    import altair as alt

    axis = alt.Axis(domain=False, ticks=False, labelPadding=6)
    scale = alt.Scale(domain=list(order))
    return alt.Y(f"{field}:N", sort=None, scale=scale, title=None, axis=axis)


def ranges(rows: Sequence[Row], title: str, wide: int = WIDTH) -> Spec:
    """Return bars from low to high with a tick at central, and a diamond at computed."""
    import altair as alt

    base = alt.Chart(values(rows, ("name", "low", "central", "high", "computed"))).encode(
        y=listed("name", [str(row["name"]) for row in rows])
    )
    x = alt.X("low:Q", title=title, axis=alt.Axis(tickCount=6))
    mark: Any = {"shape": "diamond", "size": 90, "filled": True, "color": INK, "opacity": 1}
    return finished(
        alt.layer(
            base.mark_bar(size=8, color=SKY).encode(x=x, x2=alt.X2("high:Q")),
            base.mark_tick(thickness=2.5, size=16, color=OPEN).encode(x=alt.X("central:Q")),
            base.mark_point(**mark).encode(x=alt.X("computed:Q")),
        ).properties(width=wide, height=alt.Step(28))
    )
