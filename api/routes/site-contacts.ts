import { agenciesOfSites } from '../../db/read-models/sites.ts';
import { compareSiteContacts, importSiteContacts } from '../../db/stores/desk/site-contacts.ts';
import { mayActForSite } from '../../domain/site.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { acceptCsv, CSV_LIMIT, csvOf } from '../csv/body.ts';
import { lineProblems } from '../csv/read-csv.ts';
import { invalid } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { problems } from '../schemas/common.ts';
import { ContactsImportQuery, SiteContactsImportReport } from '../schemas/sites.ts';
import { readSiteContactsCsv } from '../sites/read-contacts-csv.ts';
import { nudgeSurveysOf } from '../surveying.ts';

/** Of differences and of errors in one answer. */
const MOST_TOLD = 1_000;

/** The alert entry points of many establishments at once. */
export const siteContactsRoute: RouteSet = (app, deps) => {
  acceptCsv(app);
  app.post('/v1/sites/contacts/import', {
    config: { permission: 'writeContacts', territory: 'none' },
    bodyLimit: CSV_LIMIT,
    schema: {
      tags: ['Établissements'],
      summary: 'Import the alert entry points of establishments from a CSV file',
      description:
        'Body `text/csv` with the columns of the export (`/v1/sites/contacts.csv`), of which finess and courriel are needed; contact, telephone and SMS are read as well. ' +
        'An empty cell leaves what is known. All lines or none, each of an open establishment whose contacts one may change. Only a dry run unless `dryRun=false`. ' +
        'Surveys in progress invite anew whoever has another address.',
      consumes: ['text/csv'],
      querystring: ContactsImportQuery,
      response: { 200: SiteContactsImportReport, ...problems(400, 401, 403, 413, 415, 422) },
    },
    handler: async (request) => {
      const { dryRun = true } = request.query;
      const account = accountOf(request);
      const sites = await agenciesOfSites(deps.database.sql);
      const mayChange = ({ ars }: { readonly ars: string }): boolean => mayActForSite(account, ars);
      const { entries, lines, errors } = readSiteContactsCsv(csvOf(request.body), { sites, mayChange });
      const told = {
        dryRun,
        lines,
        errors: errors.slice(0, MOST_TOLD),
        moreErrors: Math.max(0, errors.length - MOST_TOLD),
      };
      if (dryRun) return { ...told, ...reported(await compareSiteContacts(deps.database.sql, entries)) };
      if (errors.length > 0) throw invalid(lineProblems(errors.slice(0, MOST_TOLD)));
      const by = { by: actorOf(account), now: deps.now() };
      const differences = await importSiteContacts(deps.database, deps.keys, entries, by);
      await nudgeSurveysOf(deps, [...new Set(differences.map(({ site }) => site))]);
      return { ...told, ...reported(differences) };
    },
  });
};

const reported = <Difference extends { readonly site: string }>(differences: readonly Difference[]) => ({
  changed: new Set(differences.map(({ site }) => site)).size,
  differences: differences.slice(0, MOST_TOLD),
  moreDifferences: Math.max(0, differences.length - MOST_TOLD),
});
