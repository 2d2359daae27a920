import { Type } from 'typebox';
import { listDutyNotices } from '../../db/read-models/duty-notices.ts';
import { readRoster, type RosterView } from '../../db/read-models/duty.ts';
import { replaceRoster } from '../../db/stores/desk/duty.ts';
import { rosterDocument } from '../../domain/duty-document.ts';
import { gaps, nextHandOver, onDuty, shifts } from '../../domain/duty-shifts.ts';
import { rosterWarnings, type RosterWarning } from '../../domain/duty-warnings.ts';
import type { Roster, Shift } from '../../domain/duty.ts';
import { DAY, toRfc3339, type Instant } from '../../domain/instant.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { accountOf, actorOf } from '../access/account.ts';
import type { ApiDeps } from '../deps.ts';
import { schemaErrors } from '../drafting.ts';
import { checkedRoster, rosterIn } from '../duty.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { rowRequest } from '../plugins/lists.ts';
import { invalid, notFound, staleVersion } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, IfMatch, PageOf, PageQuery, problems } from '../schemas/common.ts';
import { DutyNotice, DutyNow, DutyRoster, DutyShifts, RosterBody, ShiftsQuery } from '../schemas/duty.ts';

const tags = ['Organisations'];

const rosterRoutes: RouteSet = (app, deps) => {
  app.get('/v1/organisations/:id/duty', {
    config: { permission: 'readOrganisations', territory: 'organisation' },
    schema: {
      tags,
      summary: 'Duty roster of an organisation',
      params: IdParams,
      response: { 200: DutyRoster, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await rosterView(deps, request.params.id);
      return setVersion(reply, found.version).send(shown(found, deps.now()));
    },
  });

  app.put('/v1/organisations/:id/duty', {
    config: { permission: 'writeContacts', territory: 'actForOrganisation' },
    attachValidation: true,
    schema: {
      tags,
      summary: 'Replace the duty roster of an organisation',
      description: 'All wrong fields at once (422). Gaps and overlaps are accepted, and named in `warnings`.',
      params: IdParams,
      headers: IfMatch,
      body: RosterBody,
      response: { 200: DutyRoster, ...problems(400, 401, 403, 404, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const before = await rosterView(deps, request.params.id);
      const roster = checkedRoster(before, request.body, { now: deps.now(), alsoWrong: schemaErrors(request) });
      const version = await replaceRoster(deps.database, deps.keys, {
        organisation: before.organisation,
        document: rosterDocument(roster),
        version: ifMatch(request),
        by: actorOf(accountOf(request)),
        now: deps.now(),
      });
      if (version === null) throw staleVersion();
      return setVersion(reply, version).send(shown(await rosterView(deps, before.organisation), deps.now()));
    },
  });

  app.delete('/v1/organisations/:id/duty', {
    config: { permission: 'writeContacts', territory: 'actForOrganisation' },
    schema: {
      tags,
      summary: 'Keep no duty roster any more: the contact of the directory is on call again',
      params: IdParams,
      headers: IfMatch,
      response: { 200: DutyRoster, ...problems(401, 403, 404, 412) },
    },
    handler: async (request, reply) => {
      const { organisation } = await rosterView(deps, request.params.id);
      const by = actorOf(accountOf(request));
      const change = { organisation, document: null, version: ifMatch(request), by, now: deps.now() };
      const version = await replaceRoster(deps.database, deps.keys, change);
      if (version === null) throw staleVersion();
      return setVersion(reply, version).send(shown(await rosterView(deps, organisation), deps.now()));
    },
  });
};

const shiftRoutes: RouteSet = (app, deps) => {
  app.get('/v1/organisations/:id/duty/now', {
    config: { permission: 'readOrganisations', territory: 'organisation' },
    schema: {
      tags,
      summary: 'Who is on duty now, and the next hand-over',
      params: IdParams,
      response: { 200: DutyNow, ...problems(401, 403, 404) },
    },
    handler: async (request) => {
      const found = await rosterView(deps, request.params.id);
      const [roster, now] = [rosterIn(found), deps.now()];
      return {
        organisation: found.organisation,
        at: toRfc3339(now),
        hasRoster: roster !== null,
        ...dutyAt(roster, now),
      };
    },
  });

  app.get('/v1/organisations/:id/duty/shifts', {
    config: { permission: 'readOrganisations', territory: 'organisation' },
    schema: {
      tags,
      summary: 'Shifts and gaps of a period (default: the four weeks to come)',
      params: IdParams,
      querystring: ShiftsQuery,
      response: { 200: DutyShifts, ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => {
      const { from, to } = periodOf(request.query, deps.now());
      const { organisation, ...found } = await rosterView(deps, request.params.id);
      const roster = rosterIn({ organisation, ...found });
      if (roster === null) return { organisation, items: [], gaps: [] };
      const holes = gaps(roster, from, to).map((gap) => ({ from: toRfc3339(gap.from), to: toRfc3339(gap.to) }));
      return { organisation, items: shifts(roster, from, to).map(shiftView), gaps: holes };
    },
  });
};

const noticeRoutes: RouteSet = (app, deps) => {
  app.get('/v1/organisations/:id/duty/notices', {
    config: { permission: 'readOrganisations', territory: 'organisation' },
    schema: {
      tags,
      summary: 'Mails of duty of an organisation, newest first: to whom, and what became of them',
      params: IdParams,
      querystring: Type.Object(PageQuery, { additionalProperties: false }),
      response: { 200: PageOf(DutyNotice), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => listDutyNotices(deps.database.sql, request.params.id, rowRequest(request.query)),
  });
};

export const dutyRoutes: readonly RouteSet[] = [rosterRoutes, shiftRoutes, noticeRoutes];

async function rosterView({ database }: ApiDeps, organisation: string): Promise<RosterView> {
  const found = await readRoster(database.sql, organisation);
  if (found === undefined) throw notFound();
  return found;
}

function shown(view: RosterView, now: Instant) {
  const { organisation, timeZone, version } = view;
  const roster = rosterIn(view);
  return {
    organisation,
    timeZone,
    version,
    roster: roster === null ? null : rosterDocument(roster),
    warnings: roster === null ? [] : rosterWarnings(roster, now).map(warningView),
  };
}

const warningView = ({ from, to, ...warning }: RosterWarning) => ({
  ...warning,
  from: toRfc3339(from),
  to: toRfc3339(to),
});

const shiftView = ({ from, to, ...shift }: Shift) => ({ ...shift, from: toRfc3339(from), to: toRfc3339(to) });

function dutyAt(roster: Roster | null, now: Instant) {
  if (roster === null) return { onDuty: [], next: null };
  const next = nextHandOver(roster, now);
  return {
    onDuty: onDuty(roster, now).map(({ since, until, ...duty }) => shiftView({ ...duty, from: since, to: until })),
    next:
      next === null
        ? null
        : { at: toRfc3339(next.at), leaving: next.leaving.map(shiftView), coming: next.coming.map(shiftView) },
  };
}

const LONGEST = 92 * DAY;

/** @throws Problem 422 */
function periodOf(query: { readonly from?: string; readonly to?: string }, now: Instant) {
  const from = query.from === undefined ? now : parseRfc3339(query.from);
  const to = query.to === undefined ? (from ?? now) + 28 * DAY : parseRfc3339(query.to);
  const wrong = (pointer: string, message: string) => invalid([{ pointer, code: 'range', message }]);
  if (from === null) throw wrong('/from', 'Date avec décalage attendue (RFC 3339).');
  if (to === null) throw wrong('/to', 'Date avec décalage attendue (RFC 3339).');
  if (to <= from || to - from > LONGEST) throw wrong('/to', 'La fin vient après le début, de 92 jours au plus.');
  return { from, to };
}
