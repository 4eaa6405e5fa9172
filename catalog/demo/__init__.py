"""The demo shop: some hundred products drawn by the project itself, and photos that look for them.

`assortment` says which products exist and draws their views; `photos` takes the sample photos. Everything
else is drawing: `studio` lays parts over each other, `shading` lights them, `fabric` and `patterns` weave
them, and one module per department knows what a shirt, a boot or a bag is made of.

No Django here but in `load`, which puts the products into the database.
"""
