from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("similarity", "0006_learned_from_photos")]

    operations = [
        migrations.AlterField(
            model_name="embeddingmodel",
            name="refinement",
            field=models.CharField(
                choices=[
                    ("none", "none: the features themselves"),
                    ("pca", "principal components"),
                    ("photos", "learned from photos"),
                    ("supervised", "learned from attributes"),
                    ("shipped", "shipped with the weights"),
                ],
                default="none",
                max_length=20,
            ),
        ),
    ]
