from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_known_price"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="header",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="importjob",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="importjob",
            name="files_dropped_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
