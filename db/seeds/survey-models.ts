import { sql } from 'kysely';
import type { Form } from '../../domain/survey/form.ts';
import type { Sql } from '../database.ts';
import { BACH } from './survey-models/bach.ts';
import { CANICULE } from './survey-models/canicule.ts';
import { LITS_ETE } from './survey-models/lits-ete.ts';

/** The models that Vigie ships, by their id: national forms, published, to be adapted by a copy or a new version. */
export const SURVEY_MODELS: ReadonlyMap<string, Form> = new Map([
  ['01980000-0000-7000-8000-0000000bac01', BACH],
  ['01980000-0000-7000-8000-0000000bac02', LITS_ETE],
  ['01980000-0000-7000-8000-0000000bac03', CANICULE],
]);

/** Publishes the models as version 1 where they are not there; run again, or over a form of that code, it changes nothing. */
export async function seedSurveyModels(database: Sql): Promise<void> {
  const rows = [...SURVEY_MODELS].map(([id, document]) => ({ id, code: document.code, document }));
  await sql`
    with model as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m (id uuid, code text, document jsonb)
    ), made as (
      insert into survey_form (id, owner_id, code, model, created_by, created_at)
      select id, 'CORRUSS', code, true, 'vigie', now() from model on conflict do nothing returning id
    )
    insert into survey_form_version
      (form_id, number, status, document, created_by, created_at, updated_by, updated_at, published_by, published_at)
    select id, 1, 'published', document, 'vigie', now(), 'vigie', now(), 'vigie', now()
    from model join made using (id)`.execute(database);
}
