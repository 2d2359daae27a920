import { Type } from 'typebox';
import { pageOf } from '../../db/read-models/cursor.ts';
import { searchAudit } from '../../db/read-models/timeline.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { describe } from '../../domain/timeline.ts';
import { accountOf } from '../access/account.ts';
import type { RouteSet } from '../route-set.ts';
import { pageRequest } from '../plugins/lists.ts';
import { PageOf, PageQuery, problems, Time } from '../schemas/common.ts';
import { AuditItem, Me } from '../schemas/desk.ts';

const AuditQuery = Type.Object(
  {
    ...PageQuery,
    subject: Type.Optional(Type.String({ maxLength: 100, description: '`instruction/<id>`, `organisation/ARS-84`' })),
    actor: Type.Optional(Type.String({ maxLength: 200, description: 'The `sub` of who did it.' })),
    from: Type.Optional(Time()),
    to: Type.Optional(Time()),
  },
  { additionalProperties: false },
);

/** Who I am, and what everybody did. */
export const accountRoutes: RouteSet = (app, deps) => {
  app.get('/v1/me', {
    config: { permission: 'account', territory: 'none' },
    schema: {
      tags: ['Compte'],
      summary: 'My account, my roles, my territory',
      response: { 200: Me, ...problems(401) },
    },
    handler: (request) => {
      const { sub, name, org, roles } = accountOf(request);
      const territory = request.scope === 'all' ? ('all' as const) : [...request.scope];
      return { sub, name, organisation: org, roles: [...roles], territory };
    },
  });

  app.get('/v1/audit', {
    config: { permission: 'supervisor', territory: 'none' },
    schema: {
      tags: ['Audit'],
      summary: 'Who did what, newest first',
      querystring: AuditQuery,
      response: { 200: PageOf(AuditItem), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit, after } = pageRequest(request.query);
      const { subject, actor, from, to } = request.query;
      const filter = {
        ...(subject === undefined ? {} : { subject }),
        ...(actor === undefined ? {} : { actor }),
        ...instant('from', from),
        ...instant('to', to),
      };
      const rows = await searchAudit(deps.database.sql, filter, { limit: limit + 1, after });
      return pageOf(rows, limit, positionOf, toItem);
    },
  });
};

type Line = Awaited<ReturnType<typeof searchAudit>>[number];

const instant = (name: 'from' | 'to', text: string | undefined): { from?: number; to?: number } => {
  const at = text === undefined ? null : parseRfc3339(text);
  return at === null ? {} : { [name]: at };
};

const positionOf = (row: Line) => ({ at: row.fact.at, id: `${row.subject} ${String(row.position).padStart(10, '0')}` });

const toItem = ({ subject, position, recordedAt, fact, hmac }: Line) => ({
  subject,
  position,
  at: new Date(fact.at).toISOString(),
  recordedAt: new Date(recordedAt).toISOString(),
  kind: fact.kind,
  organisation: fact.organisation,
  actor: fact.actor,
  text: describe(fact),
  data: { ...fact.data },
  hmac,
});
