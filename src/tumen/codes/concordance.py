"""From HS headings to the sectors of a world, with explicit weights, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from tumen.codes.chapters import services, table
from tumen.codes.products import is_service, product_spans
from tumen.codes.spans import Span, intersects, merged, minus
from tumen.errors import InvalidInput, Problem

_CLOSE = 1e-9


class Concordance:
    """Weights of sectors for every HS chapter, and for headings that differ from their chapter.

    Examples
    --------
    >>> bundled_concordance().weights("270111"), bundled_concordance().weights("8542")
    ({'B05': 1.0}, {'C26': 1.0})
    >>> bundled_concordance().weights("44")
    {'C16': 0.8, 'A02': 0.2}
    """

    def __init__(self, rows: Iterable[Mapping[str, str]], name: str = "hs_to_icio.csv") -> None:
        self._weights: dict[str, dict[str, float]] = {}
        problems = []
        for line, row in enumerate(rows, start=2):
            try:
                product_spans(row["hs"])
                weight = float(row["weight"])
                if not 0 < weight <= 1:
                    raise ValueError(f"weight {weight:g} must be above 0 and at most 1")
            except ValueError as error:
                problems.append(Problem(f"{name}:row {line}", str(error)))
                continue
            self._weights.setdefault(row["hs"], {})[row["sector"]] = weight
        for heading, weights in self._weights.items():
            total = sum(weights.values())
            if abs(total - 1) > _CLOSE:
                message = f"weights of heading {heading} sum to {total:g}, must be 1"
                problems.append(Problem(name, message))
        if problems:
            raise InvalidInput(problems, name)

    @property
    def headings(self) -> list[str]:
        """Headings that have weights of their own."""
        return list(self._weights)

    def weights(self, heading: str) -> dict[str, float]:
        """Return sector → weight of a heading of 2, 4 or 6 digits; the weights sum to 1.

        Raises
        ------
        InvalidInput
            If not even its chapter is in the table.
        """
        for length in range(len(heading), 1, -2):
            found = self._weights.get(heading[:length])
            if found is not None:
                return dict(found)
        raise InvalidInput(Problem("", f'no sector is known for the product "{heading}"'))

    def main(self, headings: Iterable[str]) -> dict[str, str]:
        """Return the sector of largest weight of every heading, where one must do.

        Examples
        --------
        >>> bundled_concordance().main(["270111", "440710"])
        {'270111': 'B05', '440710': 'C16'}
        """
        weights = {heading: self.weights(heading) for heading in headings}
        return {heading: max(own, key=own.__getitem__) for heading, own in weights.items()}

    def sectors(self, product: str) -> frozenset[str]:
        """Return every sector that a product, a range or a service may belong to.

        Examples
        --------
        >>> sorted(bundled_concordance().sectors("2701+2709"))
        ['B05', 'B06']
        """
        if is_service(product):
            return frozenset(filter(None, [services()[product]]))
        spans = product_spans(product)
        reached = (heading for heading, own in self._own.items() if intersects(own, spans))
        return frozenset(sector for heading in reached for sector in self._weights[heading])

    @cached_property
    def _own(self) -> dict[str, tuple[Span, ...]]:
        """Heading → its span less the finer headings that have weights of their own."""
        spans = {heading: product_spans(heading) for heading in self._weights}
        return {
            heading: minus(
                span,
                merged(
                    inner
                    for finer, inside in spans.items()
                    if finer != heading and finer.startswith(heading)
                    for inner in inside
                ),
            )
            for heading, span in spans.items()
        }

    def spread(self, values: Mapping[str, float]) -> dict[tuple[str, str], float]:
        """Spread values by heading over (heading, sector); totals are kept.

        Examples
        --------
        >>> bundled_concordance().spread({"2701": 2.0, "44": 10.0})
        {('2701', 'B05'): 2.0, ('44', 'C16'): 8.0, ('44', 'A02'): 2.0}
        """
        return {
            (heading, sector): value * weight
            for heading, value in values.items()
            for sector, weight in self.weights(heading).items()
        }

    @staticmethod
    def by_sector(spread: Mapping[tuple[str, str], float]) -> dict[str, float]:
        """Sum spread values over headings."""
        return _sums((sector, value) for (_, sector), value in spread.items())

    @staticmethod
    def by_heading(spread: Mapping[tuple[str, str], float]) -> dict[str, float]:
        """Sum spread values over sectors: the way back."""
        return _sums((heading, value) for (heading, _), value in spread.items())


def _sums(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for key, value in pairs:
        totals[key] = totals.get(key, 0.0) + value
    return totals


@cache
def bundled_concordance() -> Concordance:
    """Return the bundled way from HS headings to ICIO sectors."""
    return Concordance(table("hs_to_icio.csv"))
