"""The Django project: settings, addresses, Celery, health and the embedded services. Wiring only."""
