# ArbHub as one process: pages, live line, readers and senders. Settings come from the environment (.env.example).
FROM node:22-bookworm-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
COPY scripts/prepare.mjs scripts/
RUN node -e "import('./scripts/prepare.mjs').then((prepare) => prepare.ensureInstalled())"
COPY . .
RUN node -e "import('./scripts/prepare.mjs').then((prepare) => prepare.ensureBuilt())"
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 ARBHUB_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app ./
RUN mkdir /data && chown node:node /data
# What runs can change nothing but its data.
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=6s --start-period=120s --retries=3 CMD ["node", "scripts/check-health.mjs"]
CMD ["node", "scripts/start.mjs"]
