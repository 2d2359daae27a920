import { Type } from 'typebox';
import { isMailAddress, isPhoneNumber, oneLine } from '../../channels/address.ts';
import { pageOf } from '../../db/read-models/cursor.ts';
import { getOrganisation, listOrganisations } from '../../db/read-models/organisations.ts';
import { type NewContact, replaceContacts } from '../../db/stores/desk/contacts.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { hasRole } from '../../domain/scope.ts';
import { nudgeSurveysOf } from '../surveying.ts';
import { accountOf, actorOf } from '../access/account.ts';
import type { ApiDeps } from '../deps.ts';
import { ifMatch, setVersion } from '../plugins/etag.ts';
import { keyRequest } from '../plugins/lists.ts';
import { invalid, notFound, staleVersion } from '../problem.ts';
import type { RouteSet } from '../route-set.ts';
import { IdParams, IfMatch, PageOf, PageQuery, problems } from '../schemas/common.ts';
import { ContactsBody, Organisation, OrganisationDetail } from '../schemas/desk.ts';

const tags = ['Organisations'];

const readingRoutes: RouteSet = (app, deps) => {
  app.get('/v1/organisations', {
    config: { permission: 'readOrganisations', territory: 'none' },
    schema: {
      tags,
      summary: 'Organisations of my territory, establishments apart (`/v1/sites`)',
      querystring: Type.Object(PageQuery, { additionalProperties: false }),
      response: { 200: PageOf(Organisation), ...problems(401, 403, 422) },
    },
    handler: async (request) => {
      const { limit, after } = keyRequest(request.query);
      const scope = hasRole(accountOf(request), 'admin') ? 'all' : request.scope;
      const rows = await listOrganisations(deps.database.sql, scope, { limit: limit + 1, after });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: 0, id: row.id }),
        (row) => ({ ...row, departments: [...row.departments] }),
      );
    },
  });

  app.get('/v1/organisations/:id', {
    config: { permission: 'readOrganisations', territory: 'organisationOrSite' },
    schema: {
      tags,
      summary: 'One organisation and its contacts',
      params: IdParams,
      response: { 200: OrganisationDetail, ...problems(401, 403, 404) },
    },
    handler: async (request, reply) => {
      const found = await organisationOf(deps, request.params.id);
      return setVersion(reply, found.contactsVersion).send(found);
    },
  });
};

const contactsRoute: RouteSet = (app, deps) => {
  app.put('/v1/organisations/:id/contacts', {
    config: { permission: 'writeContacts', territory: 'actForOrganisationOrSite' },
    schema: {
      tags,
      summary: 'Replace the contacts of an organisation',
      description:
        'Surveys in progress that wait for its answer invite it anew where its alert entry point is another.',
      params: IdParams,
      headers: IfMatch,
      body: ContactsBody,
      response: { 200: OrganisationDetail, ...problems(400, 401, 403, 404, 412, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const contacts = checkedContacts(request.body.contacts);
      const change = {
        organisation: request.params.id,
        contacts,
        version: ifMatch(request),
        by: actorOf(accountOf(request)),
        now: deps.now(),
      };
      const version = await replaceContacts(deps.database, deps.keys, change);
      if (version === null) throw staleVersion();
      await nudgeSurveysOf(deps, [change.organisation]);
      return setVersion(reply, version).send(await organisationOf(deps, request.params.id));
    },
  });
};

/** Who is who, and where to reach them. */
export const organisationRoutes: readonly RouteSet[] = [readingRoutes, contactsRoute];

async function organisationOf(deps: ApiDeps, id: string) {
  const found = await getOrganisation(deps.database.sql, id);
  if (found === undefined) throw notFound();
  return { ...found, departments: [...found.departments], contacts: [...found.contacts] };
}

type ContactInput = Omit<NewContact, 'name'> & { readonly name?: string };

/** One bare mail address, or one number in E.164; nobody twice. @throws Problem 422 */
function checkedContacts(contacts: readonly ContactInput[]): NewContact[] {
  const checked = contacts.map(({ name = '', ...contact }) => ({
    ...contact,
    address: contact.address.trim(),
    name: oneLine(name),
  }));
  const seen = new Set<string>();
  const errors = checked.flatMap((contact, index): FieldError[] => {
    const slot = `${contact.kind} ${contact.channel} ${contact.address.toLowerCase()}`;
    const twice = seen.has(slot);
    seen.add(slot);
    const pointer = `/contacts/${index}/address`;
    if (twice) return [{ pointer, code: 'duplicate', message: 'Ce contact est donné deux fois.' }];
    if (contact.channel === 'mail') {
      return isMailAddress(contact.address)
        ? []
        : [{ pointer, code: 'format', message: 'Attendu : une seule adresse électronique, sans nom ni liste.' }];
    }
    return isPhoneNumber(contact.address)
      ? []
      : [{ pointer, code: 'format', message: 'Attendu : un numéro international, par exemple +33123456789.' }];
  });
  if (errors.length > 0) throw invalid(errors);
  return checked;
}
