import type { FastifyReply } from 'fastify';
import { hashToken } from '../../config/tokens.ts';
import { findSurveyLink, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import type { AnswerOutcome, AnswerWrite } from '../../db/stores/desk/survey-answers.ts';
import type { FieldError } from '../../domain/field-error.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { ReuseOffer } from '../../domain/survey/reuse.ts';
import { wellFormed } from '../../domain/text.ts';
import type { ApiDeps } from '../deps.ts';
import { html, type Html } from '../pages/html.ts';
import { sendPage } from '../pages/send.ts';
import { closedSurveyPage, surveyPage } from '../pages/survey-page.ts';
import { receiptPage } from '../pages/survey-receipt.ts';
import { NOTHING_TAKEN_OVER, type PageReuse, TAKEN_OVER } from '../pages/survey-reuse.ts';
import { hoursOf, notOpenDetail } from '../survey-answering.ts';
import { formOfAnswer, type Posted } from './page-form.ts';
import { takeOver } from './page-reuse.ts';
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
export function showStored(reply: FastifyReply, status: 200 | 422, found: Found, notice: Html | null): FastifyReply {
  const { link, form, url, address } = found;
  const { version, reused = [] } = link.answer;
  const reuse = reuseOf(found, reused);
  const filling = { url, address, posted: formOfAnswer(form, link.answer), version, errors: [], reuse, notice };
  return sendPage(reply, status, surveyPage(link, form, filling));
}

export function showWritten(reply: FastifyReply, found: Found, submits: boolean): FastifyReply {
  if (submits) return sendPage(reply, 200, receiptPage(found.link, found.form, found.url));
  return showStored(reply, 200, found, DRAFT_SAVED);
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
  const { link, form, url, address } = found;
  // What was changed, or may no more be taken over, is named no longer: sent again it is an answer of today.
  const reuse = reuseOf(found, Object.keys(outcome.reused));
  const again = (version: number, errors: readonly FieldError[], notice: Html | null) =>
    surveyPage(link, form, { url, address, posted, version, errors, reuse, notice });
  if (outcome.refused === 'stale') return sendPage(reply, 412, again(outcome.version, outcome.differs, OVERTAKEN));
  const { problems: own } = outcome.checked;
  const problems = refused.tell?.(own) ?? own;
  const version = refused.version ?? link.answer.version;
  return sendPage(reply, 422, again(version, problems, null));
}

function reuseOf({ link, offers }: Found, taken: readonly string[]): PageReuse {
  const { answer } = link;
  return { offers, taken, sources: sourcesOf({ ...answer, reused: taken }, offers) };
}

/** The questionnaire as it was posted, and what was left open filled with recent answers; nothing is stored. */
export function showTakenOver(reply: FastifyReply, found: Found, sent: Posted, version: number | null): FastifyReply {
  const { link, form, offers, url, address } = found;
  const { posted, taken, filled } = takeOver(form, sent, offers);
  const filling = { url, address, posted, version: version ?? link.answer.version, errors: [] };
  const reuse = reuseOf(found, taken);
  return sendPage(
    reply,
    200,
    surveyPage(link, form, { ...filling, reuse, notice: filled ? TAKEN_OVER : NOTHING_TAKEN_OVER }),
  );
}

const DRAFT_SAVED = html`<div class="notice ok" role="status">
  <p><strong>Votre brouillon est enregistré.</strong></p>
  <p>Il n’est pas encore envoyé : le même lien le retrouve, jusqu’à la clôture.</p>
</div>`;

const OVERTAKEN = html`<div class="notice warn" role="alert">
  <p><strong>Quelqu’un d’autre a écrit cette réponse entre-temps.</strong></p>
  <p>Les différences sont signalées ci-dessous. Envoyer de nouveau remplace sa réponse par la vôtre.</p>
</div>`;
