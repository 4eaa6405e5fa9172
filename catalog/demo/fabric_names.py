"""Cloths that several ranges share."""

from .cloth import Cloth
from .palette import TONES

GOLD_THREAD = (0.80, 0.60, 0.31)
FUR = Cloth(TONES["Beige"], "teddy")
SHEEP = Cloth(TONES["Off White"], "teddy")
POMPOM = Cloth(TONES["Off White"], "teddy")
RUBBER_CAP = Cloth((0.93, 0.92, 0.89), "satin", gloss=0.12)
GUM = Cloth((0.70, 0.48, 0.29), "satin", gloss=0.1)
CORK = Cloth((0.72, 0.54, 0.37), "suede")
BLACK_RUBBER = Cloth((0.17, 0.17, 0.18), "satin", gloss=0.12)
BADGE = Cloth(TONES["Off White"], "canvas")
