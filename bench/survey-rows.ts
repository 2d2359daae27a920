import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { agenciesOf } from '../db/read-models/organisations.ts';
import { writeSites } from '../db/stores/desk/site-writing.ts';
import { toJson } from '../db/stores/json.ts';
import { finessOf } from '../domain/identifiers.ts';
import type { AnswerValues } from '../domain/survey/answer.ts';
import type { Form, Question } from '../domain/survey/form.ts';
import { siteId } from '../domain/site.ts';

const numbers = (count: number, code: string, more: object): Question[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ code: `${code}_${index + 1}`, label: `${code} ${index + 1}`, type: 'integer' as const, min: 0 },
    ...more,
  }));

/** Sixty questions by every rule, most of them sums, as a survey of capacities has them. */
export const SIXTY: Form = {
  code: 'SOIXANTE',
  title: 'Soixante questions',
  sections: [
    {
      code: 'tout',
      title: 'Tout',
      questions: [
        ...numbers(42, 'lits', { aggregate: 'sum', required: true }),
        ...numbers(4, 'pic', { aggregate: 'max' }),
        ...numbers(4, 'duree', { aggregate: 'mean', weightedBy: 'lits_1' }),
        ...Array.from({ length: 4 }, (_, index): Question => ({
          ...{ code: `taux_${index + 1}`, label: `Taux ${index + 1}`, type: 'computed', unit: '%', aggregate: 'ratio' },
          ...{ formula: `100 * lits_${index + 2} / lits_1`, numerator: `lits_${index + 2}`, denominator: 'lits_1' },
        })),
        ...Array.from({ length: 6 }, (_, index): Question => ({
          ...{ code: `niveau_${index + 1}`, label: `Niveau ${index + 1}`, type: 'choice', aggregate: 'count' },
          choices: ['n0', 'n1', 'n2', 'n3'].map((code) => ({ code, label: code })),
        })),
      ],
    },
  ],
};

/** What the `n`th respondent answers; every tenth optional question is left open. */
export function answerOf(n: number): AnswerValues {
  const of = (count: number, code: string, value: (index: number) => number | string) =>
    Array.from({ length: count }, (_, index) => [`${code}_${index + 1}`, value(index + 1)] as const);
  const optional = [
    ...of(4, 'pic', (index) => (n * index) % 97),
    ...of(4, 'duree', (index) => (n * 3 + index) % 30),
    ...of(6, 'niveau', (index) => `n${(n + index) % 4}`),
  ].filter((_, index) => (n + index) % 10 !== 0);
  return Object.fromEntries([...of(42, 'lits', (index) => ((n * index) % 900) + 1), ...optional]);
}

/** A published form of the nation. @returns id */
export async function publish({ sql: db }: Database, form: Form): Promise<string> {
  const [id, at, by] = [randomUUID(), new Date(), 'bench'];
  const made = { created_by: by, created_at: at };
  await db
    .insertInto('survey_form')
    .values({ id, owner_id: 'CORRUSS', code: form.code, ...made })
    .execute();
  const version = { form_id: id, number: 1, status: 'published' as const, document: toJson(form) };
  const done = { updated_by: by, updated_at: at, published_by: by, published_at: at };
  await db
    .insertInto('survey_form_version')
    .values({ ...version, ...made, ...done })
    .execute();
  return id;
}

/** Sites over all departments, without contacts. @returns their ids */
export async function fillRegister({ sql: db }: Database, count: number): Promise<string[]> {
  const agencies = await agenciesOf(db);
  const places = agencies.flatMap(({ id, zone, departments }) =>
    departments.map((department) => ({ ars: id, zone: zone ?? '', department })),
  );
  const sites = Array.from({ length: count }, (_, index) => {
    const place = places[index % places.length];
    if (place === undefined) throw new Error('there are departments');
    const code = place.department.slice(1);
    const serial = String(Math.floor(index / places.length) + 1);
    const body =
      code.length === 3 ? `979${code.slice(2)}${serial.padStart(4, '0')}` : `${code}9${serial.padStart(5, '0')}`;
    return {
      ...place,
      ...{ finess: finessOf(body), entityKind: 'ET' as const, name: `Site ${index}`, category: 'CH', status: null },
      ...{ postcode: '01999', city: 'VALOMBRE', latitude: null, longitude: null, phone: null },
    };
  });
  await db.transaction().execute((trx) => writeSites(trx, sites, { at: new Date(), by: 'bench' }));
  await sql`analyze`.execute(db);
  return sites.map(({ finess }) => siteId(finess));
}
