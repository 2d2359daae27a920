import { createHash } from 'node:crypto';
import { pageOf } from '../../db/read-models/cursor.ts';
import { agenciesOf } from '../../db/read-models/organisations.ts';
import { getSite, listSiteContacts, listSites } from '../../db/read-models/sites.ts';
import { compareSites, countChanges, importSites, type SiteDifference } from '../../db/stores/desk/sites.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { siteScope } from '../../domain/site.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { acceptCsv, CSV_LIMIT, csvOf } from '../csv/body.ts';
import { lineProblems } from '../csv/read-csv.ts';
import { siteContactsCsv } from '../documents/site-csv.ts';
import { setVersion } from '../plugins/etag.ts';
import { keyRequest } from '../plugins/lists.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, PageOf, problems } from '../schemas/common.ts';
import { ImportQuery, Site, SiteDetail, SiteExportQuery, SiteImportReport, SiteQuery } from '../schemas/sites.ts';
import { type ReadSites, readSiteCsv } from '../sites/read-csv.ts';

const tags = ['Établissements'];
/** Of differences and of errors in one answer. */
const MOST_TOLD = 1_000;

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/sites', {
    config: { permission: 'readSites', territory: 'none' },
    schema: {
      tags,
      summary: 'Establishments of my territory',
      querystring: SiteQuery,
      response: { 200: PageOf(Site), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit: _limit, cursor: _cursor, time, ...filter } = request.query;
      const { limit, after } = keyRequest(request.query);
      const scope = siteScope(accountOf(request), request.scope);
      const asOf = { ...filter, time: time === undefined ? null : instantOf(time) };
      const rows = await listSites(deps.database.sql, scope, asOf, { limit: limit + 1, after });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: 0, id: row.id }),
        (row) => row,
      );
    },
  });

  app.get('/v1/sites/:id', {
    config: { permission: 'readSites', territory: 'site' },
    schema: {
      tags,
      summary: 'One establishment, its contacts and its history',
      params: IdParams,
      response: { 200: SiteDetail, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await getSite(deps.database.sql, request.params.id);
      if (found === undefined) throw notFound();
      return setVersion(reply, found.contactsVersion).send(found);
    },
  });
};

/** @throws Problem 422 */
function instantOf(time: string): number {
  const instant = parseRfc3339(time);
  if (instant === null) throw invalid([{ pointer: '/time', code: 'time', message: 'Écrivez un instant RFC 3339.' }]);
  return instant;
}

const exportRoute: RouteSet = (app, deps) => {
  app.get('/v1/sites/contacts.csv', {
    config: { permission: 'readSites', territory: 'none' },
    schema: {
      tags,
      summary: 'Establishments of my territory and their alert entry points, as CSV',
      description: 'UTF-8, semicolons, safe to open in a spreadsheet; filtered as the list is.',
      querystring: SiteExportQuery,
      produces: ['text/csv'],
    },
    handler: async (request, reply) => {
      const scope = siteScope(accountOf(request), request.scope);
      const sites = await listSiteContacts(deps.database.sql, scope, request.query);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="etablissements-contacts.csv"')
        .serializer(String)
        .send(siteContactsCsv(sites));
    },
  });
};

const importRoute: RouteSet = (app, deps) => {
  acceptCsv(app);
  app.post('/v1/sites/import', {
    config: { permission: 'importSites', territory: 'none' },
    bodyLimit: CSV_LIMIT,
    schema: {
      tags,
      summary: 'Import establishments from a CSV file',
      description:
        'Body `text/csv` (UTF-8 or Windows-1252, comma or semicolon) with a heading: finess, name, category, status, departement, postcode, city, lat, lon, tel, ' +
        'and if wanted region and zone (derived from the department; a contradiction is an error) and kind (EJ or ET; default: what is known, else ET). ' +
        'All lines or none: a wrong file changes nothing. Only a dry run unless `dryRun=false`. A complete file that closes sites says how many (`closing`), else 409.',
      consumes: ['text/csv'],
      querystring: ImportQuery,
      response: { 200: SiteImportReport, ...problems(400, 401, 403, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const { dryRun = true, complete = false, closing = 0 } = request.query;
      const content = csvOf(request.body);
      const read = readSiteCsv(content, await agenciesOf(deps.database.sql));
      const sha256 = createHash('sha256').update(content).digest('hex');
      const file = { entries: read.entries, complete: complete && read.lines > 0 ? read.mentioned : null };
      const told = { dryRun, complete, sha256 };
      if (dryRun) return { ...told, ...report(read, await compareSites(deps.database.sql, file)) };
      if (read.errors.length > 0) throw invalid(lineProblems(read.errors.slice(0, MOST_TOLD)));
      const by = { by: actorOf(accountOf(request)), now: deps.now(), sha256, closing };
      const imported = await importSites(deps.database, deps.keys, file, by);
      if ('closes' in imported) throw unconfirmed(imported.closes, closing);
      return { ...told, ...report(read, imported.differences) };
    },
  });
};

function unconfirmed(closes: number, said: number): Problem {
  const detail =
    `Ce fichier fermerait ${closes} établissement(s), ${said === 0 ? 'sans que vous l’ayez confirmé' : `et non ${said}`}\u00a0: ` +
    `rien n’a été changé. Vérifiez qu’il est complet, puis confirmez par « closing=${closes} ».`;
  return new Problem(409, 'closures-unconfirmed', detail);
}

const ORDER: readonly SiteDifference['change'][] = ['closed', 'reopened', 'changed', 'added'];

function report(read: ReadSites, all: readonly SiteDifference[]) {
  const counts = countChanges(all);
  const differences = ORDER.flatMap((change) => all.filter((one) => one.change === change)).slice(0, MOST_TOLD);
  return {
    lines: read.lines,
    ...counts,
    unchanged: read.entries.length - counts.added - counts.changed - counts.reopened,
    differences: differences.map((one) => ({ ...one, fields: [...one.fields] })),
    moreDifferences: all.length - differences.length,
    errors: read.errors.slice(0, MOST_TOLD),
    moreErrors: Math.max(0, read.errors.length - MOST_TOLD),
    notes: read.notes.slice(0, MOST_TOLD),
  };
}

/** The register of establishments. */
export const siteRoutes: readonly RouteSet[] = [readingRoutes, exportRoute, importRoute];
