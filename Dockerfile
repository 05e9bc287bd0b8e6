# The server and the command `rapida`, on Debian with nothing but Node. It runs as user 10001, and with a root file system
# that is read-only: what it writes is below /var/lib/rapida. docs/operations/deploying.md says how to run it.
ARG NODE=node:24-bookworm-slim
ARG DEBIAN=debian:bookworm-slim

FROM ${NODE} AS build
WORKDIR /source
# .dockerignore names what comes along.
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
  && npx tsc -b packages/cli \
  && npm run --silent build:dashboard \
  && sh deploy/docker/assemble.sh . /runtime

FROM ${DEBIAN}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/rapida --shell /usr/sbin/nologin rapida \
  # Volumes begin as copies of these: their folders belong to the user, also where one volume is mounted into another.
  && install -d -o rapida -g rapida -m 0700 \
    /var/lib/rapida /var/lib/rapida/data /var/lib/rapida/data/recordings /var/lib/rapida-dialplan \
  && ln -s /opt/rapida/packages/cli/bin/rapida.js /usr/local/bin/rapida
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /runtime /opt/rapida

ENV NODE_ENV=production
# A folder of its own in the volume: the server gives it the permissions it wants, and the volume may not be its own.
ENV DATA_DIR=/var/lib/rapida/data
WORKDIR /var/lib/rapida
VOLUME /var/lib/rapida
USER 10001:10001
# HTTP with the media WebSocket, AudioSocket, gRPC.
EXPOSE 8080 4573 9090
ENTRYPOINT ["rapida"]
CMD ["serve"]
