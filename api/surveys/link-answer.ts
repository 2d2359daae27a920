import type { FastifyReply } from 'fastify';
import { hashToken } from '../../config/tokens.ts';
import { findSurveyLink, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import type { AnswerOutcome, AnswerWrite } from '../../db/stores/desk/survey-answers.ts';
import type { FieldError } from '../../domain/field-error.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { ReuseOffer } from '../../domain/survey/reuse.ts';
import type { AnswerValues } from '../../domain/survey/answer.ts';
import { wellFormed } from '../../domain/text.ts';
import type { ApiDeps } from '../deps.ts';
import { html, type Html } from '../pages/html.ts';
import { sendPage } from '../pages/send.ts';
import { draftSaved } from '../pages/survey-notices.ts';
import { closedSurveyPage, type SurveyFilling, surveyPage } from '../pages/survey-page.ts';
import { NOTHING_PREFILLED, PREFILLED } from '../pages/survey-prefill.ts';
import { receiptPage } from '../pages/survey-receipt.ts';
import { NOTHING_TAKEN_OVER, type PageReuse, TAKEN_OVER } from '../pages/survey-reuse.ts';
import { hoursOf, notOpenDetail } from '../survey-answering.ts';
import { computedFields, formOfAnswer, type Posted } from './page-form.ts';
import { prefill, prefillable, takenOf, takeOver } from './page-reuse.ts';
import { prefillOf } from './prefill.ts';
import { offersTo, sourcesOf } from './reuse-view.ts';

/** A link that opens something, with its questionnaire. */
export interface Found {
  readonly link: SurveyLink;
  readonly form: Form;
  /** What its respondent may take over. */
  readonly offers: readonly ReuseOffer[];
  /** Path of its page. */
  readonly url: string;
  /** The same with its host, as mails have it. */
  readonly address: string;
}

export async function findLink(deps: ApiDeps, token: string): Promise<Found | undefined> {
  const { database, settings } = deps;
  if (!wellFormed(token)) return undefined;
  const link = await findSurveyLink(database.sql, hashToken(token));
  if (link === undefined) return undefined;
  const form = await readForm(database.sql, link.formId, link.formVersion);
  const offers = await offersTo(deps, link.answer);
  const address = `${settings.publicUrl.replace(/\/+$/, '')}/s/${token}`;
  return { link, form, offers, url: `/s/${token}`, address };
}

/** What every answer by a link has in common, whichever way it comes. */
export const linkWrite = (
  { link }: Found,
  now: number,
): Pick<AnswerWrite, 'survey' | 'respondent' | 'by' | 'onBehalf' | 'now'> => ({
  survey: link.survey,
  respondent: link.answer.respondent,
  by: { sub: `lien (${link.answer.name})`, organisation: link.author },
  onBehalf: false,
  now,
});

/** The questionnaire with what is stored of the answer. */
export async function showStored(
  deps: ApiDeps,
  reply: FastifyReply,
  found: Found,
  { status = 200, notice = null }: { readonly status?: 200 | 422; readonly notice?: Html | null } = {},
): Promise<FastifyReply> {
  const { link, form } = found;
  const { version, reused = [] } = link.answer;
  const shown = await filling(deps, found, { posted: formOfAnswer(form, link.answer), version, taken: reused, notice });
  return sendPage(reply, status, surveyPage(link, form, shown));
}

interface Shown {
  readonly posted: Posted;
  readonly version: number;
  /** Codes of what was taken over. */
  readonly taken: readonly string[];
  readonly errors?: readonly FieldError[];
  readonly notice: Html | null;
  /** What of the answer before may be taken over, where that is known already. */
  readonly before?: AnswerValues;
}

async function filling(deps: ApiDeps, found: Found, { taken, errors = [], ...shown }: Shown): Promise<SurveyFilling> {
  const { url, address, link } = found;
  const before = shown.before ?? (await prefillOf(deps, link.answer));
  return { url, address, ...shown, errors, reuse: reuseOf(found, taken), before };
}

/** @param found as it stands since */
export function showWritten(
  deps: ApiDeps,
  reply: FastifyReply,
  found: Found,
  { submits, notices }: { readonly submits: boolean; readonly notices: readonly FieldError[] },
): FastifyReply | Promise<FastifyReply> {
  const { link, form, url: correctUrl } = found;
  if (submits) return sendPage(reply, 200, receiptPage(link, form, { correctUrl, notices }));
  return showStored(deps, reply, found, { notice: draftSaved(form, notices) });
}

export async function showClosed(
  deps: ApiDeps,
  reply: FastifyReply,
  { link }: Found,
  status: 200 | 409,
): Promise<FastifyReply> {
  const detail = notOpenDetail(await hoursOf(deps, link.survey), link.timeZone, link.answer.submitted !== null);
  return sendPage(reply, status, closedSurveyPage(link, detail));
}

interface Refused {
  readonly outcome: Extract<AnswerOutcome, { written: false }>;
  /** What was sent, shown again to be corrected. */
  readonly posted: Posted;
  /** The version that its sender had read. */
  readonly version: number | null;
  /** Words of the errors, where they are not those of the outcome. */
  readonly tell?: (problems: readonly FieldError[]) => readonly FieldError[];
}

export async function showRefused(
  deps: ApiDeps,
  reply: FastifyReply,
  found: Found,
  refused: Refused,
): Promise<FastifyReply> {
  const { outcome, posted } = refused;
  if (outcome.refused === 'notOpen') return showClosed(deps, reply, found, 409);
  const { link, form } = found;
  // What was changed, or may no more be taken over, is named no longer: sent again it is an answer of today.
  const taken = Object.keys(outcome.reused);
  const again = async (status: 412 | 422, shown: Omit<Shown, 'taken'>) =>
    sendPage(reply, status, surveyPage(link, form, await filling(deps, found, { ...shown, taken })));
  if (outcome.refused === 'stale')
    return again(412, { posted, version: outcome.version, errors: outcome.differs, notice: OVERTAKEN });
  const { problems: own, values } = outcome.checked;
  const errors = refused.tell?.(own) ?? own;
  const version = refused.version ?? link.answer.version;
  return again(422, { posted: { ...posted, ...computedFields(form, values) }, version, errors, notice: null });
}

function reuseOf({ link, offers }: Found, taken: readonly string[]): PageReuse {
  const { answer } = link;
  return { offers, taken, sources: sourcesOf({ ...answer, reused: taken }, offers) };
}

/** The questionnaire as it was posted, and what was left open filled with recent answers; nothing is stored. */
export function showTakenOver(deps: ApiDeps, reply: FastifyReply, found: Found, sent: Sent): Promise<FastifyReply> {
  const { posted, taken, filled } = takeOver(found.form, sent.posted, found.offers);
  const notice = filled ? TAKEN_OVER : NOTHING_TAKEN_OVER;
  return showFilled(deps, reply, found, { posted, version: sent.version, taken, notice });
}

/** The same, filled with the answer before. */
export async function showPrefilled(
  deps: ApiDeps,
  reply: FastifyReply,
  found: Found,
  sent: Sent,
): Promise<FastifyReply> {
  const { link, form, offers } = found;
  const before = await prefillOf(deps, link.answer);
  const codes = prefillable(form, sent.posted, before, offers);
  const posted = prefill(form, sent.posted, before, codes);
  const notice = codes.length > 0 ? PREFILLED : NOTHING_PREFILLED;
  return showFilled(deps, reply, found, { posted, version: sent.version, taken: takenOf(sent.posted), notice, before });
}

async function showFilled(
  deps: ApiDeps,
  reply: FastifyReply,
  found: Found,
  { version, ...filled }: Omit<Shown, 'version' | 'errors'> & Pick<Sent, 'version'>,
): Promise<FastifyReply> {
  const { link, form } = found;
  const shown = await filling(deps, found, { ...filled, version: version ?? link.answer.version });
  return sendPage(reply, 200, surveyPage(link, form, shown));
}

/** A page as it was posted, and the version that its sender had read. */
export interface Sent {
  readonly posted: Posted;
  readonly version: number | null;
}

const OVERTAKEN = html`<div class="notice warn" role="alert">
  <p><strong>Quelqu’un d’autre a écrit cette réponse entre-temps.</strong></p>
  <p>Les différences sont signalées ci-dessous. Envoyer de nouveau remplace sa réponse par la vôtre.</p>
</div>`;
