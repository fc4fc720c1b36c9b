"""Products as HS text with a revision, and scopes made of prefixes, ranges and exceptions."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tumen.codes.chapters import chapter_titles, last_headings, services
from tumen.codes.spans import Span, inside, intersects, merged, minus
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record

Revision = Literal["HS92", "HS96", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022"]
"""An edition of the Harmonized System."""
REVISIONS: tuple[Revision, ...] = (
    "HS92", "HS96", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022"
)  # fmt: skip
"""The editions, oldest first."""
EVERYTHING = "*"
"""All products."""
SERVICE = "S:"
"""What the id of a service begins with."""
Overlap = Literal["all", "part", "none"]
"""How much of a heading lies in a scope."""

_LENGTHS = (2, 4, 6)
_RESERVED: Span = (770000, 780000)
"""Chapter 77, kept free; a range may run over it."""


@lru_cache(maxsize=4096)
def product_spans(text: str) -> tuple[Span, ...]:
    """Return the six-digit spans of a heading, a range, or several joined by "+".

    Raises
    ------
    ValueError
        If a part is no HS text, or names a chapter or a heading that does not exist.

    Examples
    --------
    >>> product_spans("2701"), product_spans("50-63")
    (((270100, 270200),), ((500000, 640000),))
    >>> product_spans("1604+1605")
    ((160400, 160600),)
    """
    if text == EVERYTHING:
        text = "01-97"
    return minus(merged(_span(part) for part in text.split("+")), (_RESERVED,))


def _span(text: str) -> Span:
    first, dash, last = text.partition("-")
    low, high = _edges(first), _edges(last if dash else first)
    if len(first) != len(last if dash else first):
        raise ValueError(f'the ends of "{text}" must have the same number of digits')
    if low[0] > high[0]:
        raise ValueError(f'the range "{text}" ends before it begins')
    return low[0], high[1]


def _edges(text: str) -> Span:
    """Return the span of one heading after checking that it can exist."""
    if not (text.isascii() and text.isdigit()) or len(text) not in _LENGTHS:
        raise ValueError(
            f'"{text}" is no HS text: write 2, 4 or 6 digits in quotes, a range such as '
            '"50-63", or "*"'
        )
    chapter, titles, last = text[:2], chapter_titles(), last_headings()
    if chapter not in titles:
        raise ValueError(f'there is no HS chapter "{chapter}": chapters run from 01 to 97, not 77')
    if len(text) >= 4 and not 1 <= int(text[2:4]) <= last[chapter]:
        raise ValueError(
            f'there is no HS heading "{text[:4]}": chapter {chapter} ({titles[chapter]}) ends '
            f"at {chapter}{last[chapter]:02d}"
        )
    size: int = 10 ** (6 - len(text))
    return int(text) * size, (int(text) + 1) * size


def is_service(product: str) -> bool:
    """Tell whether a product is the id of a service.

    Examples
    --------
    >>> is_service("S:labour"), is_service("2701")
    (True, False)
    """
    return product.startswith(SERVICE)


def check_product(text: str) -> str:
    """Return the text of a product if it is HS text or a known service.

    Raises
    ------
    ValueError
        If it is neither, with what is near.
    """
    if is_service(text):
        return _service(text)
    product_spans(text)
    return text


def _service(text: str) -> str:
    if text not in services():
        raise ValueError(f'there is no service "{text}"; {did_you_mean(text, services())}')
    return text


def _heading(text: str) -> str:
    product_spans(text)
    return text


HsText = Annotated[Code, AfterValidator(_heading)]
"""An HS heading of 2, 4 or 6 digits, a range of headings, or "*" for all."""
ServiceId = Annotated[Code, AfterValidator(_service)]
"""A service, such as "S:labour"; data/codes/services.csv lists them."""


class Scope(Record):
    """A set of products: HS prefixes and ranges, less exceptions.

    Examples
    --------
    >>> textiles = Scope(revision="HS2017", hs=["50-63"], but=["6310"])
    >>> textiles.matches("620342"), textiles.matches("631010")
    (True, False)
    >>> textiles.overlap("63"), textiles.overlap("61-62"), textiles.overlap("64")
    ('part', 'all', 'none')
    """

    revision: Revision
    """The edition of the Harmonized System that the codes are of."""
    hs: Annotated[list[HsText], Field(min_length=1)]
    """Headings and ranges, quoted; "*" is everything."""
    but: list[HsText] = Field(default_factory=list)
    """What is left out of them: with hs ["*"] an all-but list."""

    @model_validator(mode="after")
    def _exceptions_inside(self) -> Scope:
        whole = merged(span for text in self.hs for span in product_spans(text))
        for text in self.but:
            if not intersects(product_spans(text), whole):
                raise ValueError(f'"but" leaves out "{text}", which is not in {self.hs}')
        if not self.spans:
            raise ValueError('"but" leaves nothing of the scope')
        return self

    @property
    def spans(self) -> tuple[Span, ...]:
        """Six-digit spans, merged and in order."""
        whole = merged(span for text in self.hs for span in product_spans(text))
        return minus(whole, merged(span for text in self.but for span in product_spans(text)))

    def matches(self, code: str, revision: Revision | None = None) -> bool:
        """Tell whether a heading lies wholly in the scope."""
        return self.overlap(code, revision) == "all"

    def overlap(self, product: str, revision: Revision | None = None) -> Overlap:
        """Say how much of a heading, range or union of both lies in the scope.

        Parameters
        ----------
        product
            HS text as in a trade table; it may be coarser than the scope.
        revision
            Its edition; None: the scope's own.

        Notes
        -----
        Between editions six-digit codes moved, headings rarely did. Where the editions
        differ, a scope that cuts through a heading is only known to reach part of it.
        """
        spans = product_spans(product)
        if not intersects(spans, self.spans):
            if revision in (None, self.revision) or not intersects(_headings(spans), self.spans):
                return "none"
            return "part"
        if not inside(spans, self.spans):
            return "part"
        if revision not in (None, self.revision) and not inside(_headings(spans), self.spans):
            return "part"
        return "all"


def _headings(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Widen spans to whole four-digit headings."""
    return merged((low // 100 * 100, -(-high // 100) * 100) for low, high in spans)
