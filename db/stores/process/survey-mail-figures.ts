import { figureInWords } from '../../../domain/survey/figure-words.ts';
import { figureIn, headlinesOf } from '../../../domain/survey/indicators.ts';
import type { SurveyMailFigures } from '../../../domain/survey/subject-matter.ts';
import type { Sql } from '../../database.ts';
import { listAskedTerritories, readReading } from '../../read-models/survey-publication.ts';
import { readForm } from '../desk/published-forms.ts';

const EVERYBODY = { scope: 'all', org: '' } as const;

/** The first figures of a survey as they are now, and who is late of which agency; null of a survey that never opened. */
export async function readMailFigures(db: Sql, survey: string): Promise<SurveyMailFigures | null> {
  const { form_id, form_version } = await db
    .selectFrom('survey')
    .select(['form_id', 'form_version'])
    .where('id', '=', survey)
    .executeTakeFirstOrThrow();
  if (form_version === null) return null;
  const form = await readForm(db, form_id, form_version);
  const reading = await readReading(db, EVERYBODY, { survey, as: 'corrected' }, form);
  if (reading === null) return null;
  const asked = await listAskedTerritories(db, EVERYBODY, survey);
  const names = new Map(asked.map(({ territory, name }) => [territory, name]));
  const { total, territories } = reading;
  // Of agencies that answer for themselves their names say more than «1 of 1».
  const manyEach = territories.length > 1 && territories.some((one) => one.expected + one.notConcerned > 1);
  return {
    headlines: headlinesOf(form).map((one) => ({ label: one.label, words: wordsOf(figureIn(one, total), one.unit) })),
    late: (manyEach ? territories : [])
      .filter(({ late }) => late > 0)
      .map(({ territory, late, expected }) => ({ name: names.get(territory) ?? territory, late, expected })),
    notValidated: asked.reduce((all, one) => all + one.notValidated, 0),
  };
}

const wordsOf = (figure: string | number | null, unit: string): string =>
  figure === null ? 'aucune réponse' : figureInWords(figure, unit);
