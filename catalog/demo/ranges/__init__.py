"""The demo shop's ranges, one module a department."""

from . import accessories, bags, bottoms, dresses, footwear, knitwear, outerwear, shirts

LOOKS = (
    *shirts.LOOKS,
    *knitwear.LOOKS,
    *outerwear.LOOKS,
    *bottoms.LOOKS,
    *dresses.LOOKS,
    *footwear.LOOKS,
    *bags.LOOKS,
    *accessories.LOOKS,
)
