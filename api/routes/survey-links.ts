import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { hashToken } from '../../config/tokens.ts';
import { findSurveyLink, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { type AnswerOutcome, writeAnswer } from '../../db/stores/desk/survey-answers.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import type { FieldError } from '../../domain/field-error.ts';
import type { Form } from '../../domain/survey/form.ts';
import { wellFormed } from '../../domain/text.ts';
import type { ApiDeps } from '../deps.ts';
import { html, type Html } from '../pages/html.ts';
import { sendPage } from '../pages/send.ts';
import { closedSurveyPage, receiptPage, surveyPage, unknownSurveyLink } from '../pages/survey-page.ts';
import type { RouteSet } from '../route-set.ts';
import { hoursOf, notOpenDetail, nudgeWhenComplete } from '../survey-answering.ts';
import { answerOfForm, formOfAnswer, type Posted, postedOf } from '../surveys/page-form.ts';

const Params = Type.Object({ token: Type.String({ maxLength: 100 }) });
/** A name and a value for each field of the questionnaire, whichever it is: the check of answers reads what it knows. */
const Fields = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));

/** The page of a respondent without account. A GET shows and changes nothing (mail scanners follow links). */
export const surveyLinkRoutes: RouteSet = (app, deps) => {
  const config = { permission: 'link' as const, page: true };

  app.get('/s/:token', {
    config,
    schema: { hide: true, params: Params },
    handler: async (request, reply) => {
      const found = await find(deps, request.params.token);
      if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
      const { link, form } = found;
      if (!isTaken(link, deps.now())) return closed(deps, reply, link, 200);
      return sendPage(reply, 200, surveyPage(link, form, stored(link, form, null)));
    },
  });

  app.post('/s/:token', {
    config,
    schema: { hide: true, params: Params, body: Fields },
    handler: async (request, reply) => {
      const found = await find(deps, request.params.token);
      if (found === undefined) return sendPage(reply, 404, unknownSurveyLink());
      const { link, form } = found;
      const posted: Posted = request.body;
      const submits = postedOf(posted, 'action') === 'submit';
      const outcome = await writeAnswer(deps.database, deps.keys, {
        survey: link.survey,
        respondent: link.answer.respondent,
        mode: submits ? 'submit' : 'draft',
        raw: answerOfForm(form, posted),
        version: versionOf(posted),
        door: 'link',
        by: { sub: `lien (${link.answer.name})`, organisation: link.author },
        onBehalf: false,
        now: deps.now(),
      });
      if (!outcome.written) return refused(deps, reply, found, { posted, outcome });
      await nudgeWhenComplete(deps, link.survey, outcome);
      const now = (await find(deps, request.params.token)) ?? found;
      if (submits) return sendPage(reply, 200, receiptPage(now.link, form, `/s/${request.params.token}`));
      return sendPage(reply, 200, surveyPage(now.link, form, stored(now.link, form, DRAFT_SAVED)));
    },
  });
};

/** An open survey, or an answer that is taken alone. */
const isTaken = ({ status, answer }: SurveyLink, now: number): boolean =>
  status === 'open' || (status === 'closed' && now <= (answer.unlockedUntil ?? 0));

interface Found {
  readonly link: SurveyLink;
  readonly form: Form;
}

async function find({ database }: ApiDeps, token: string): Promise<Found | undefined> {
  if (!wellFormed(token)) return undefined;
  const link = await findSurveyLink(database.sql, hashToken(token));
  return link === undefined ? undefined : { link, form: await readForm(database.sql, link.formId, link.formVersion) };
}

const stored = (link: SurveyLink, form: Form, notice: Html | null) => ({
  posted: formOfAnswer(form, link.answer),
  version: link.answer.version,
  errors: [],
  notice,
});

const versionOf = (posted: Posted): number | null => {
  const text = postedOf(posted, 'version');
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
};

const DRAFT_SAVED = html`<div class="notice ok" role="status">
  <p><strong>Votre brouillon est enregistré.</strong></p>
  <p>Il n’est pas encore envoyé : le même lien le retrouve, jusqu’à la clôture.</p>
</div>`;

async function closed(deps: ApiDeps, reply: FastifyReply, link: SurveyLink, status: 200 | 409): Promise<FastifyReply> {
  const detail = notOpenDetail(await hoursOf(deps, link.survey), link.timeZone);
  return sendPage(reply, status, closedSurveyPage(link, detail));
}

async function refused(
  deps: ApiDeps,
  reply: FastifyReply,
  { link, form }: Found,
  { posted, outcome }: { posted: Posted; outcome: Extract<AnswerOutcome, { written: false }> },
): Promise<FastifyReply> {
  if (outcome.refused === 'notOpen') return closed(deps, reply, link, 409);
  const again = (version: number, errors: readonly FieldError[], notice: Html | null) =>
    surveyPage(link, form, { posted, version, errors, notice });
  if (outcome.refused === 'stale') return sendPage(reply, 412, again(outcome.version, outcome.differs, OVERTAKEN));
  const { problems } = outcome.checked;
  return sendPage(reply, 422, again(versionOf(posted) ?? link.answer.version, problems, null));
}

const OVERTAKEN = html`<div class="notice warn" role="alert">
  <p><strong>Quelqu’un d’autre a écrit cette réponse entre-temps.</strong></p>
  <p>Les différences sont signalées ci-dessous. Envoyer de nouveau remplace sa réponse par la vôtre.</p>
</div>`;
