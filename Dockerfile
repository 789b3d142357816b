# One node of Tenure: it follows the ledger and answers over GraphQL.
#
#     docker build --tag tenure .
#     docker run --publish 8000:8000 --volume tenure:/data \
#         --volume /etc/tenure/keys.json:/run/keys.json:ro --env TENURE_KEYS=/run/keys.json tenure
#
# Beyond loopback the server refuses to start without keys, so TENURE_KEYS must be given: a file that
# user 10001 owns and nobody else can read, or one of root's that group 10001 may read. A node that signs its log is given its key likewise:
#
#         --volume /etc/tenure/log.key:/run/log.key:ro --env TENURE_SIGNING_KEY=/run/log.key

# UmaDB's wheel needs glibc 2.34, so the base is Debian and not Alpine.
FROM python:3.11-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

# The libraries change seldom, so they have a layer of their own.
COPY requirements-build.lock requirements-runtime.lock ./
RUN pip install --require-hashes --only-binary :all: -r requirements-build.lock \
 && python -m venv --without-pip /opt/tenure \
 && pip --python /opt/tenure/bin/python install \
        --require-hashes --only-binary :all: -r requirements-runtime.lock

# The wheel carries the console. npm, which came as a Python package, fetches what the lock files of
# the console name.
COPY LICENSE pyproject.toml ./
COPY api api/
COPY domain domain/
COPY infra infra/
COPY projections projections/
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
 && pip --python /opt/tenure/bin/python install --no-deps --no-index /dist/tenure-*.whl


FROM python:3.11-slim-trixie
RUN groupadd --gid 10001 tenure \
 && useradd --uid 10001 --gid tenure --home-dir /data --no-create-home \
        --shell /usr/sbin/nologin tenure \
 && install --directory --owner=tenure --group=tenure --mode=0750 /data
COPY --from=build /opt/tenure /opt/tenure

ENV PATH=/opt/tenure/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TENURE_LEDGER=sqlite:////data/tenure.db \
    TENURE_VIEWS=/data/views.db

# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000

# A first start builds its views from the whole ledger before it is well.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]

ENTRYPOINT ["tenure"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
