import type { FastifyRequest } from 'fastify';
import {
  type AskedTerritory,
  listAskedTerritories,
  publicationFacts,
  type Reading,
  readReading,
} from '../../db/read-models/survey-publication.ts';
import { type AcceptanceView, listAcceptances } from '../../db/read-models/survey-reviews.ts';
import { readReused } from '../../db/read-models/survey-reused.ts';
import { getSurvey, type SurveyView } from '../../db/read-models/surveys.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { Form } from '../../domain/survey/form.ts';
import { drawnIndicators, firstDrawn, type Indicator } from '../../domain/survey/indicators.ts';
import type { ResultState, ReusedCount } from '../../domain/survey/results.ts';
import { readerOf } from '../access/survey-reader.ts';
import type { ApiDeps } from '../deps.ts';
import { invalid, notFound, Problem } from '../problem.ts';

/** A survey as it is published to one reader. */
export interface Publication {
  readonly survey: SurveyView;
  readonly reader: SurveyReader;
  readonly authorName: string;
  readonly formOwner: string;
  readonly form: Form;
  readonly formVersion: number;
  /** Null: provisional. */
  readonly publishedAt: Date | null;
  /** False: the reader sees a part of it, its own territory. */
  readonly whole: boolean;
  readonly asked: readonly AskedTerritory[];
  /** Answers of the corrected reading that were taken over from earlier ones; null: none. */
  readonly reused: ReusedCount | null;
  /** `closing` is null before the first closing. */
  readonly readings: Readonly<Record<ResultState, Reading | null>>;
  /** By territory; those of the reader's. */
  readonly acceptances: ReadonlyMap<string, AcceptanceView>;
}

/** @throws Problem 404, 409 (a draft has nothing to publish) */
export async function publicationOf(deps: ApiDeps, request: FastifyRequest, id: string): Promise<Publication> {
  const { sql } = deps.database;
  const reader = readerOf(request);
  const { survey, form, formVersion } = await opened(deps, reader, id);
  const which = (as: ResultState) => readReading(sql, reader, { survey: id, as }, form);
  const [facts, asked, acceptances, corrected, closing] = [
    await publicationFacts(sql, id),
    await listAskedTerritories(sql, reader, id),
    await listAcceptances(sql, reader, id),
    await which('corrected'),
    survey.closings === 0 ? null : await which('closing'),
  ];
  return {
    ...{ survey, reader, form, formVersion, asked, ...facts },
    reused: survey.reuse === null ? null : await readReused(sql, reader, id),
    whole: reader.scope === 'all' || reader.org === survey.author,
    readings: { closing, corrected },
    acceptances: new Map(acceptances.map((one) => [one.territory, one])),
  };
}

/** A survey that has been opened, and the version of the form that it asks. @throws Problem 404, 409 */
export async function opened(
  deps: ApiDeps,
  reader: SurveyReader,
  id: string,
): Promise<{ readonly survey: SurveyView; readonly form: Form; readonly formVersion: number }> {
  const survey = await getSurvey(deps.database.sql, reader, id);
  if (survey === undefined) throw notFound();
  const { formVersion, formId } = survey;
  if (formVersion === null)
    throw new Problem(409, 'draft', 'Cette enquête est en brouillon\u00a0: elle n’a pas encore de résultats.');
  return { survey, formVersion, form: await readForm(deps.database.sql, formId, formVersion) };
}

/** The indicator of a name; of none the first that the form puts forward. @throws Problem 422 */
export function indicatorOf(form: Form, column: string | undefined): Indicator {
  if (column === undefined) return firstDrawn(form);
  const found = drawnIndicators(form).find((one) => one.column === column);
  if (found !== undefined) return found;
  const message = 'Ce chiffre n’existe pas dans ce questionnaire, ou ne se dessine pas (une date, un texte).';
  throw invalid([{ pointer: '/question', code: 'unknown', message }]);
}

/** @throws Problem 409 before the first closing */
export function refuseEarly(survey: SurveyView, as: ResultState): void {
  if (as === 'closing' && survey.closings === 0)
    throw new Problem(409, 'not-closed', 'Cette enquête n’a pas encore été close\u00a0: demandez as=corrected.');
}
