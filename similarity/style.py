"""Style: what is left of a search vector without the mean of its category, which is the kind of thing.

Style vectors are made in PostgreSQL from stored search vectors, without a forward pass. A query finds those
that are missing, so workers only have to call `refresh` now and then, and no message can be lost.
"""

from collections import Counter

from django.db import transaction

from catalog.tree import CategoryTree
from similarity.models import EmbeddingModel
from similarity.vectors import binary_cursor

# A mean of fewer pictures says more of them than of their category: the next category above stands in.
MEMBERS_MIN = 20
# A mean is taken anew when its category has grown or shrunk by this share since.
DRIFT = 1 / 3


def refresh(model: EmbeddingModel) -> int:
    """Make the style vectors that `model` lacks or that are outdated, in one transaction; returns how many.

    Outdated is what was made for another category, or with a mean that has drifted. Safe to repeat; a second
    process waits for the first.
    """
    tree = CategoryTree()
    with transaction.atomic(), binary_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('similarity.style'))")
        cursor.execute(
            """
            SELECT p.category_id, count(*)
            FROM similarity_searchvector v JOIN catalog_product p ON p.id = v.product_id
            WHERE v.model_id = %s GROUP BY p.category_id
            """,
            [model.pk],
        )
        totals = tree.totals(Counter(dict(cursor.fetchall())))
        base = {pk: _base(tree, pk, totals) for pk in totals}
        drifted = _take_means(model, tree, {pk: totals[pk] for pk in base.values() if pk})
        categories, bases = list(base), list(base.values())
        cursor.execute(
            """
            DELETE FROM similarity_stylevector s
            USING catalog_product p, unnest(%s::bigint[], %s::bigint[]) AS c(category, base)
            WHERE s.model_id = %s AND p.id = s.product_id AND c.category = p.category_id
              AND (s.category_id IS DISTINCT FROM c.base OR s.category_id = ANY(%s::bigint[]))
            """,
            [categories, bases, model.pk, drifted],
        )
        cursor.execute(
            """
            INSERT INTO similarity_stylevector
                (search_vector_id, model_id, image_id, product_id, category_id, vector)
            SELECT v.id, v.model_id, v.image_id, v.product_id, c.base,
                   CASE WHEN m.id IS NULL THEN v.vector ELSE l2_normalize(v.vector - m.vector) END
            FROM similarity_searchvector v
            JOIN catalog_product p ON p.id = v.product_id
            JOIN unnest(%s::bigint[], %s::bigint[]) AS c(category, base) ON c.category = p.category_id
            LEFT JOIN similarity_stylemean m ON m.model_id = v.model_id AND m.category_id = c.base
            WHERE v.model_id = %s AND NOT EXISTS (
                SELECT FROM similarity_stylevector s WHERE s.search_vector_id = v.id
            )
            FOR KEY SHARE OF v
            """,
            [categories, bases, model.pk],
        )
        return cursor.rowcount


def _base(tree: CategoryTree, category: int, totals: dict[int, int]) -> int | None:
    """The category whose mean is taken off: this or the next above with enough pictures; None without one."""
    path = reversed(tree.path(tree.get(category)))
    return next((node.pk for node in path if totals[node.pk] >= MEMBERS_MIN), None)


def _take_means(model: EmbeddingModel, tree: CategoryTree, members: dict[int, int]) -> list[int]:
    """Take the means of these categories that are missing or have drifted; returns those categories."""
    before = dict(model.style_means.values_list("category_id", "members"))
    drifted = [pk for pk, now in members.items() if abs(now - before.get(pk, 0)) > DRIFT * before.get(pk, 0)]
    with binary_cursor() as cursor:
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
