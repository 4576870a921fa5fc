# Two images, of the same layers as far as they go:
#
#     docker build -t tidemark-service --target service .     # the three services, without a broker
#     docker build -t tidemark .                              # the client, and tidemark collect with its Kafka inside
#
# Jars that were built already are taken as they are with --build-arg BUILD=prebuilt: lib and drivers of cli/target/tidemark, of mvn package.
# The storage drivers with libraries of their own are in both images, but for those that --build-arg DRIVERS=... leaves out.
ARG BUILD=build

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    rm -rf cli/target \
    && mvn -q -B -ntp -Dstyle.color=never -pl cli -am -Dmaven.test.skip=true package

FROM scratch AS prebuilt
COPY cli/target/tidemark/lib /src/cli/target/tidemark/lib
COPY cli/target/tidemark/drivers /src/cli/target/tidemark/drivers

FROM ${BUILD} AS application

# A Java runtime with what is needed of it, and the jars without what they hold for other platforms.
FROM eclipse-temurin:25-jdk AS runtime
COPY release/runtime deploy/image/layers /usr/local/bin/
COPY --from=application /src/cli/target/tidemark/lib /jars
RUN runtime /jars /tidemark && layers /tidemark
COPY --from=application /src/cli/target/tidemark/drivers /drivers
ARG DRIVERS="s3 azure gcs"
RUN mkdir /tidemark/drivers && for driver in $DRIVERS; do cp -r "/drivers/$driver" /tidemark/drivers/; done && chmod -R a+rX /tidemark/drivers

FROM debian:13-slim AS service
ARG VERSION=0.2.0-SNAPSHOT
ARG REVISION=
LABEL org.opencontainers.image.title="Tidemark" \
      org.opencontainers.image.description="A garbage collector for container registries: enumerator, marker, sweeper" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:13-slim"
# The layers that change least come first.
COPY --from=runtime /tidemark/java /opt/tidemark/java
COPY --from=runtime /tidemark/native /opt/tidemark/native
COPY --from=runtime /tidemark/lib /opt/tidemark/lib
COPY --from=runtime /tidemark/drivers /opt/tidemark/drivers
COPY deploy/image/tidemark deploy/image/tidemark-health /usr/local/bin/
COPY --from=runtime /tidemark/app /opt/tidemark/app
# The state of markers and enumerators is there, and the data directory of tidemark collect. The user has a name: a run says who asked for it.
RUN echo 'tidemark:x:65532:65532:Tidemark:/var/lib/tidemark:/usr/sbin/nologin' >> /etc/passwd \
    && echo 'tidemark:x:65532:' >> /etc/group \
    && install -d -o 65532 -g 65532 /var/lib/tidemark
# The indexes of audit, explain, compare, replay and report are made anew where nothing else can be written to.
ENV LANG=C.UTF-8 \
    XDG_STATE_HOME=/var/lib \
    XDG_CACHE_HOME=/tmp
USER 65532:65532
WORKDIR /var/lib/tidemark
EXPOSE 8080
ENTRYPOINT ["tidemark"]
CMD ["--help"]

FROM service
LABEL org.opencontainers.image.description="A garbage collector for container registries: enumerator, marker, sweeper, and their client"
COPY --from=runtime /tidemark/client /opt/tidemark/client
