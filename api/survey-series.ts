import type { FastifyRequest } from 'fastify';
import type { Type } from 'typebox';
import { getSeries, type SeriesView } from '../db/read-models/survey-series.ts';
import { publishedFormOf } from '../db/stores/desk/published-forms.ts';
import { seriesPlans, type SeriesRefusal } from '../db/stores/desk/survey-series.ts';
import type { Actor } from '../domain/actor.ts';
import { CORRUSS } from '../domain/organisation.ts';
import { toRfc3339 } from '../domain/instant.ts';
import { seriesErrors } from '../domain/survey/series-draft.ts';
import { nextOpenings } from '../domain/survey/series-openings.ts';
import type { SeriesDraft } from '../domain/survey/series.ts';
import type { SurveyAudience } from '../domain/survey/survey-draft.ts';
import { accountOf } from './access/account.ts';
import { readerOf } from './access/survey-reader.ts';
import { checkedBody } from './checked-body.ts';
import type { ApiDeps } from './deps.ts';
import { invalid, notFound, Problem, staleVersion } from './problem.ts';
import type { SurveySeries, SurveySeriesBody } from './schemas/survey-series.ts';
import { surveyProblems } from './survey-drafting.ts';

type Body = Type.Static<typeof SurveySeriesBody>;

/** Stands for a field whose shape is wrong; wrong in nothing itself. */
const STAND_IN: Body = {
  formCode: '',
  title: '-',
  audience: { ars: 'all' },
  recurrence: { days: ['tuesday'], at: '08:00' },
  closesAt: { after: 'P1D' },
};

/** The series of a request. An ARS writes its own. @throws Problem 422 with every wrong field, by its shape or by the rules */
export function checkedSeries(deps: ApiDeps, request: FastifyRequest): Promise<SeriesDraft> {
  const account = accountOf(request);
  const author = account.roles.includes('ars') ? account.org : CORRUSS;
  return checkedBody(request, STAND_IN, async (body) => {
    const formId = await publishedFormOf(deps.database.sql, body.formCode, author);
    const meant = draftOf(body, author, formId ?? '');
    const errors = await seriesErrors(meant, deps.now(), (survey, now) => surveyProblems(deps, survey, now));
    const known = formId !== null || body.formCode === STAND_IN.formCode;
    const form = { pointer: '/formCode', code: 'unknown', message: 'Aucun questionnaire publié ne porte ce code.' };
    return { meant, errors: known ? errors : [form, ...errors] };
  });
}

function draftOf(body: Body, author: string, formId: string): SeriesDraft {
  const { title, recurrence, closesAt, remindBefore = [], onHoliday = 'open' } = body;
  const document = {
    title: title.trim(),
    audience: body.audience as SurveyAudience,
    recurrence,
    closesAt,
    remindBefore,
    validateUntil: body.validateUntil ?? null,
    acceptUntil: body.acceptUntil ?? null,
    onHoliday,
    from: body.from ?? null,
    until: body.until ?? null,
    thresholds: body.thresholds ?? [],
    ...(body.loadReason === undefined ? {} : { loadReason: body.loadReason }),
    ...(body.reuse === undefined ? {} : { reuse: body.reuse }),
  };
  return { author, formId, exercise: body.exercise ?? false, crisisId: body.crisisId ?? null, document };
}

/** @throws Problem for what a store has refused */
export function refuseSeries(refusal: SeriesRefusal | null): void {
  if (refusal === null) return;
  if (refusal === 'stale') throw staleVersion();
  if (refusal === 'ended') throw ended();
  const message = 'Une série d’exercices le reste, une série réelle aussi\u00a0: créez-en une autre.';
  throw invalid([{ pointer: '/exercise', code: 'notAllowed', message }]);
}

const ended = (): Problem =>
  new Problem(409, 'not-allowed', 'Cette série est terminée\u00a0: rien n’y change plus, créez-en une autre.');

/** Tells the Schedule of a series what its row says. @throws EngineUnavailable: the row stands, the same request tells it again */
export const keepSchedule = ({ surveySeries, database }: ApiDeps, id: string): Promise<void> =>
  surveySeries.keep(id, seriesPlans(database.sql));

const SHOWN = 5;

/** One series with what comes next. @throws Problem 404 */
export async function shownSeries(deps: ApiDeps, request: FastifyRequest, id: string) {
  const found = await getSeries(deps.database.sql, readerOf(request), id);
  if (found === undefined) throw notFound();
  return withNext(found, deps.now());
}

export function withNext(series: SeriesView, now: number): Type.Static<typeof SurveySeries> {
  const { recurrence, remindBefore, audience, thresholds = [], loadReason = null, reuse = null } = series;
  const next = series.status === 'running' ? nextOpenings(series, now, SHOWN) : [];
  return {
    ...series,
    audience: audience as Body['audience'],
    recurrence: { ...recurrence, days: [...recurrence.days] },
    remindBefore: [...remindBefore],
    thresholds: [...thresholds],
    loadReason,
    reuse,
    nextOpenings: next.map(({ dueAt, holiday, opensAt }) => ({
      dueAt: toRfc3339(dueAt),
      holiday,
      opensAt: opensAt === null ? null : toRfc3339(opensAt),
    })),
  };
}

/** A person opens one now. @throws Problem 409 with why not, 404; EngineUnavailable: asked again by the same key, it is done once */
export async function triggerSeries(deps: ApiDeps, id: string, ask: { readonly key: string; readonly by: Actor }) {
  const step = await deps.surveySeries.trigger(id, { kind: 'trigger', at: deps.now(), ...ask });
  if (step.outcome === null) throw notFound();
  if (step.outcome === 'opened' && step.survey !== null) return step.survey;
  if (step.reason === 'ended') throw ended();
  throw new Problem(409, step.reason ?? 'not-allowed', step.detail ?? 'Cette enquête n’a pas pu être ouverte.');
}
