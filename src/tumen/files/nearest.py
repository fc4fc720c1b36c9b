"""Find the names that a mistyped word was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

_SIMILAR = 0.6
_SHOWN = 8


def nearest(word: str, allowed: Iterable[str], n: int = 3) -> list[str]:
    """Return up to ``n`` allowed names that resemble ``word``, best first.

    Case does not count, and a name that begins with the word (or with which the
    word begins) counts as close whatever its length.

    Examples
    --------
    >>> nearest("CHNA", ["CHL", "CHN", "CHE", "RUS"], n=1)
    ['CHN']
    >>> nearest("draw", ["withdrawal", "withdrawn_share", "draws"], n=1)
    ['draws']
    >>> nearest("CNH", ["CHE", "CHN", "CAN"], n=1)
    ['CHN']
    >>> nearest("xyz", ["alpha", "beta"])
    []
    """
    scored = [(_likeness(word, name), name) for name in dict.fromkeys(allowed)]
    close = [pair for pair in scored if pair[0] >= _SIMILAR]
    close.sort(key=lambda pair: (-pair[0], pair[1]))
    return [name for _, name in close[:n]]


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Say in one clause which names were probably meant, or which exist.

    Examples
    --------
    >>> did_you_mean("shar", ["share", "limit"])
    'did you mean "share"?'
    >>> did_you_mean("xyz", ["alpha", "beta"])
    'allowed: alpha, beta'
    >>> did_you_mean("xyz", [])
    'nothing is allowed here'
    """
    names = list(dict.fromkeys(allowed))
    close = nearest(word, names)
    if close:
        return f"did you mean {_either(close)}?"
    if not names:
        return "nothing is allowed here"
    rest = len(names) - _SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"allowed: {', '.join(names[:_SHOWN])}{more}"


def _likeness(word: str, name: str) -> float:
    a, b = word.casefold(), name.casefold()
    if a == b:
        return 2.0
    ratio = SequenceMatcher(None, a, b).ratio()
    if sorted(a) == sorted(b):  # letters swapped
        return max(ratio, 0.9)
    begins = min(len(a), len(b)) >= 2 and (a.startswith(b) or b.startswith(a))
    return 1.0 + ratio / 2 if begins else ratio


def _either(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
