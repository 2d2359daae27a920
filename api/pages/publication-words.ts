import { figureInWords } from '../../domain/survey/figure-words.ts';
import { figureIn, type Indicator } from '../../domain/survey/indicators.ts';
import { rateOf } from '../../domain/survey/rates.ts';
import type { ResultState, TerritoryResult } from '../../domain/survey/results.ts';
import type { TrendPoint } from '../documents/survey-trend.ts';
import type { Publication } from '../surveys/publication.ts';

/** What of a publication is drawn. */
export interface Drawn {
  readonly publication: Publication;
  readonly indicator: Indicator;
  readonly as: ResultState;
  /** Of the same indicator and reading. */
  readonly points: readonly TrendPoint[];
}

/** `66,7 %`; a dash of nobody. */
export const rateWords = (part: number, whole: number): string => {
  const rate = rateOf(part, whole);
  return rate === null ? '–' : figureInWords(rate, '%');
};

/** The figure of a row as it is read; of nobody in words, for a dash alone is not heard. */
export const figureWords = (indicator: Indicator, row: TerritoryResult | undefined): string => {
  const figure = row === undefined ? null : figureIn(indicator, row);
  return figure === null ? 'aucune réponse' : figureInWords(figure, indicator.unit);
};
