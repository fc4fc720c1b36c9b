"""The published network as labelled arrays: intermediate flows, final sales, output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

INPUT_SHARE_CAP = 0.98
MERGED, INTO = "T", "S"


@dataclass(frozen=True)
class Network:
    """Flows of the world in million USD.

    `intermediate` has dims (input sector, origin, sector, destination): sales of
    an origin's product to a using sector of a destination. `final_sales` and
    `output` have dims (sector, origin).
    """

    economies: list[str]
    sectors: list[str]
    intermediate: np.ndarray
    final_sales: np.ndarray
    output: np.ndarray
    capped: list[str]

    @property
    def value_added(self) -> np.ndarray:
        """Value added by economy: output less all recorded inputs."""
        used: np.ndarray = self.output.sum(axis=0) - self.intermediate.sum(axis=(0, 1, 2))
        return used


def read_network(cache: dict[str, np.ndarray]) -> Network:
    """Rebuild the flows `A * (omb * s)` and merge sector T into S.

    Nodes are sector-major: node = sector * number of economies + economy.
    Nodes whose input share reached the publisher's cap of 0.98 are listed.
    """
    economies = [str(name) for name in cache["countries"]]
    sectors = [str(name) for name in cache["sectors"]]
    shape = (len(sectors), len(economies))
    if sorted(economies) != economies:
        raise ValueError("the network's economies are not in alphabetical order")
    share = np.minimum(cache["omb"], INPUT_SHARE_CAP)
    flows = (cache["A"] * (share * cache["s"])[None, :]).reshape(shape + shape)
    full = np.argwhere(share.reshape(shape) >= INPUT_SHARE_CAP - 1e-12)
    capped = [f"{economies[e]} {sectors[s]}" for s, e in full]
    network = Network(
        economies=economies,
        sectors=sectors,
        intermediate=flows,
        final_sales=cache["z"].reshape(shape),
        output=cache["s"].reshape(shape),
        capped=capped,
    )
    return merge_sector(network, MERGED, INTO)


def merge_sector(network: Network, merged: str, into: str) -> Network:
    """Add the flows of one sector to another and drop it."""
    here, there = network.sectors.index(merged), network.sectors.index(into)
    flows = network.intermediate.copy()
    flows[there] += flows[here]
    flows[:, :, there] += flows[:, :, here]
    flows = np.delete(np.delete(flows, here, axis=0), here, axis=2)
    return Network(
        economies=network.economies,
        sectors=[name for name in network.sectors if name != merged],
        intermediate=flows,
        final_sales=_merge_rows(network.final_sales, here, there),
        output=_merge_rows(network.output, here, there),
        capped=network.capped,
    )


def _merge_rows(values: np.ndarray, here: int, there: int) -> np.ndarray:
    total = values.copy()
    total[there] += total[here]
    return np.delete(total, here, axis=0)
