# One image for web, worker, beat and migrations; docker-compose.yml says what each runs.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/base.txt /tmp/base.txt
RUN pip install --require-hashes --requirement /tmp/base.txt
WORKDIR /app
COPY . .
# The key is only for this build step; nothing is signed with it.
RUN python -m tools.compile_translations \
 && SECRET_KEY=build STATIC_ROOT=/app/staticfiles python manage.py collectstatic --no-input \
 && python -m compileall -q .

FROM python:3.12-slim
# Threads share two heaps; one heap each would cost a busy worker some megabytes more.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2 \
    STATIC_ROOT=/app/staticfiles MEDIA_ROOT=/data/media
RUN useradd --system --uid 10001 --home-dir /data --create-home smm \
 && install --directory --owner=smm /data/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER smm
VOLUME /data
EXPOSE 8000
# Threads wait for the database, processes use the cores; /dev/shm keeps heartbeats off the disk.
# The log has no addresses of pages: personal links are keys.
CMD ["gunicorn", "smmprocess.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--max-requests", "5000", \
     "--max-requests-jitter", "500", "--access-logfile", "-", \
     "--access-logformat", "%(h)s %(t)s %(m)s %(s)s %(b)s %(M)sms"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-m", "tools.check_web"]
