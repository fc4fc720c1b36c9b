"""``make bench``: prints each row of the budget that exists so far, and whether it is met."""

from __future__ import annotations

from itertools import chain

from benchmarks.embargo import embargo_rows
from benchmarks.gradient import gradient_rows
from benchmarks.nafta import nafta_rows
from benchmarks.products import product_rows
from benchmarks.timing import REFERENCE_PRODUCT, reference_product


def main() -> None:
    """Run every benchmark and print one line for each."""
    here = reference_product()
    print(
        f"reference product {1e6 * here:.1f} µs here, {1e6 * REFERENCE_PRODUCT:.1f} µs where the "
        f"peers were timed: their seconds are scaled by {here / REFERENCE_PRODUCT:.2f}, not run"
    )
    scale = here / REFERENCE_PRODUCT
    for row in chain(nafta_rows(scale), embargo_rows(), gradient_rows(), product_rows()):
        print(row)


if __name__ == "__main__":
    main()
