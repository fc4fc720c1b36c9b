"""National customs tables, laid out as a mapping file says."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tumen.codes.products import Revision
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml
from tumen.sources.broken import check_text
from tumen.sources.layouts import MONTH, PERIOD, YEAR, amount, quantity
from tumen.sources.long_files import Column
from tumen.sources.records import NUMBERS, TEXTS, Layout

MONEY = {"USD": 1e-6, "thousand USD": 1e-3, "million USD": 1.0}
"""Unit of value → million USD."""
MASS = {"kg": 1e-3, "tonnes": 1.0, "thousand tonnes": 1e3}
"""Unit of quantity → tonnes."""
_CHUNK = 1 << 20


def _economy(text: str) -> str:
    known = {area.label for area in TEXTS().values() if area.label}
    if text not in known:
        raise ValueError(f'there is no economy "{text}"; {did_you_mean(text, known)}')
    return text


Economy = Annotated[Code, AfterValidator(_economy)]
"""ISO 3166 alpha-3."""


class Columns(Record):
    """What the table calls each column."""

    partner: str
    """Code or name of the partner."""
    product: str
    """Tariff code: six digits count, finer codes are summed."""
    period: str
    """A year, or a month as 201607 or 2016-07."""
    value: str
    """Value of the flow."""
    flow: str | None = None
    """Export or import, if both are in the table."""
    quantity: str | None = None
    """Mass of the flow."""


class CustomsMapping(Record):
    """How the customs table of one country is laid out."""

    reporter: Economy
    """Whose customs: ISO 3166 alpha-3."""
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] = "customs"
    """What the store calls this source; records of one source replace each other."""
    revision: Revision
    """Edition of the Harmonized System that the tariff follows."""
    columns: Columns
    """Its column names."""
    flow: Literal["export", "import"] | None = None
    """The flow, where the table has one only."""
    flows: dict[str, Literal["export", "import", "reexport", "reimport"]] = Field(
        default_factory=dict
    )
    """What its flow column says → flow."""
    value_unit: Literal["USD", "thousand USD", "million USD"]
    """Unit of value."""
    quantity_unit: Literal["kg", "tonnes", "thousand tonnes"] = "kg"
    """Unit of quantity."""
    economies: dict[str, Economy] = Field(default_factory=dict)
    """What it calls partners that Tumen does not know → ISO 3166 alpha-3."""
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """Between columns."""
    encoding: str = "utf-8"
    """Of the text: utf-8, latin-1, gb18030, ...."""
    decimal: Literal[".", ","] = "."
    """Of numbers."""
    thousands: Literal["", ",", ".", " "] = ""
    """Between thousands."""

    @model_validator(mode="after")
    def _complete(self) -> CustomsMapping:
        if (self.flow is None) == (self.columns.flow is None):
            raise ValueError("give flow, or columns.flow with flows, not both")
        if self.columns.flow is not None and not self.flows:
            raise ValueError("columns.flow needs flows: what its words mean")
        try:
            codecs.lookup(self.encoding)
        except LookupError as error:
            raise ValueError(f'there is no encoding "{self.encoding}"') from error
        return self


def read_mapping(path: Path) -> CustomsMapping:
    """Read a mapping file.

    Raises
    ------
    InvalidInput
        With the line of everything that is wrong.
    """
    if not path.is_file():
        raise InvalidInput(Problem(str(path), "no such file"))
    return parse(CustomsMapping, load_yaml(path))


def customs_layout(mapping: CustomsMapping) -> Layout:
    """Return the layout that a mapping describes."""
    own = mapping.columns
    number = f"replace(replace({{}}, '{mapping.thousands}', ''), '{mapping.decimal}', '.')"
    value = amount((own.value.lower(),), mapping.value_unit)
    weight = quantity((own.quantity or "\0").lower(), unit=mapping.quantity_unit)
    words = tuple(mapping.flows)
    columns = {
        "partner": Column((own.partner.lower(),), "VARCHAR", "a partner", "{0} <> ''"),
        "product": Column((own.product.lower(),), "VARCHAR", "a tariff code of 6 to 12 digits",
                          pattern="[0-9]{6,12}", text="replace({}, '.', '')"),
        "period": Column((own.period.lower(),), "VARCHAR", "a year or month, such as 201607",
                         pattern=PERIOD),
        "value": _numbered(value, number),
        "quantity": _numbered(weight, number),
        "flow": Column(((own.flow or "\0").lower(),), "VARCHAR", f"one of {', '.join(words)}",
                       f"{{}} IN ({', '.join(map(_quoted, words))})" if words else "TRUE",
                       optional=own.flow is None),
    }  # fmt: skip
    cases = " ".join(f"WHEN {_quoted(word)} THEN '{is_}'" for word, is_ in mapping.flows.items())
    flow = f"'{mapping.flow}'" if mapping.flow else f"CASE flow {cases} END"
    numbers, texts = NUMBERS(), TEXTS()
    return Layout(
        mapping.source,
        columns,
        f"SELECT line, '{mapping.reporter}' AS reporter, partner, {flow} AS flow, "
        f"'{mapping.revision}' AS revision, left(product, 6) AS product, product AS full_product, "
        f"{YEAR}, {MONTH}, value * {MONEY[mapping.value_unit]!r} AS musd, quantity * "
        f"{MASS[mapping.quantity_unit]!r} AS tonnes FROM flows",
        {**numbers, **texts},
        mapping.economies,
        sums=True,
    )


@contextmanager
def as_utf8(path: Path, mapping: CustomsMapping) -> Iterator[Path]:
    """Give the table as UTF-8, in a file of the same name that goes away at the end."""
    if codecs.lookup(mapping.encoding).name == "utf-8":
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        try:
            with (
                path.open(encoding=mapping.encoding, newline="") as old,
                copy.open("w", encoding="utf-8", newline="") as new,
            ):
                while text := old.read(_CHUNK):
                    new.write(text)
        except (OSError, UnicodeDecodeError) as error:
            message = f"cannot be read as {mapping.encoding}: {error}; see encoding: in the mapping"
            raise InvalidInput(Problem(path.name, message)) from error
        check_text(copy, mapping.separator)
        yield copy


def _numbered(column: Column, text: str) -> Column:
    return replace(column, text=text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
