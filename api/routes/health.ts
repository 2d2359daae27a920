import { Type } from 'typebox';
import type { RouteSet } from '../route-set.ts';

const Live = Type.Object({ status: Type.Literal('ok') });
const Ready = Type.Object({
  status: Type.Enum(['ready', 'degraded', 'starting']),
  database: Type.Boolean(),
  migrations: Type.Boolean(),
  temporal: Type.Boolean(),
  queuesWithoutPoller: Type.Array(Type.String()),
});

/** Liveness and readiness. */
export const healthRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'public' as const };
  const tags = ['Exploitation'];
  let onceReady = false;

  app.get('/healthz', {
    config,
    schema: { tags, summary: 'The process answers', response: { 200: Live } },
    handler: () => ({ status: 'ok' as const }),
  });

  app.get('/readyz', {
    config,
    schema: {
      tags,
      summary: 'Everything that a request needs is there',
      description: 'Once it has been ready, an outage of Temporal shows as `degraded`, still 200: reads go on.',
      response: { 200: Ready, 503: Ready },
    },
    handler: async (_request, reply) => {
      const report = await deps.readiness();
      const engine = report.temporal && report.queuesWithoutPoller.length === 0;
      const data = report.database && report.migrations;
      onceReady ||= engine && data;
      const green = data && onceReady;
      const status = green ? (engine ? 'ready' : 'degraded') : 'starting';
      return reply
        .code(green ? 200 : 503)
        .send({ ...report, status, queuesWithoutPoller: [...report.queuesWithoutPoller] });
    },
  });
};
