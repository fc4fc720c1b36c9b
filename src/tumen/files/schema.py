"""Frozen records that files are read into, and every problem of a file in one error."""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from tumen.errors import InvalidInput
from tumen.files.located import Located, Path
from tumen.files.messages import UNQUOTED, problems_of

_Model = TypeVar("_Model", bound=BaseModel)

_MARKER = "\ue000unquoted\ue000"
"""Put in front of words without quotes, so that a code can tell that it was not quoted."""


class Record(BaseModel):
    """Base of everything that is read from a file: frozen, strict, no unknown keys.

    A string is never turned into a number, nor a number into a string; infinity and
    NaN are refused. In a file, dates are ISO text and tuples are lists.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
        use_attribute_docstrings=True,
    )


def _quoted(value: object) -> object:
    """Refuse a code that is no text, or that some YAML reader would not see as text."""
    if isinstance(value, str) and not value.startswith(_MARKER):
        if value != value.strip() or not value:
            raise PydanticCustomError("code_blank", "a code must not be empty or padded")
        return value
    if isinstance(value, dict | list):
        raise PydanticCustomError("string_type", "Input should be a valid string")
    raise PydanticCustomError(UNQUOTED, "code must be a quoted string")


Code = Annotated[str, BeforeValidator(_quoted)]
"""An economy, sector or product code. In a file it needs quotes when it looks like anything else:
``"0306"``, ``"NO"``, ``"N"``."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A fraction between 0 and 1."""


def parse(model: type[_Model], located: Located, at: Path = (), context: Any = None) -> _Model:
    r"""Turn located data into a record, or refuse them with every problem and its line.

    Parameters
    ----------
    model
        The record to build.
    located
        What ``load_yaml`` returned.
    at
        The place inside the data to read; the whole file by default.
    context
        Handed to the validators of the model.

    Examples
    --------
    >>> from tumen.files.strict_yaml import load_yaml
    >>> class Cut(Record):
    ...     partner: Code
    ...     share: Share
    >>> parse(Cut, load_yaml("cut.yaml", 'partner: "NO"\nshare: 0.5\n'))
    Cut(partner='NO', share=0.5)
    >>> parse(Cut, load_yaml("cut.yaml", "partner: NO\nshare: 1.5\n"))
    Traceback (most recent call last):
    tumen.errors.InvalidInput: 2 problems
      - cut.yaml:1: partner: code must be a quoted string: write "NO"
      - cut.yaml:2: share is 1.5; it should be less than or equal to 1
    """
    unquoted = _unquoted_codes(model, located, at, context)
    try:
        record = model.model_validate_json(_as_json(located, at), context=context)
    except ValidationError as error:
        raise InvalidInput(problems_of(error, model, located, at, unquoted)) from None
    if unquoted:
        raise InvalidInput(problems_of(None, model, located, at, unquoted))
    return record


def build(model: type[_Model], **values: Any) -> _Model:
    """Build a record from Python values; a bad value is an ``InvalidInput`` as in a file.

    Examples
    --------
    >>> class Cut(Record):
    ...     share: Share
    >>> build(Cut, share=2.0)
    Traceback (most recent call last):
    tumen.errors.InvalidInput: share is 2.0; it should be less than or equal to 1
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = problems_of(error, model, Located(values, {}), (), [])
        raise InvalidInput(found) from None


def _as_json(located: Located, at: Path) -> bytes:
    return json.dumps(located.value(at)).encode()


def _unquoted_codes(
    model: type[BaseModel], located: Located, at: Path, context: Any
) -> list[tuple[str | int, ...]]:
    """Find the codes that are text here, but would not be text to every YAML reader."""
    marked, found = _marked(located, located.value(at), at)
    if not found:
        return []
    try:
        model.model_validate_json(json.dumps(marked), context=context)
    except ValidationError as error:
        return [
            tuple(step.removeprefix(_MARKER) if isinstance(step, str) else step for step in loc)
            for loc in (each["loc"] for each in error.errors() if each["type"] == UNQUOTED)
        ]
    return []


def _marked(located: Located, value: Any, path: Path) -> tuple[Any, bool]:
    """Copy data with the marker before every word, or key, that needs quotes in a code field."""
    if isinstance(value, dict):
        pairs = [(_marked_key(located, key, (*path, key)), key) for key in value]
        inner = {new: _marked(located, value[key], (*path, key)) for new, key in pairs}
        found = any(new != key for new, key in pairs) or any(f for _, f in inner.values())
        return {key: item for key, (item, _) in inner.items()}, found
    if isinstance(value, list):
        items = [_marked(located, item, (*path, place)) for place, item in enumerate(value)]
        return [item for item, _ in items], any(found for _, found in items)
    if isinstance(value, str) and located.unquoted(path):
        return _MARKER + value, True
    return value, False


def _marked_key(located: Located, key: str, path: Path) -> str:
    from tumen.files.scalars import is_ambiguous

    mark = located.marks.get(path)
    return _MARKER + key if mark and mark.plain_key and is_ambiguous(key) else key
