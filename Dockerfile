# syntax=docker/dockerfile:1
# One image for every role: the command says which (api/main.ts, worker/main.ts, intake/main.ts, db/migrate.ts).

FROM node:24-bookworm-slim AS packages
WORKDIR /vigie
COPY package.json package-lock.json .npmrc ./
# The image brings its own Node and PostgreSQL stands elsewhere: neither of the optional packages is wanted.
RUN npm ci --omit=dev --omit=optional

FROM node:24-bookworm-slim AS vigie
ENV NODE_ENV=production VIGIE_MODE=production VIGIE_HTTP_HOST=0.0.0.0
WORKDIR /vigie
COPY --from=packages /vigie/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY config ./config
COPY domain ./domain
COPY workflows ./workflows
COPY activities ./activities
COPY channels ./channels
COPY db ./db
COPY gateway ./gateway
COPY api ./api
COPY intake ./intake
COPY worker ./worker
USER node
EXPOSE 3000 2525
CMD ["node", "api/main.ts"]
