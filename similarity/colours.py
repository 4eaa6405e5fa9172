"""Families of colours: what people mean when they say that two things are both blue."""

# Base colours as the demo and the field's public data sets name them, in lower case.
FAMILIES = {
    "black": ["black", "charcoal"],
    "grey": ["grey", "light grey", "grey melange", "silver", "steel", "metallic"],
    "white": ["white", "off white", "cream"],
    "beige": ["beige", "camel", "khaki", "nude", "skin", "taupe", "mushroom brown"],
    "brown": ["brown", "coffee brown", "tan", "cognac", "bronze", "copper", "tortoise"],
    "blue": ["blue", "navy", "navy blue", "light blue", "mid blue", "bleached blue", "indigo"],
    "turquoise": ["turquoise", "turquoise blue", "teal", "mint", "sea green"],
    "green": ["green", "bottle green", "olive", "sage", "lime green", "fluorescent green"],
    "yellow": ["yellow", "mustard", "gold"],
    "orange": ["orange", "coral", "peach", "rust"],
    "red": ["red", "burgundy", "maroon"],
    "pink": ["pink", "rose", "magenta"],
    "purple": ["purple", "violet", "lavender", "mauve"],
}
_OF = {colour: family for family, colours in FAMILIES.items() for colour in colours}
# Worn with anything.
NEUTRAL = {"black", "grey", "white", "beige", "brown"}


def family(colour: str) -> str:
    """The family of a base colour; a colour of no known family is one of its own, and none is ""."""
    name = colour.strip().casefold()
    return _OF.get(name, name)
