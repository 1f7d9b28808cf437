# Two ways to one image. `docker build --target prebuilt .` packs bin/yodel, as
# `make build` leaves it, and pulls nothing; plain `docker build .` builds
# everything from source.
FROM scratch AS base
COPY app/deploy/passwd /etc/passwd
COPY --chown=65532:65532 app/deploy/data /data
USER 65532:65532
ENV YODEL_ADDR=0.0.0.0:8080 YODEL_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=3s --timeout=3s --start-period=10s CMD ["/yodel", "probe"]
ENTRYPOINT ["/yodel"]
CMD ["serve"]

FROM base AS prebuilt
COPY bin/yodel /yodel

FROM node:20-bookworm-slim AS pages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci
COPY tsconfig.json ./
COPY e2e e2e
COPY frontend frontend
RUN npm run build

FROM golang:1.26-bookworm AS binary
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY app app
COPY middleware middleware
COPY realtime realtime
COPY frontend frontend
COPY --from=pages /src/frontend/dist frontend/dist
RUN CGO_ENABLED=0 go build -trimpath -o /yodel ./app/cmd/yodel

FROM base
COPY --from=binary /yodel /yodel
