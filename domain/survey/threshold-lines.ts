import { by, count, type Line, quoted, text } from '../timeline-telling.ts';
import { figureInWords } from './figure-words.ts';

type ThresholdFact = 'surveyThresholdCrossed' | 'surveyThresholdBack' | 'surveyThresholdNoted';

const figure = (value: unknown): string => (typeof value === 'number' ? figureInWords(value) : '?');

/** How the crossings of a threshold are told. */
export const THRESHOLD_LINES: Readonly<Record<ThresholdFact, Line>> = {
  surveyThresholdCrossed: ({ data }) => {
    const draft = text(data['instruction']) === '' ? '' : ', instruction préparée en brouillon';
    return `seuil franchi${draft}${quoted(data['label'])}, ${text(data['name'])}\u00a0: ${figure(data['figure'])} (${count(data['received'])} réponse(s) sur ${count(data['expected'])})`;
  },
  surveyThresholdBack: ({ data }) => {
    const now =
      typeof data['figure'] === 'number'
        ? `\u00a0: ${figure(data['figure'])}`
        : '\u00a0: aucune réponse ne compte plus';
    return `retour dans les limites${quoted(data['label'])}, ${text(data['name'])}${now}`;
  },
  surveyThresholdNoted: (telling) =>
    `franchissement pris en compte ${by(telling)}${quoted(telling.data['label'])}, ${text(telling.data['name'])}${quoted(telling.data['comment'])}`,
};
