"""The demo shop's ranges, one module a department."""

from . import (
    accessories,
    bags,
    bottoms,
    dresses,
    footwear,
    knitwear,
    leather_shoes,
    outerwear,
    shirts,
    watches,
)

LOOKS = (
    *shirts.LOOKS,
    *knitwear.LOOKS,
    *outerwear.LOOKS,
    *bottoms.LOOKS,
    *dresses.LOOKS,
    *footwear.LOOKS,
    *leather_shoes.LOOKS,
    *bags.LOOKS,
    *accessories.LOOKS,
    *watches.LOOKS,
)
