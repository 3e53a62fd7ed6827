# One image for every process; deploy/entrypoint says which one a container is.

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN apt-get update && apt-get install --yes --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
RUN python -m venv /app/.venv
WORKDIR /app
COPY requirements.txt ./
RUN .venv/bin/pip install --requirement requirements.txt
COPY . .
COPY --from=packages /app/node_modules node_modules
ENV DJANGO_SETTINGS_MODULE=callcenter.settings
RUN .venv/bin/python -m django compilemessages --verbosity 0 --ignore .venv --ignore node_modules \
    && .venv/bin/python -m django collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules .local

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin centralita \
    && install --directory --owner centralita --group centralita /data /data/media
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=callcenter.settings \
    LOCAL_DIR=/data \
    MEDIA_ROOT=/data/media
USER centralita
VOLUME /data
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s CMD ["deploy/entrypoint", "health"]
ENTRYPOINT ["deploy/entrypoint"]
CMD ["web"]
