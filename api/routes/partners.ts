import { Type } from 'typebox';
import { isMailAddress, isPhoneNumber, oneLine } from '../../channels/address.ts';
import { pageOf } from '../../db/read-models/cursor.ts';
import { getPartner, listPartners } from '../../db/read-models/partners.ts';
import { changePartner, mergePartners, type PartnerChange, tryMerge } from '../../db/stores/desk/partners.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { accountOf, actorOf } from '../access/account.ts';
import { acceptCsv, CSV_LIMIT, csvOf } from '../csv/body.ts';
import { lineProblems } from '../csv/read-csv.ts';
import { ADDRESS_RULE, PHONE_RULE, readPartnerCsv } from '../partners/read-csv.ts';
import { keyRequest } from '../plugins/lists.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, PageOf, problems } from '../schemas/common.ts';
import { ImportReport, Partner, PartnerParams, PartnerPatch, PartnerQuery } from '../schemas/partners.ts';

const tags = ['Partenaires'];

const directoryRoutes: RouteSet = (app, deps) => {
  app.get('/v1/organisations/:id/partners', {
    config: { permission: 'readOrganisations', territory: 'organisation' },
    schema: {
      tags,
      summary: 'Partners of an organisation',
      params: IdParams,
      querystring: PartnerQuery,
      response: { 200: PageOf(Partner), ...problems(401, 403, 404, 422) },
    },
    handler: async (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      const { limit, after } = keyRequest(request.query);
      const rows = await listPartners(deps.database.sql, request.params.id, filter, { limit: limit + 1, after });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: 0, id: row.id }),
        (row) => row,
      );
    },
  });

  app.patch('/v1/organisations/:id/partners/:partner', {
    config: { permission: 'writePartners', territory: 'actForOrganisation' },
    schema: {
      tags,
      summary: 'Correct or deactivate one partner',
      params: PartnerParams,
      body: PartnerPatch,
      response: { 200: Partner, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async (request) => {
      const { id, partner } = request.params;
      const known = await getPartner(deps.database.sql, id, partner);
      if (known === undefined) throw notFound();
      const by = { organisation: id, by: actorOf(accountOf(request)), now: deps.now() };
      const outcome = await changePartner(deps.database, deps.keys, known.id, checkedChange(request.body), by);
      if (outcome === 'taken') {
        throw new Problem(409, 'taken', 'Un autre partenaire de la même catégorie a déjà cette adresse.');
      }
      const found = await getPartner(deps.database.sql, id, partner);
      if (outcome === 'notFound' || found === undefined) throw notFound();
      return found;
    },
  });
};

const importRoute: RouteSet = (app, deps) => {
  acceptCsv(app);
  app.post('/v1/organisations/:id/partners/import', {
    config: { permission: 'writePartners', territory: 'actForOrganisation' },
    bodyLimit: CSV_LIMIT,
    schema: {
      tags,
      summary: 'Import partners from a CSV file',
      description:
        'Body `text/csv` (UTF-8 or Windows-1252, comma or semicolon) with a heading: categorie, nom, adresse, and if known finess, departement, telephone. ' +
        'Merges: a partner is one category at one address; those that the file does not name stay as they are. All lines or none: ' +
        'a wrong file changes nothing. `dryRun=true` tells what would be done and every wrong line.',
      consumes: ['text/csv'],
      params: IdParams,
      querystring: Type.Object({ dryRun: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
      response: { 200: ImportReport, ...problems(400, 401, 403, 404, 413, 415, 422) },
    },
    handler: async (request) => {
      const { dryRun = false } = request.query;
      const { entries, lines, errors } = readPartnerCsv(csvOf(request.body));
      const organisation = request.params.id;
      if (dryRun) {
        return { dryRun, lines, ...(await tryMerge(deps.database, organisation, entries)), errors: [...errors] };
      }
      if (errors.length > 0) throw invalid(lineProblems(errors));
      const by = { organisation, by: actorOf(accountOf(request)), now: deps.now() };
      return { dryRun, lines, ...(await mergePartners(deps.database, deps.keys, entries, by)), errors: [] };
    },
  });
};

/** The directory of each ARS: to whom it relays. */
export const partnerRoutes: readonly RouteSet[] = [directoryRoutes, importRoute];

/** @throws Problem 422 */
function checkedChange({ name, address, phone, active }: PartnerChange): PartnerChange {
  const errors: FieldError[] = [];
  const mail = address?.trim();
  if (mail !== undefined && !isMailAddress(mail)) {
    errors.push({ pointer: '/address', code: 'format', message: ADDRESS_RULE });
  }
  if (typeof phone === 'string' && !isPhoneNumber(phone)) {
    errors.push({ pointer: '/phone', code: 'format', message: PHONE_RULE });
  }
  if (errors.length > 0) throw invalid(errors);
  return {
    ...(name === undefined ? {} : { name: oneLine(name) }),
    ...(mail === undefined ? {} : { address: mail }),
    ...(phone === undefined ? {} : { phone }),
    ...(active === undefined ? {} : { active }),
  };
}
