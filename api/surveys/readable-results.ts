import type { SurveyView } from '../../db/read-models/surveys.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { ResultLevel, ResultState } from '../../domain/survey/results.ts';
import { Problem } from '../problem.ts';

/** Who reads the figures of a part of the nation reads no sum of it. @throws Problem 403, 409 */
export function refuseResults(
  survey: SurveyView,
  reader: SurveyReader,
  { by, as }: { readonly by: ResultLevel; readonly as: ResultState },
): void {
  const readsAll = reader.scope === 'all' || reader.org === survey.author;
  if ((by === 'zone' || by === 'nation') && !readsAll)
    throw new Problem(
      403,
      'territory',
      'Votre territoire ne couvre pas ce niveau\u00a0: demandez by=ars, department ou site.',
    );
  if (survey.formVersion === null)
    throw new Problem(409, 'draft', 'Cette enquête est en brouillon\u00a0: elle n’a pas encore de résultats.');
  if (as === 'closing' && survey.closings === 0)
    throw new Problem(409, 'not-closed', 'Cette enquête n’a pas encore été close\u00a0: demandez as=corrected.');
}
