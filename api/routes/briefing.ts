import { readBriefing } from '../../db/read-models/briefing.ts';
import { dayBefore } from '../../domain/briefing.ts';
import { toRfc3339 } from '../../domain/instant.ts';
import type { RouteSet } from '../route-set.ts';
import { Briefing } from '../schemas/briefing.ts';
import { problems } from '../schemas/common.ts';

/** What the desk gets by mail every morning at 7 h 30, as of now. */
export const briefingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/briefing', {
    config: { permission: 'readTasks', territory: 'none' },
    schema: {
      tags: ['Bureau'],
      summary: 'Open, late, answered since yesterday, early signals, median answer time of each ARS',
      response: { 200: Briefing, ...problems(401, 403) },
    },
    handler: async () => {
      const at = deps.now();
      const { open, late, answered, signals, medians, since, ...totals } = await readBriefing(deps.database.sql, {
        at,
        since: dayBefore(at),
      });
      return {
        ...totals,
        at: toRfc3339(at),
        since: toRfc3339(since),
        open: open.map((one) => ({ ...one, deadline: one.deadline === null ? null : toRfc3339(one.deadline) })),
        late: late.map((one) => ({ ...one, deadline: toRfc3339(one.deadline) })),
        answered: answered.map((one) => ({ ...one, at: toRfc3339(one.at) })),
        signals: signals.map(({ raisedAt, ...one }) => ({ ...one, raisedAt: toRfc3339(raisedAt) })),
        medians: medians.map(({ medianMillis, ...one }) => ({
          ...one,
          medianSeconds: Math.round(medianMillis / 1000),
        })),
      };
    },
  });
};
