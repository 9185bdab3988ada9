# Two stages: the Swift toolchain builds one program with the standard library linked in; the image holds that and its C libraries.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-dev zlib1g-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN swift build -c release --product martlet --static-swift-stdlib --scratch-path /build \
    && strip -o /martlet /build/release/martlet

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libsqlite3-0 libstdc++6 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 65532 --home-dir /var/lib/martlet --create-home --shell /usr/sbin/nologin martlet
COPY --from=build /martlet /usr/local/bin/martlet
ENV MARTLET_HOME=/var/lib/martlet
USER 65532:65532
VOLUME /var/lib/martlet
EXPOSE 8420 8421
ENTRYPOINT ["/usr/local/bin/martlet"]
CMD ["serve"]
