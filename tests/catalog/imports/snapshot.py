"""What an import leaves behind, in SQL: to compare runs row by row, and to see what another has written."""

# All that an import decides: no ids, no times.
CATALOGUE = """
SELECT concat_ws(';', p.sku, p.name, p.slug, p.description, c.slug, b.slug, p.base_colour, p.gender, p.season,
                 p.usage, p.price, p.currency, p.stock, p.is_active, p.search_text, i.position, i.checksum,
                 i.source_checksum, i.width, i.height) AS line
FROM catalog_product p JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN catalog_brand b ON b.id = p.brand_id LEFT JOIN catalog_productimage i ON i.product_id = p.id
UNION ALL SELECT concat_ws(';', 'category', c.slug, c.name, p.slug)
    FROM catalog_category c LEFT JOIN catalog_category p ON p.id = c.parent_id
UNION ALL SELECT concat_ws(';', 'brand', slug, name) FROM catalog_brand
UNION ALL SELECT concat_ws(';', 'problem', skipped, row, "column", value, reason) FROM catalog_importproblem
ORDER BY line
"""
# `xmin` is the transaction that wrote a row last.
VERSIONS = """
SELECT 'product', id, xmin::text FROM catalog_product UNION ALL
SELECT 'image', id, xmin::text FROM catalog_productimage UNION ALL
SELECT 'category', id, xmin::text FROM catalog_category UNION ALL
SELECT 'brand', id, xmin::text FROM catalog_brand
ORDER BY 1, 2
"""
