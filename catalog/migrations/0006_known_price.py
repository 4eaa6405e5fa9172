from decimal import Decimal

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import NullIf


class Migration(migrations.Migration):
    atomic = False  # an index that is built concurrently keeps nobody from writing

    dependencies = [
        ("catalog", "0005_product_colour"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                NullIf("price", models.Value(Decimal(0))),
                models.F("id"),
                condition=models.Q(("is_active", True)),
                name="product_known_price",
            ),
        ),
    ]
