"""Style: what is left of a search vector without the mean of its category, which is the kind of thing.

Style vectors are made in PostgreSQL from stored search vectors, without a forward pass. A query finds those
that are missing, so workers only have to call `tend` now and then, and no message can be lost.
"""

from collections import Counter
from collections.abc import Sequence, Set

from django.db import transaction

from catalog.models import ProductImage
from catalog.tree import CategoryTree
from similarity import rounds
from similarity.models import EmbeddingModel
from similarity.vectors import binary_cursor

# A mean of fewer pictures says more of them than of their category: the next category above stands in.
MEMBERS_MIN = 20
# A mean is taken anew when its category has grown or shrunk by this share since.
DRIFT = 1 / 3
ROUND = "similarity.styled"


def tend(model: EmbeddingModel) -> int:
    """`refresh` a part of the catalogue (`similarity.rounds`); means are looked at when a round begins."""
    part = rounds.next_part(f"{ROUND}.{model.pk}")
    made = refresh(model, part.images, means=part.begins)
    part.done()
    return made


def refresh(model: EmbeddingModel, images: Sequence[int] | None = None, means: bool = True) -> int:
    """Make the style vectors that `model` lacks or that are outdated, of these pictures or of all.

    Outdated is what was made for another category, or with a mean that has drifted: with `means` all are
    counted, and whole categories made anew where that is so. In one transaction; returns how many were made.
    Safe to repeat; a second process waits for the first.
    """
    tree = CategoryTree()
    with transaction.atomic(), binary_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('similarity.style'))")
        drifted = _take_means(model, tree) if means else []
        having = set(model.style_means.values_list("category_id", flat=True))
        base = {pk: _base(tree, pk, having) for pk in tree.within(tree.children(None))}
        if images is not None and drifted:
            outdated = [pk for pk, mean in base.items() if mean in drifted]
            more = ProductImage.objects.filter(product__category__in=outdated)
            images = [*images, *more.values_list("pk", flat=True)]
        parameters = {
            "model": model.pk,
            "images": images if images is None else list(images),
            "categories": list(base),
            "bases": list(base.values()),
            "drifted": drifted,
        }
        cursor.execute(
            """
            DELETE FROM similarity_stylevector s
            USING catalog_product p,
                  unnest(%(categories)s::bigint[], %(bases)s::bigint[]) AS c(category, base)
            WHERE s.model_id = %(model)s AND p.id = s.product_id AND c.category = p.category_id
              AND (%(images)s::bigint[] IS NULL OR s.image_id = ANY(%(images)s))
              AND (s.category_id IS DISTINCT FROM c.base OR s.category_id = ANY(%(drifted)s::bigint[]))
            """,
            parameters,
        )
        cursor.execute(
            """
            INSERT INTO similarity_stylevector
                (search_vector_id, model_id, image_id, product_id, category_id, vector)
            SELECT v.id, v.model_id, v.image_id, v.product_id, c.base,
                   CASE WHEN m.id IS NULL THEN v.vector ELSE l2_normalize(v.vector - m.vector) END
            FROM similarity_searchvector v
            JOIN catalog_product p ON p.id = v.product_id
            JOIN unnest(%(categories)s::bigint[], %(bases)s::bigint[]) AS c(category, base)
                ON c.category = p.category_id
            LEFT JOIN similarity_stylemean m ON m.model_id = v.model_id AND m.category_id = c.base
            WHERE v.model_id = %(model)s AND (%(images)s::bigint[] IS NULL OR v.image_id = ANY(%(images)s))
              AND NOT EXISTS (SELECT FROM similarity_stylevector s WHERE s.search_vector_id = v.id)
            FOR KEY SHARE OF v
            """,
            parameters,
        )
        return cursor.rowcount


def _base(tree: CategoryTree, category: int, having: Set[int]) -> int | None:
    """The category whose mean is taken off: this or the next above of those `having` one; None without."""
    path = reversed(tree.path(tree.get(category)))
    return next((node.pk for node in path if node.pk in having), None)


def _take_means(model: EmbeddingModel, tree: CategoryTree) -> list[int]:
    """Take the means that are missing or have drifted, drop those of no use; returns the former's categories.

    Counts every search vector.
    """
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT p.category_id, count(*)
            FROM similarity_searchvector v JOIN catalog_product p ON p.id = v.product_id
            WHERE v.model_id = %s GROUP BY p.category_id
            """,
            [model.pk],
        )
        counts = dict(cursor.fetchall())
        totals = tree.totals(Counter(counts))
        enough = {pk for pk, members in totals.items() if members >= MEMBERS_MIN}
        wanted = {base for pk in counts if (base := _base(tree, pk, enough))}
        model.style_means.exclude(category__in=wanted).delete()
        before = dict(model.style_means.values_list("category_id", "members"))
        drifted = [pk for pk in wanted if abs(totals[pk] - before.get(pk, 0)) > DRIFT * before.get(pk, 0)]
        for pk in drifted:
            cursor.execute(
                """
                INSERT INTO similarity_stylemean (model_id, category_id, members, vector)
                SELECT %s, %s, count(*), avg(v.vector)
                FROM similarity_searchvector v JOIN catalog_product p ON p.id = v.product_id
                WHERE v.model_id = %s AND p.category_id = ANY(%s)
                ON CONFLICT (model_id, category_id)
                DO UPDATE SET members = excluded.members, vector = excluded.vector
                """,
                [model.pk, pk, model.pk, list(tree.within([tree.get(pk)]))],
            )
    return drifted
