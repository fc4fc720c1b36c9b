"""World, Shock: the nouns, labelled and checked."""

from __future__ import annotations

from tumen.world.cap import Cap, Wedge
from tumen.world.product_world import ProductWorld
from tumen.world.shock import Shock
from tumen.world.world import World

__all__ = ["Cap", "ProductWorld", "Shock", "Wedge", "World"]
