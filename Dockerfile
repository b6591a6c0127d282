# The collector. `docker compose up` builds and runs it beside its database and dashboards; alone:
#
#     docker build --tag p2p-scrapy . && docker run --init --volume p2p-data:/data p2p-scrapy
#
# Settings and passwords come by the environment when it runs; .dockerignore lets nothing into the
# build but what is copied here.
FROM python:3.11.14-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# A user of its own; /data belongs to it, and so does a volume that is mounted there first.
RUN useradd --uid 10001 --create-home p2p && install --directory --owner=p2p --group=p2p /data

WORKDIR /srv/p2p-scrapy
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --requirement requirements.txt

COPY scrapy.cfg ./
COPY items items/
COPY pipelines pipelines/
COPY p2p_scrapy p2p_scrapy/

USER p2p
ENV P2P_DATA_DIR=/data
VOLUME /data

# A partial batch, exit code 3, is what a busy exchange makes of one now and then: no reason for a
# restart. In the first half hour there may be no completed batch yet.
HEALTHCHECK --interval=5m --timeout=30s --start-period=30m CMD scrapy health || test $? -eq 3

# No shell in between, so SIGTERM arrives; the batch is closed within a minute (--stop-timeout 90).
ENTRYPOINT ["scrapy"]
CMD ["collect"]
