import { Type } from 'typebox';
import { PARTNER_CATEGORIES } from '../../domain/partner.ts';
import { VISIBLE } from '../../domain/text.ts';
import { Id, Nullable, PageQuery, Strict } from './common.ts';

export const Partner = Strict(
  {
    id: Id(),
    category: Type.Enum(PARTNER_CATEGORIES),
    name: Type.String(),
    address: Type.String(),
    finess: Nullable(Type.String()),
    department: Nullable(Type.String({ description: '`D69`' })),
    phone: Nullable(Type.String()),
    active: Type.Boolean({ description: 'Only active partners are relayed to.' }),
  },
  { title: 'Partner' },
);

export const PartnerQuery = Type.Object(
  {
    ...PageQuery,
    category: Type.Optional(Type.Enum(PARTNER_CATEGORIES)),
    active: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const PartnerParams = Type.Object({ id: Type.String(), partner: Type.String() });

export const PartnerPatch = Strict(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: VISIBLE })),
    address: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: 'One bare mail address.' })),
    phone: Type.Optional(Nullable(Type.String({ maxLength: 20, description: 'E.164.' }))),
    active: Type.Optional(Type.Boolean({ description: '`false`: no relay goes there any more.' })),
  },
  { minProperties: 1, title: 'PartnerChanges' },
);

/** What is said of single lines of a file. */
export const LineErrors = (description?: string) =>
  Type.Array(
    Strict({
      line: Type.Integer({ description: 'As a person counts them: the heading is line 1.' }),
      column: Type.String(),
      code: Type.String(),
      message: Type.String({ description: 'In French, for a person.' }),
    }),
    description === undefined ? {} : { description },
  );

const Count = Type.Integer({ minimum: 0 });
export const ImportReport = Strict(
  {
    dryRun: Type.Boolean(),
    lines: Count,
    created: Count,
    updated: Count,
    unchanged: Count,
    errors: LineErrors(),
  },
  { title: 'PartnerImport' },
);
