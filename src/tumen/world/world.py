"""World: one labelled baseline, checked when it is built."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput
from tumen.world import checks
from tumen.world.accounts import Accounts, Array, accounts_of, balance_problems
from tumen.world.display import html_table
from tumen.world.variables import VARIABLES

if TYPE_CHECKING:
    import xarray as xr

ACCOUNT_TOLERANCE = 1e-6
"""Spending and its uses agree to this part of the economy's whole spending."""
SHOWN = 10
"""Economies that a notebook shows."""


class World:
    """Hold a baseline that is an equilibrium of the model.

    Parameters
    ----------
    dataset
        xarray Dataset with the variables of :data:`tumen.world.variables.VARIABLES`: ``trade``
        (origin, destination, sector) in million USD a year, ``value_added_share`` and
        ``final_share`` (economy, sector), ``input_share`` (economy, input, sector),
        ``trade_elasticity`` (sector); optional ``tariff``, ``deficit``,
        ``remittance``, ``recorded``.

    Raises
    ------
    InvalidInput
        With every problem found: labels, values, shares, deficits, accounts.

    Notes
    -----
    The accounts are those of Caliendo and Parro (2015): spending on each product equals its
    use by producers and final buyers.

    Examples
    --------
    >>> import tumen
    >>> world = tumen.load_world()
    >>> world.dataset.trade.dims
    ('origin', 'destination', 'sector')
    >>> "PRK" in world.economies
    True
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        self._accept(_checked_content(dataset))

    def _accept(self, dataset: xr.Dataset) -> None:
        """Hold data of sound structure and content, if they are an equilibrium."""
        accounts = accounts_of(dataset)
        problems = checks.deficit_problems(dataset)
        problems += balance_problems(accounts, dataset, ACCOUNT_TOLERANCE)
        if problems:
            raise InvalidInput(problems, "world")
        for array in dataset.data_vars.values():
            array.values.flags.writeable = False
        self._dataset = dataset
        self._accounts = accounts

    @classmethod
    def equilibrate(cls, dataset: xr.Dataset, deficits: Literal["keep", "zero"] = "keep") -> World:
        """Solve the world on the shares that ``dataset`` implies and return the balanced one.

        Parameters
        ----------
        dataset
            As for :class:`World`, but flows and uses need not match.
        deficits
            "keep" takes ``deficit`` (million USD a year), "zero" sets it to 0.

        Raises
        ------
        InvalidInput
            For NaN, negative flows or shares, shares that do not sum, missing home sales.
        NotConverged
            If no balanced world was found.

        Notes
        -----
        Caliendo and Parro (2015): cost and final shares are kept, trade shares are the data's at
        unchanged wages; wages, prices and spending adjust, world value added is unchanged.

        Examples
        --------
        >>> import tumen
        >>> world = tumen.load_world()
        >>> again = tumen.World.equilibrate(world.dataset)
        >>> bool(abs(again.dataset.trade / world.dataset.trade - 1).max() < 1e-6)
        True
        """
        dataset = _checked_content(dataset)
        # The engine stands above this room; it is called by name, so that no import points up.
        engine = importlib.import_module("tumen.equilibrium.baseline")
        world = cls.__new__(cls)
        world._accept(engine.balanced_dataset(dataset, deficits))
        return world

    @property
    def dataset(self) -> xr.Dataset:
        """The labelled data, as they were given (dims in the house order); values are read-only."""
        return self._dataset.copy()

    @cached_property
    def economies(self) -> tuple[str, ...]:
        """Labels of the economies, in the world's order."""
        return tuple(str(label) for label in self._dataset["economy"].values)

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Labels of the sectors, in the world's order."""
        return tuple(str(label) for label in self._dataset["sector"].values)

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """The labels of every dim."""
        return checks.labels_of(self._dataset)

    def labelled(
        self,
        values: NDArray[Any],
        dims: Sequence[str],
        name: str | None = None,
        units: str | None = None,
    ) -> xr.DataArray:
        """Put the world's labels on an array.

        Parameters
        ----------
        values
            One axis for each of ``dims``, in the world's order.
        dims
            Of origin, destination, economy, sector, input.

        Examples
        --------
        >>> import tumen
        >>> world = tumen.load_world()
        >>> float(world.labelled(world.accounts.deficit, ("economy",)).sum().round(3)) + 0.0
        0.0
        """
        import xarray as xr

        dims = tuple(dims)
        if dims not in self._coordinates:
            self._coordinates[dims] = xr.Coordinates({dim: self.labels[dim] for dim in dims})
        attrs = {} if units is None else {"units": units}
        return xr.DataArray(values, self._coordinates[dims], dims, name=name, attrs=attrs)

    @cached_property
    def _coordinates(self) -> dict[tuple[str, ...], xr.Coordinates]:
        """Indexes by dims, built once: to build them anew costs more than most arrays."""
        return {}

    @cached_property
    def recorded(self) -> Array | None:
        """Part of each flow that customs record (origin, destination, sector); None: all of it."""
        if "recorded" not in self._dataset:
            return None
        dims = VARIABLES["recorded"].dims
        share: Array = self._dataset["recorded"].transpose(*dims).values
        return share

    @cached_property
    def remittances(self) -> Array:
        """Pay of workers abroad (payer, receiver), million USD a year; zeros where none is given.

        Money that crosses borders for no trade: the deficits of the data contain it.
        """
        if "remittance" not in self._dataset:
            return np.zeros((len(self.economies), len(self.economies)))
        return np.asarray(self._dataset["remittance"].values, dtype=float)

    @property
    def accounts(self) -> Accounts:
        """The unlabelled arrays that the engine reads."""
        return self._accounts

    def save(self, path: str | Path) -> None:
        """Write the world as NetCDF, beside the target first, then renamed.

        Parameters
        ----------
        path
            File to write; folders above it are made.

        Raises
        ------
        InvalidInput
            If the place is a folder or cannot be written; nothing is left behind.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> import tumen
        >>> world = tumen.load_world()
        >>> with TemporaryDirectory() as folder:
        ...     world.save(Path(folder, "mine.nc"))
        ...     World.load(Path(folder, "mine.nc")).dataset.equals(world.dataset)
        True
        """
        from tumen.world.storage import write_world

        write_world(self._dataset, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> World:
        """Read a world that :meth:`save` wrote.

        Parameters
        ----------
        path
            A NetCDF-4 file.

        Raises
        ------
        InvalidInput
            If the file is missing, truncated, no NetCDF, or no world.
        """
        from tumen.world.storage import read_dataset

        return cls(read_dataset(Path(path)))

    def aggregated(
        self,
        economies: Mapping[str, str] | None = None,
        sectors: Mapping[str, str] | None = None,
    ) -> World:
        """Merge economies and sectors; a label that the mapping leaves out stays as it is.

        Parameters
        ----------
        economies, sectors
            Old label → new label.

        Raises
        ------
        InvalidInput
            If a label is unknown.

        Examples
        --------
        >>> import tumen
        >>> world = tumen.load_world()
        >>> small = world.aggregated(economies={"DEU": "EUR", "FRA": "EUR"})
        >>> len(world.economies) - len(small.economies)
        1
        """
        from tumen.world.aggregate import aggregate

        return World(aggregate(self, economies or {}, sectors or {}))

    def with_behaviour(self, **variables: xr.DataArray) -> World:
        """Return the world with other elasticities or labour; its accounts stay as they are.

        Parameters
        ----------
        variables
            DataArrays by name, any variable of a world that is neither money nor a share of it.

        Raises
        ------
        InvalidInput
            For another variable, a label that is not the world's, or a value out of range.

        Examples
        --------
        >>> import tumen
        >>> world = tumen.load_world()
        >>> halved = world.with_behaviour(trade_elasticity=world.dataset.trade_elasticity / 2)
        >>> halved.accounts.trade is world.accounts.trade
        True
        """
        dataset = self._dataset.assign(variables)
        problems = checks.behaviour_problems(dataset, list(variables))
        if problems:
            raise InvalidInput(problems, "world")
        for name in variables:
            dataset[name] = dataset[name].transpose(*VARIABLES[name].dims).astype(float)
            dataset[name].values.flags.writeable = False
        world = type(self).__new__(type(self))
        world._dataset, world._accounts = dataset, self._accounts.with_behaviour(dataset)
        return world

    @classmethod
    def rebalanced(cls, dataset: xr.Dataset) -> World:
        """Fit cost and final shares to the trade flows by RAS, value added shares fixed.

        Parameters
        ----------
        dataset
            As for :class:`World`, but purchases and uses of products need not match. Trade and
            tariffs stay as they are; ``deficit`` is dropped, trade implies it.

        Raises
        ------
        InvalidInput
            If the data are no world at all, or no table can meet the totals.
        NotConverged
            If the zeros of the uses leave no way to meet the purchases.

        Notes
        -----
        Bacharach (1970). The changes are listed in the dataset's attribute ``rebalanced``.

        Examples
        --------
        >>> import tumen
        >>> data = tumen.load_world().dataset
        >>> trade = data.trade.copy()
        >>> trade.loc[dict(origin="CHN", destination="PRK", sector="C10T12")] *= 2
        >>> world = World.rebalanced(data.assign(trade=trade))
        >>> bool((world.dataset.trade == trade).all())
        True
        """
        from tumen.world.balance import fit_uses

        return cls(fit_uses(_checked_content(dataset)))

    def __repr__(self) -> str:
        title = self._dataset.attrs.get("title", "untitled")
        return f"World({title!r}, {len(self.economies)} economies, {len(self.sectors)} sectors)"

    def _repr_html_(self) -> str:
        """Show the largest economies in a notebook."""
        accounts = self.accounts
        size = np.argsort(-accounts.value_added)[:SHOWN]
        money = (accounts.value_added, accounts.imports, accounts.deficit)
        rows = [[self.economies[n], *(float(part[n]) for part in money)] for n in size]
        title = f"{self!r}: the {len(rows)} largest, million USD a year"
        return html_table(title, ["economy", "value added", "imports", "deficit"], rows)


def _checked_content(dataset: xr.Dataset) -> xr.Dataset:
    """Raise for wrong structure or content; return the dataset with dims in the house order."""
    problems = checks.structure_problems(dataset)
    if problems:
        raise InvalidInput(problems, "world")
    ordered = dataset.assign(
        {
            name: dataset[name].transpose(*variable.dims).astype(float)
            for name, variable in VARIABLES.items()
            if name in dataset
        }
    )
    problems = checks.content_problems(ordered)
    if problems:
        raise InvalidInput(problems, "world")
    return ordered
