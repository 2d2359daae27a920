import { sql } from 'kysely';
import type { OrganisationId } from '../../../domain/instruction.ts';
import { CORRUSS } from '../../../domain/organisation.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { type PreparedForm, prepareForm } from '../../../domain/survey/prepare.ts';
import type { Sql } from '../../database.ts';

/** The last published version of a form that an author may ask by: its own or the nation's; null where there is none. */
export async function publishedVersion(db: Sql, form: string, author: OrganisationId): Promise<number | null> {
  const { rows } = await sql<{ number: number }>`
    select v.number from survey_form f join survey_form_version v on v.form_id = f.id and v.status = 'published'
    where f.id = ${form}::uuid and f.owner_id in (${author}, ${CORRUSS}) order by v.number desc limit 1`.execute(db);
  return rows[0]?.number ?? null;
}

/** The form of a code that an author may ask by, once it has been published: its own before the nation's; null: there is none. */
export async function publishedFormOf(db: Sql, code: string, author: OrganisationId): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select f.id from survey_form f where f.code = ${code} and f.owner_id in (${author}, ${CORRUSS}) and exists (
      select from survey_form_version v where v.form_id = f.id and v.status = 'published')
    order by f.owner_id = ${author} desc limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** A published version. @throws when it is not there */
export const readForm = async (db: Sql, form: string, version: number): Promise<Form> =>
  (await preparedForm(db, form, version)).form;

/** The same, its formulas parsed. @throws when it is not there */
export async function preparedForm(db: Sql, form: string, version: number): Promise<PreparedForm> {
  const key = `${form}/${version}`;
  const known = PREPARED_FORMS.get(key);
  if (known !== undefined) return known;
  const { document } = await db
    .selectFrom('survey_form_version')
    .select('document')
    .where('form_id', '=', form)
    .where('number', '=', version)
    .where('status', '=', 'published')
    .executeTakeFirstOrThrow();
  const prepared = prepareForm(document);
  if (PREPARED_FORMS.size >= MOST_FORMS) PREPARED_FORMS.clear();
  PREPARED_FORMS.set(key, prepared);
  return prepared;
}

/** What is published never changes: parsed once, not at each of three thousand answers. */
const PREPARED_FORMS = new Map<string, PreparedForm>();
const MOST_FORMS = 50;
