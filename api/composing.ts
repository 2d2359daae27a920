import type { FastifyRequest } from 'fastify';
import { type FormVersion, getForm, getFormVersion, type FormDetail } from '../db/read-models/survey-forms.ts';
import type { Act, FormRefusal, StoredDraft } from '../db/stores/desk/survey-forms.ts';
import { checkForm } from '../domain/survey/check-form.ts';
import { composesFor, formSight } from '../domain/survey/access.ts';
import { differences } from '../domain/survey/differences.ts';
import type { Form } from '../domain/survey/form.ts';
import { accountOf, actorOf } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { schemaErrors } from './drafting.ts';
import { unique } from './plugins/validation.ts';
import { invalid, notFound, Problem } from './problem.ts';

/** The form of a request, checked as a whole. @throws Problem 422 with every wrong field */
export function checkedForm(request: FastifyRequest, raw: unknown): Form {
  const { form, problems } = checkForm(raw);
  const all = unique([...problems, ...schemaErrors(request)]);
  if (form === null || all.length > 0) throw invalid(all);
  return form;
}

/** For whom the account composes. @throws Problem 403 */
export function ownerOf(request: FastifyRequest): string {
  const owner = composesFor(accountOf(request));
  if (owner === null) throw new Problem(403, 'role', 'Votre rôle ne permet jamais cette action.');
  return owner;
}

/** A form within sight. @throws Problem 404 */
export async function formOf({ database }: ApiDeps, request: FastifyRequest, id: string): Promise<FormDetail> {
  const found = await getForm(database.sql, formSight(accountOf(request)), id);
  if (found === undefined) throw notFound();
  return found;
}

/** One of its versions; null: the last. @throws Problem 404 */
export async function versionOf(
  { database }: ApiDeps,
  request: FastifyRequest,
  id: string,
  number: number | null,
): Promise<FormVersion> {
  const found = await getFormVersion(database.sql, formSight(accountOf(request)), id, number);
  if (found === undefined) throw notFound();
  return found;
}

/** The number in a path. @throws Problem 404: no version is called otherwise */
export function numberIn(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw notFound();
  return Number(text);
}

/** @param sent what the caller wanted to write, for the one who comes second. @throws Problem unless it was done */
export function refuseForm<Done extends object>(outcome: Done | FormRefusal, sent: Form | null = null): Done {
  if (!('refused' in outcome)) return outcome;
  if (outcome.refused === 'stale') throw staleForm(outcome.stored, sent);
  if (outcome.refused === 'wrong') throw invalid(outcome.problems);
  if (outcome.refused === 'notFound') throw notFound();
  if (outcome.refused === 'taken') {
    throw invalid([{ pointer: '/code', code: 'taken', message: 'Un autre de vos questionnaires porte déjà ce code.' }]);
  }
  if (outcome.refused === 'noOwner') throw new Problem(403, 'no-organisation', 'Votre organisation est inconnue.');
  throw new Problem(409, `form-${outcome.refused}`, stateOf(outcome));
}

function stateOf(outcome: Extract<FormRefusal, { refused: 'published' | 'draft' | 'noDraft' }>): string {
  if (outcome.refused === 'noDraft')
    return 'Ce questionnaire n’a pas de brouillon : ouvrez d’abord une nouvelle version.';
  return outcome.refused === 'draft'
    ? `La version ${outcome.number} est encore un brouillon : modifiez-la, ou publiez-la d’abord.`
    : `La version ${outcome.number} est publiée et ne change plus : ouvrez une nouvelle version.`;
}

function staleForm({ document, version, updatedBy, updatedAt }: StoredDraft, sent: Form | null): Problem {
  const by = `modifié par ${updatedBy} le ${updatedAt.toISOString()}, version "${version}"`;
  const detail = `Ce brouillon a changé depuis votre lecture (${by}) : reprenez ce qui diffère, puis recommencez.`;
  return new Problem(412, 'stale', detail, { errors: sent === null ? [] : differences(sent, document) });
}

/** Who does it, and when. */
export const actOf = (deps: ApiDeps, request: FastifyRequest): Act => ({
  by: actorOf(accountOf(request)),
  now: deps.now(),
});

/** A form as it is shown: with its versions, and the last of them. @throws Problem 404 */
export async function shownForm(deps: ApiDeps, request: FastifyRequest, id: string) {
  const [form, version] = await Promise.all([formOf(deps, request, id), versionOf(deps, request, id, null)]);
  return { ...version, ...form };
}
