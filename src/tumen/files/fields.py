"""Which keys a schema allows at a place, for messages about keys that it does not allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel


def allowed_keys(model: type[BaseModel], location: Iterable[str | int]) -> list[str]:
    """Return the keys that a model accepts at a location inside it.

    ``location`` is pydantic's: keys and positions, and for a union the name of the
    branch, which narrows the answer to that branch.

    Examples
    --------
    >>> class Inner(BaseModel):
    ...     share: float
    >>> allowed_keys(Inner, ())
    ['share']
    """
    kinds: list[Any] = [model]
    for step in location:
        models = [kind for kind in kinds if _is_model(kind)]
        named = [kind for kind in models if step == kind.__name__ or _tagged(kind, step)]
        if named and not any(step in _fields(kind) for kind in models):
            kinds = named
            continue
        inside = [inner for kind in kinds for inner in _inside(kind, step)]
        kinds = inside or kinds
    names = (key for kind in kinds if _is_model(kind) for key in _fields(kind))
    return list(dict.fromkeys(names))


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    fields = model.model_fields
    return {field.alias or name: field.annotation for name, field in fields.items()}


def _tagged(model: type[BaseModel], tag: str | int) -> bool:
    """Tell whether a field of the model is a constant equal to the tag of a union."""
    return any(tag in get_args(annotation) for annotation in _fields(model).values())


def _inside(kind: Any, step: str | int) -> Iterator[Any]:
    """Yield the types that stand one step inside a model, a list or a mapping."""
    if _is_model(kind):
        if step in _fields(kind):
            yield from _branches(_fields(kind)[str(step)])
        return
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict and isinstance(step, str):
        yield from _branches(arguments[1])
    elif origin in (list, tuple, set, frozenset) and isinstance(step, int):
        for argument in arguments:
            yield from _branches(argument)


def _branches(annotation: Any) -> Iterator[Any]:
    """Yield the plain types in an annotation: unions opened, metadata dropped."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _branches(get_args(annotation)[0])
    elif origin in (None, list, tuple, set, frozenset, dict):
        yield annotation
    else:
        for argument in get_args(annotation):
            yield from _branches(argument)
