# Build a wheel, install it with the locked dependencies (those for PostgreSQL too), run as nobody in particular.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/scraper
COPY requirements-postgres.lock .
RUN /opt/scraper/bin/pip install --no-cache-dir --require-hashes -r requirements-postgres.lock
COPY pyproject.toml README.md LICENSE ./
COPY scraper scraper
COPY config config
RUN /opt/scraper/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /data scraper
COPY --from=build /opt/scraper /opt/scraper
USER scraper
WORKDIR /data
VOLUME /data
ENV PATH=/opt/scraper/bin:$PATH SCRAPER_DATA=/data PYTHONUNBUFFERED=1
EXPOSE 8484
# The pages listen on loopback, inside the container too, until a password is set (docker run -it ... passwd);
# then SCRAPER_WEB__HOST=0.0.0.0 opens them.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
  "import urllib.request as u; u.urlopen('http://127.0.0.1:8484/healthz', timeout=4)"]
ENTRYPOINT ["scraper"]
CMD ["run"]
