import { lastDeclaredView } from '../../db/read-models/declared.ts';
import { Type } from 'typebox';
import { AuditWithoutState } from '../../domain/audit-state.ts';
import { readAuditAt, type StateThen } from '../../db/read-models/audit-at.ts';
import { pageOf } from '../../db/read-models/cursor.ts';
import { searchAudit } from '../../db/read-models/timeline.ts';
import { nextStep } from '../../domain/follow-up.ts';
import type { Reference } from '../../domain/relation.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { describe } from '../../domain/timeline.ts';
import { invalid, Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { pageRequest } from '../plugins/lists.ts';
import { AuditAt } from '../schemas/audit.ts';
import { PageOf, PageQuery, problems, Time } from '../schemas/common.ts';
import { AuditItem } from '../schemas/desk.ts';

const AuditQuery = Type.Object(
  {
    ...PageQuery,
    subject: Type.Optional(
      Type.String({
        maxLength: 100,
        description:
          '`instruction/<id>`, `organisation/ARS-84`; with what has its own chain below it (`survey/<id>/ARS-84`).',
      }),
    ),
    actor: Type.Optional(Type.String({ maxLength: 200, description: 'The `sub` of who did it.' })),
    from: Type.Optional(Time()),
    to: Type.Optional(Time()),
  },
  { additionalProperties: false },
);

const tags = ['Audit'];

/** What everybody did. */
const entriesRoute: RouteSet = (app, deps) => {
  app.get('/v1/audit', {
    config: { permission: 'supervisor', territory: 'none' },
    schema: {
      tags,
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

const AtQuery = Type.Object(
  {
    subject: Type.String({ maxLength: 100, pattern: '^instruction/', description: '`instruction/<id>`' }),
    time: Time('RFC 3339, with its offset.'),
    clock: Type.Optional(
      Type.Enum(['happened', 'recorded'] as const, {
        description:
          '`happened` (default): by the instants of the timeline. `recorded`: by the moment at which the desk could read it; the two differ after an outage.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** The supervisor's question: what was known of this instruction at that moment? */
const atRoute: RouteSet = (app, deps) => {
  app.get('/v1/audit/at', {
    config: { permission: 'supervisor', territory: 'none' },
    schema: {
      tags,
      summary: 'An instruction as it was known at a moment',
      description:
        'Rebuilt from the entries of the audit alone, whose seals are checked on the way. 404: nothing of it was known then.',
      querystring: AtQuery,
      response: { 200: AuditAt, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async (request) => {
      const { subject, time, clock = 'happened' } = request.query;
      const until = parseRfc3339(time);
      if (until === null) throw invalid([{ pointer: '/time', code: 'time', message: 'Écrivez un instant RFC 3339.' }]);
      const found = await readAuditAt(deps.database.sql, deps.keys, { subject, until, clock }).catch(withoutState);
      if (found === undefined) throw unknownThen();
      return shown(subject, until, found);
    },
  });
};

const unknownThen = () =>
  new Problem(404, 'unknown-then', 'À cet instant, rien n’était connu de cette instruction (ou elle n’existe pas).');

function withoutState(error: unknown): never {
  if (!(error instanceof AuditWithoutState)) throw error;
  throw new Problem(
    409,
    'audit-without-state',
    'L’audit de cette instruction ne porte pas son état : lisez sa chronologie.',
  );
}

const time = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

function shown(subject: string, until: number, { state, ...chain }: StateThen) {
  const { process } = state;
  return {
    subject,
    time: new Date(until).toISOString(),
    ...chain,
    lastAt: new Date(chain.lastAt).toISOString(),
    lastRecordedAt: new Date(chain.lastRecordedAt).toISOString(),
    status: state.status,
    number: process?.number ?? null,
    nature: process?.terms.nature ?? null,
    exercise: process?.terms.exercise ?? null,
    releasedAt: time(process?.releasedAt ?? null),
    closedAt: time(state.closedAt),
    turn: state.seq,
    refersTo: refersToThen(process?.terms.refersTo),
    supersededBy: supersededThen(state.supersededBy),
    recipients: state.followUps.map(recipientThen),
    deliveries: state.deliveries.map((one) => ({
      ...one,
      plannedAt: new Date(one.plannedAt).toISOString(),
      at: time(one.at),
    })),
    tasks: state.tasks.map((one) => ({ ...one, openedAt: new Date(one.openedAt).toISOString() })),
  };
}

function refersToThen(reference: Reference | undefined) {
  if (reference === undefined) return null;
  const { instruction: id, number, relation, releasedAt } = reference;
  return { id, number, relation, releasedAt: new Date(releasedAt).toISOString() };
}

function supersededThen(by: StateThen['state']['supersededBy']) {
  if (by === null) return null;
  const { instruction: id, number, relation, at } = by;
  return { id, number, relation, at: new Date(at).toISOString() };
}

function recipientThen(one: StateThen['state']['followUps'][number]) {
  const next = nextStep(one);
  return {
    organisation: one.organisation,
    state: one.state,
    closed: one.closed,
    percent: one.percent,
    late: one.late,
    deadline: time(one.deadline),
    returns: one.returns,
    ladderStep: one.ladderStep,
    nextStep: next === null ? null : { ...next, at: new Date(next.at).toISOString() },
    lastReply: one.lastReply === null ? null : { ...one.lastReply, at: new Date(one.lastReply.at).toISOString() },
    declared: lastDeclaredView(one.declared),
  };
}

export const auditRoutes: readonly RouteSet[] = [entriesRoute, atRoute];

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
