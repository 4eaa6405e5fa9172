from django.apps import AppConfig


class SimilarityConfig(AppConfig):
    """Embeddings of the catalogue's pictures, and what looks like what."""

    name = "similarity"
    verbose_name = "Similarity"

    def ready(self) -> None:
        from similarity import signals  # noqa: F401
