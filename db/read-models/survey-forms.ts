import { type RawBuilder, sql } from 'kysely';
import type { FormSight } from '../../domain/survey/access.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';

export interface FormListItem {
  readonly id: string;
  readonly code: string;
  /** Of its last version in sight. */
  readonly title: string;
  readonly owner: string;
  readonly model: boolean;
  readonly createdAt: string;
  /** Number of the last published version, of the draft. */
  readonly published: number | null;
  readonly draft: number | null;
}

export interface FormVersion {
  readonly number: number;
  readonly status: 'draft' | 'published';
  /** Its ETag. */
  readonly version: number;
  readonly form: Form;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedBy: string;
  readonly updatedAt: string;
  readonly publishedBy: string | null;
  readonly publishedAt: string | null;
}

export interface FormDetail extends FormListItem {
  readonly versions: readonly Omit<FormVersion, 'form'>[];
}

export interface FormFilter {
  readonly code?: string;
  readonly owner?: string;
  readonly model?: boolean;
}

/** SQL condition on `survey_form f` and `survey_form_version v`: of others' forms one sees what is published, or what asks. */
function inSight(sight: FormSight): RawBuilder<boolean> {
  if (sight === 'all') return sql<boolean>`true`;
  if ('own' in sight)
    return sql<boolean>`(f.owner_id = ${sight.own} or (f.owner_id = 'CORRUSS' and v.status = 'published'))`;
  return sql<boolean>`exists (
    select from survey_respondent r join survey s on s.id = r.survey_id
    where r.key = ${sight.asked} and s.form_id = v.form_id and s.form_version = v.number)`;
}

const summary = (sight: FormSight): RawBuilder<unknown> => sql`
  cross join lateral (
    select max(v.number) filter (where v.status = 'published') as published,
      max(v.number) filter (where v.status = 'draft') as draft,
      (array_agg(v.document->>'title' order by v.number desc))[1] as title
    from survey_form_version v where v.form_id = f.id and ${inSight(sight)}
  ) seen`;

interface Row {
  id: string;
  code: string;
  title: string;
  owner_id: string;
  model: boolean;
  created_at: Date;
  published: number | null;
  draft: number | null;
}

/** Newest first. */
export async function listForms(
  db: Sql,
  sight: FormSight,
  filter: FormFilter,
  page: PageRequest,
): Promise<Page<FormListItem>> {
  const conditions = [sql<boolean>`seen.title is not null`];
  if (filter.code !== undefined) conditions.push(sql<boolean>`f.code = ${filter.code}`);
  if (filter.owner !== undefined) conditions.push(sql<boolean>`f.owner_id = ${filter.owner}`);
  if (filter.model !== undefined) conditions.push(sql<boolean>`f.model = ${filter.model}`);
  if (page.after !== null) {
    conditions.push(sql<boolean>`(f.created_at, f.id) < (${new Date(page.after.at)}, ${page.after.id}::uuid)`);
  }
  const { rows } = await sql<Row>`
    select f.*, seen.* from survey_form f ${summary(sight)} where ${sql.join(conditions, sql` and `)}
    order by f.created_at desc, f.id desc limit ${page.limit + 1}`.execute(db);
  return pageOf(rows, page.limit, (row) => ({ at: row.created_at.getTime(), id: row.id }), toItem);
}

interface VersionRow {
  number: number;
  status: 'draft' | 'published';
  version: number;
  document: Form;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
  published_by: string | null;
  published_at: Date | null;
}

/** @returns undefined when it is not there or out of sight */
export async function getForm(db: Sql, sight: FormSight, id: string): Promise<FormDetail | undefined> {
  const { rows } = await sql<Row>`
    select f.*, seen.* from survey_form f ${summary(sight)}
    where f.id = ${id}::uuid and seen.title is not null`.execute(db);
  const [found] = rows;
  if (found === undefined) return undefined;
  const versions = await sql<Omit<VersionRow, 'document'>>`
    select v.number, v.status, v.version, v.created_by, v.created_at, v.updated_by, v.updated_at, v.published_by, v.published_at
    from survey_form f join survey_form_version v on v.form_id = f.id
    where f.id = ${id}::uuid and ${inSight(sight)} order by v.number`.execute(db);
  return { ...toItem(found), versions: versions.rows.map(toVersion) };
}

/** One version; `number` null: the last in sight, a draft before what is published. */
export async function getFormVersion(
  db: Sql,
  sight: FormSight,
  id: string,
  number: number | null,
): Promise<FormVersion | undefined> {
  const wanted = number === null ? sql<boolean>`true` : sql<boolean>`v.number = ${number}`;
  const { rows } = await sql<VersionRow>`
    select v.* from survey_form f join survey_form_version v on v.form_id = f.id
    where f.id = ${id}::uuid and ${wanted} and ${inSight(sight)} order by v.number desc limit 1`.execute(db);
  const [found] = rows;
  return found && { ...toVersion(found), form: found.document };
}

const toItem = (row: Row): FormListItem => ({
  id: row.id,
  code: row.code,
  title: row.title,
  owner: row.owner_id,
  model: row.model,
  createdAt: row.created_at.toISOString(),
  published: row.published,
  draft: row.draft,
});

const toVersion = (row: Omit<VersionRow, 'document'>): Omit<FormVersion, 'form'> => ({
  number: row.number,
  status: row.status,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  updatedBy: row.updated_by,
  updatedAt: row.updated_at.toISOString(),
  publishedBy: row.published_by,
  publishedAt: timeOf(row.published_at),
});
