"""The page of a bundled case, made once, and read back as a browser would."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from tests.scenario.cases import full, quick
from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Section
from tumen.page.page import laid_out, page, sections

VOID = {"meta", "link", "img", "br", "hr", "input"}


@cache
def case(name: str = "dprk-2017") -> Case:
    return Case(*full(name))


@cache
def quick_case(name: str = "dprk-2017") -> Case:
    return Case(*quick(name))


@cache
def parts(name: str = "dprk-2017") -> list[Section]:
    return list(sections(case(name)))


@cache
def made(name: str = "dprk-2017") -> str:
    return page(case(name), laid_out(parts(name)))


def exhibits(found: list[Section]) -> list[Exhibit]:
    return [each for section in found for each in section.exhibits]


def exhibit(key: str, found: list[Section] | None = None) -> Exhibit:
    every = exhibits(parts() if found is None else found)
    return next(each for each in every if each.id == key)


@dataclass
class Element:
    """An element with its attributes and all the text within it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    within: list[str] = field(default_factory=list)
    """Ids of the elements around it."""


class Reader(HTMLParser):
    """Reads a page into elements; a tag that does not close what was opened is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == [], [each.tag for each in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        around = [each.attributes["id"] for each in self._open if "id" in each.attributes]
        given = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, given, within=around))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        last = self._open.pop()
        assert last.tag == tag, (last.tag, tag)

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.text += data

    def all(self, tag: str, inside: str = "") -> list[Element]:
        return [e for e in self.elements if e.tag == tag and (not inside or inside in e.within)]

    def one(self, key: str) -> Element:
        (found,) = (each for each in self.elements if each.attributes.get("id") == key)
        return found


@cache
def read(name: str = "dprk-2017") -> Reader:
    return Reader(made(name))


def table(reader: Reader, key: str) -> list[list[str]]:
    """The cells of an exhibit's table, row by row, head first."""
    rows: list[list[str]] = []
    for each in reader.elements:
        if key in each.within and each.tag == "tr":
            rows.append([])
        elif key in each.within and each.tag in ("td", "th"):
            rows[-1].append(each.text.strip())
    return rows


def download(reader: Reader, filename: str) -> bytes:
    """The content of a file that the page holds."""
    (link,) = (e for e in reader.all("a") if e.attributes.get("download") == filename)
    return base64.b64decode(link.attributes["href"].split(",", 1)[1])
