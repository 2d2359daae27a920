import type { KeyRing } from '../../../config/keys.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { FactKind } from '../../../domain/changes.ts';
import type { Actor } from '../../../domain/events.ts';
import type { FieldError } from '../../../domain/field-error.ts';
import { sha256 } from '../../../domain/sha256.ts';
import { differences } from '../../../domain/survey/differences.ts';
import type { Form } from '../../../domain/survey/form.ts';
import { publicationProblems } from '../../../domain/survey/publication.ts';
import { type Database, newId, type Transaction } from '../../database.ts';
import { appendAudit, surveyFormSubject } from '../audit.ts';
import { toJson } from '../json.ts';

export interface Act {
  readonly by: Actor;
  readonly now: number;
}

/** The draft as somebody else has left it. */
export interface StoredDraft {
  readonly document: Form;
  readonly version: number;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export type FormRefusal =
  | { readonly refused: 'taken' }
  | { readonly refused: 'noOwner' }
  | { readonly refused: 'noDraft' }
  | { readonly refused: 'notFound' }
  | { readonly refused: 'published'; readonly number: number }
  | { readonly refused: 'draft'; readonly number: number }
  | { readonly refused: 'stale'; readonly stored: StoredDraft }
  | { readonly refused: 'wrong'; readonly problems: readonly FieldError[] };

/** A new form of `owner`, its first version a draft. `copyOf`: the version that it was made from. */
export function createForm(
  database: Database,
  keys: KeyRing,
  { owner, document, copyOf = null }: { owner: string; document: Form; copyOf?: string | null },
  act: Act,
): Promise<{ readonly id: string } | FormRefusal> {
  const id = newId();
  return database.sql.transaction().execute(async (trx) => {
    const owning = trx.selectFrom('organisation').select('id').where('id', '=', owner).forKeyShare();
    if ((await owning.executeTakeFirst()) === undefined) return { refused: 'noOwner' };
    const { code, title } = document;
    const made = await trx
      .insertInto('survey_form')
      .values({ id, owner_id: owner, code, created_by: act.by.sub, created_at: new Date(act.now) })
      .onConflict((conflict) => conflict.columns(['owner_id', 'code']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) return { refused: 'taken' };
    await insertDraft(trx, { id, number: 1, document }, act);
    await tell(trx, keys, id, { kind: 'surveyFormCreated', act, data: { code, title, owner, copyOf } });
    return { id };
  });
}

/** Replaces the draft `number` of a form. `version`: the one that the writer read; null when he did not say. */
export function replaceFormDraft(
  database: Database,
  keys: KeyRing,
  change: { readonly id: string; readonly number: number; readonly version: number | null; readonly document: Form },
  act: Act,
): Promise<{ readonly version: number } | FormRefusal> {
  const { id, number, version, document } = change;
  return database.sql.transaction().execute(async (trx) => {
    await lockForm(trx, id);
    const stored = await selectVersion(trx, id, number);
    if (stored === undefined) return { refused: 'notFound' };
    if (stored.status === 'published') return { refused: 'published', number };
    if (version !== null && version !== stored.version) return { refused: 'stale', stored };
    const next = stored.version + 1;
    await trx
      .updateTable('survey_form_version')
      .set({ document: toJson(document), version: next, updated_by: act.by.sub, updated_at: new Date(act.now) })
      .where('form_id', '=', id)
      .where('number', '=', number)
      .execute();
    const changed = differences(document, stored.document).map(({ pointer }) => pointer);
    await tell(trx, keys, id, { kind: 'surveyFormChanged', act, data: { number, version: next, changed } });
    return { version: next };
  });
}

/** A draft from the published version `from`, or from the last. One form has one draft at a time. */
export function openFormVersion(
  database: Database,
  keys: KeyRing,
  { id, from }: { readonly id: string; readonly from: number | null },
  act: Act,
): Promise<{ readonly number: number } | FormRefusal> {
  return database.sql.transaction().execute(async (trx) => {
    await lockForm(trx, id);
    const rows = await trx
      .selectFrom('survey_form_version')
      .select(['number', 'status', 'document'])
      .where('form_id', '=', id)
      .orderBy('number', 'desc')
      .execute();
    const draft = rows.find(({ status }) => status === 'draft');
    if (draft !== undefined) return { refused: 'draft', number: draft.number };
    const base = from === null ? rows[0] : rows.find((row) => row.number === from);
    if (base === undefined) return { refused: 'notFound' };
    const number = (rows[0]?.number ?? 0) + 1;
    await insertDraft(trx, { id, number, document: base.document }, act);
    const data = { number, from: base.number };
    await tell(trx, keys, id, { kind: 'surveyFormVersionOpened', act, data });
    return { number };
  });
}

/** Publishes the draft of a form: from then on nothing changes it. What stands in the draft is checked under the lock. */
export function publishForm(
  database: Database,
  keys: KeyRing,
  { id, version }: { readonly id: string; readonly version: number | null },
  act: Act,
): Promise<{ readonly number: number } | FormRefusal> {
  return database.sql.transaction().execute(async (trx) => {
    await lockForm(trx, id);
    const stored = await selectVersion(trx, id, null);
    if (stored === undefined) return { refused: 'noDraft' };
    if (version !== null && version !== stored.version) return { refused: 'stale', stored };
    const problems = publicationProblems(stored.document);
    if (problems.length > 0) return { refused: 'wrong', problems };
    const { number } = stored;
    const at = new Date(act.now);
    await trx
      .updateTable('survey_form_version')
      .set({ status: 'published', version: stored.version + 1, published_by: act.by.sub, published_at: at })
      .where('form_id', '=', id)
      .where('number', '=', number)
      .execute();
    const data = { number, sha256: sha256(canonicalJson(stored.document)) };
    await tell(trx, keys, id, { kind: 'surveyFormPublished', act, data });
    return { number };
  });
}

/** Writers of one form take turns. The form is there: the route has looked. */
const lockForm = (trx: Transaction, id: string) =>
  trx.selectFrom('survey_form').select('id').where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow();

/** The version `number`, or the draft. */
async function selectVersion(trx: Transaction, id: string, number: number | null) {
  const versions = trx
    .selectFrom('survey_form_version')
    .select(['number', 'status', 'document', 'version', 'updated_by as updatedBy', 'updated_at as updatedAt'])
    .where('form_id', '=', id);
  const one = number === null ? versions.where('status', '=', 'draft') : versions.where('number', '=', number);
  return one.executeTakeFirst();
}

async function insertDraft(
  trx: Transaction,
  { id, number, document }: { readonly id: string; readonly number: number; readonly document: Form },
  { by, now }: Act,
): Promise<void> {
  const at = new Date(now);
  const written = { created_by: by.sub, created_at: at, updated_by: by.sub, updated_at: at };
  await trx
    .insertInto('survey_form_version')
    .values({ form_id: id, number, status: 'draft', document: toJson(document), ...written })
    .execute();
}

interface Told {
  readonly kind: FactKind;
  readonly act: Act;
  readonly data: Readonly<Record<string, unknown>>;
}

const tell = (trx: Transaction, keys: KeyRing, id: string, { kind, act, data }: Told): Promise<void> =>
  appendAudit(trx, keys, surveyFormSubject(id), [{ at: act.now, kind, organisation: null, actor: act.by, data }]);
