import type { FactKind } from '../changes.ts';
import { by, date, type Line, quoted, type Telling, text } from '../timeline-telling.ts';

type SeriesFact = Extract<FactKind, `surveySeries${string}`>;

const byHand = (telling: Telling): string => (telling.data['byHand'] === true ? ` ${by(telling)}` : '');
const due = ({ data, timeZone }: Telling): string => `ouverture du ${date(data['due'], timeZone)}`;

/** How the facts of a series of surveys are told. */
export const SERIES_LINES: Readonly<Record<SeriesFact, Line>> = {
  surveySeriesCreated: (telling) => `série d’enquêtes créée ${by(telling)}${quoted(telling.data['title'])}`,
  surveySeriesChanged: (telling) => `série d’enquêtes modifiée ${by(telling)}${quoted(telling.data['title'])}`,
  surveySeriesPaused: (telling) => `série d’enquêtes mise en pause ${by(telling)}${quoted(telling.data['reason'])}`,
  surveySeriesResumed: (telling) => `série d’enquêtes reprise ${by(telling)}${quoted(telling.data['reason'])}`,
  surveySeriesEnded: (telling) => `série d’enquêtes terminée ${by(telling)}${quoted(telling.data['reason'])}`,
  surveySeriesOpened: (telling) => {
    const { data, timeZone } = telling;
    const moved = data['opensAt'] === data['due'] ? '' : `, reportée au ${date(data['opensAt'], timeZone)}`;
    return data['byHand'] === true
      ? `enquête de la série lancée${byHand(telling)}${quoted(data['title'])}`
      : `${due(telling)} faite par la série${moved}${quoted(data['title'])}`;
  },
  surveySeriesSkipped: (telling) => `${due(telling)} laissée de côté${quoted(telling.data['detail'])}`,
  surveySeriesRefused: (telling) => `${due(telling)}${byHand(telling)} refusée${quoted(text(telling.data['detail']))}`,
  surveySeriesNoted: (telling) =>
    `refus de l’${due(telling)} pris en compte ${by(telling)}${quoted(telling.data['comment'])}`,
};
