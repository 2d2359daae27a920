import { Type } from 'typebox';
import { CHANNELS } from '../../domain/instruction.ts';
import { ENTITY_KINDS, SITE_FIELDS, SITE_STATUSES } from '../../domain/site.ts';
import { Nullable, PageQuery, Strict, Time } from './common.ts';
import { Contact } from './desk.ts';
import { LineErrors } from './partners.ts';

const fields = {
  entityKind: Type.Enum(ENTITY_KINDS, { description: '`EJ` legal entity, `ET` geographic site.' }),
  name: Type.String(),
  category: Type.String({ description: 'As the register words it.' }),
  status: Nullable(Type.Enum(SITE_STATUSES)),
  department: Type.String({ description: '`D84`, never the bare code.' }),
  ars: Type.String({ description: '`ARS-84`, by the department.' }),
  zone: Type.String({ description: '`ZONE-SUD_EST`, by the department.' }),
  postcode: Type.String(),
  city: Type.String(),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  phone: Nullable(Type.String({ description: 'E.164.' })),
};
const closedAt = Nullable(Time('Null: open.'));
const version = Type.Integer({ description: 'How often what is known of it has changed, and 1.' });

const site = {
  id: Type.String({ description: '`SITE-<FINESS>`' }),
  finess: Type.String(),
  ...fields,
  version,
  closedAt,
};
export const Site = Strict(site, { title: 'Site' });

export const SiteDetail = Strict(
  {
    ...site,
    timeZone: Type.String(),
    contactsVersion: Type.Integer({ description: 'Its ETag: `PUT /v1/organisations/{id}/contacts` changes them.' }),
    contacts: Type.Array(Contact),
    history: Type.Array(
      Strict({
        ...fields,
        version,
        from: Time(),
        to: Nullable(Time('Null: the last one.')),
        changedBy: Type.String(),
        closedAt,
      }),
      { description: 'Every version, oldest first.' },
    ),
  },
  { title: 'SiteDetail' },
);

const filters = {
  territory: Type.Optional(
    Type.String({
      pattern: '^(ARS-\\d{2}|D[0-9AB]{2,3}|ZONE-[A-Z_]{1,30})$',
      description: '`ARS-84`, `D69` or `ZONE-SUD_EST`.',
    }),
  ),
  category: Type.Optional(Type.String({ maxLength: 120, description: 'The whole of it, as the register words it.' })),
  status: Type.Optional(Type.Enum([...SITE_STATUSES, 'unknown'] as const)),
  entityKind: Type.Optional(Type.Enum(ENTITY_KINDS)),
  state: Type.Optional(Type.Enum(['open', 'closed', 'all'] as const, { description: 'Default: `open`.' })),
  search: Type.Optional(
    Type.String({ maxLength: 100, description: 'Each word in the name, city or FINESS; accents do not count.' }),
  ),
};

export const SiteQuery = Type.Object(
  {
    ...PageQuery,
    ...filters,
    time: Type.Optional(Time('As they were known at that instant, in the territory that they had then.')),
  },
  { additionalProperties: false },
);

export const SiteExportQuery = Type.Object(filters, { additionalProperties: false });

export const ImportQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'Default: true, tells what would change and changes nothing.' })),
    complete: Type.Optional(
      Type.Boolean({ description: 'True: the file names every open site; those that it does not name are closed.' }),
    ),
    closing: Type.Optional(
      Type.Integer({ minimum: 0, description: 'How many sites a complete file closes, as its dry run told.' }),
    ),
  },
  { additionalProperties: false },
);

export const ContactsImportQuery = Type.Object(
  { dryRun: ImportQuery.properties.dryRun },
  { additionalProperties: false },
);

const Count = Type.Integer({ minimum: 0 });
export const SiteContactsImportReport = Strict(
  {
    dryRun: Type.Boolean(),
    lines: Count,
    changed: Type.Integer({ minimum: 0, description: 'Establishments with another contact.' }),
    differences: Type.Array(
      Strict({
        site: Type.String(),
        name: Type.String(),
        channel: Type.Enum(CHANNELS),
        from: Nullable(Type.String()),
        to: Type.String(),
      }),
      { description: 'The first thousand.' },
    ),
    moreDifferences: Count,
    errors: LineErrors('The first thousand. With any of them a real import changes nothing.'),
    moreErrors: Count,
  },
  { title: 'SiteContactsImport' },
);
const Value = Nullable(Type.Union([Type.String(), Type.Number()]));
export const SiteImportReport = Strict(
  {
    dryRun: Type.Boolean(),
    complete: Type.Boolean(),
    sha256: Type.String({ description: 'Of the file: the audit names it.' }),
    lines: Count,
    added: Count,
    changed: Count,
    reopened: Count,
    closed: Count,
    unchanged: Count,
    differences: Type.Array(
      Strict({
        finess: Type.String(),
        name: Type.String(),
        change: Type.Enum(['added', 'changed', 'reopened', 'closed'] as const),
        fields: Type.Array(Strict({ field: Type.Enum(SITE_FIELDS), from: Value, to: Value })),
      }),
      { description: 'Closures first, then what changed field by field, then what is new; the first thousand.' },
    ),
    moreDifferences: Type.Integer({ minimum: 0, description: 'Those that are not listed.' }),
    errors: LineErrors('The first thousand. With any of them a real import changes nothing.'),
    moreErrors: Count,
    notes: LineErrors('What was set right on the way; the first thousand.'),
  },
  { title: 'SiteImport' },
);
