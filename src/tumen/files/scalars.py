"""What a plain YAML word means: to a YAML 1.2 reader, and to older readers."""

from __future__ import annotations

import re

_LONGEST_NUMBER = 400

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)

# What YAML 1.1 readers turn into something that is not text, beyond the above.
_OLD_WORDS = {"y", "n", "yes", "no", "on", "off", "=", "<<"}
_OLD_NUMBER = re.compile(
    r"[-+]?0b[01_]+"
    r"|[-+]?0x[0-9a-fA-F_]+"
    r"|[-+]?[0-9][0-9_]*"
    r"|[-+]?([0-9][0-9_]*)?\.[0-9_]*([eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
)
_OLD_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?")

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """Return the value of an unquoted word under the YAML 1.2 core schema.

    Raises ``ValueError`` for a number with more digits than any figure has.

    Examples
    --------
    >>> resolve("12"), resolve("1.5e3"), resolve("true"), resolve("~")
    (12, 1500.0, True, None)
    >>> resolve("NO"), resolve("12:30"), resolve("2017-09-11")
    ('NO', '12:30', '2017-09-11')
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    whole = _INTEGER.fullmatch(text)
    if not whole and not _FLOAT.fullmatch(text):
        return text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} digits")
    if whole:
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text, base)
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def is_ambiguous(text: str) -> bool:
    """Tell whether some YAML reader would turn this unquoted word into something else than text.

    Examples
    --------
    >>> [word for word in ("0306", "NO", "08", "12:30", "B05", "CHN") if is_ambiguous(word)]
    ['0306', 'NO', '08', '12:30']
    """
    if not isinstance(resolve(text), str) or text.lower() in _OLD_WORDS:
        return True
    return bool(_OLD_NUMBER.fullmatch(text) or _OLD_DATE.fullmatch(text))
