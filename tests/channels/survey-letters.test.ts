import { expect, test } from '@jest/globals';
import { surveyLetter, type SurveyLetterMatter } from '../../channels/templates/survey.ts';
import { CORRUSS } from '../../domain/organisation.ts';

const CORRUSS_NAME = 'CORRUSS – Centre opérationnel de réception et de régulation des urgences sanitaires et sociales';
const MATTER: SurveyLetterMatter = {
  ...{ survey: 's', title: 'BACH', exercise: false, author: CORRUSS, authorName: CORRUSS_NAME, contact: null },
  ...{ closesAt: Date.parse('2026-11-24T17:00:00Z'), closedAt: null, crisis: null, missing: [], figures: null },
  counts: { expected: 1, notConcerned: 0, received: 0, complete: 0, validated: 0, onTime: 0, late: 1 },
  ...{ purpose: 'returned', detail: {}, pageUrl: 'http://v/enquetes/s', recipient: 'CHR', timeZone: 'Europe/Paris' },
  answerUrl: 'http://v/s/x',
  returned: null,
};
const saying = (change: Partial<SurveyLetterMatter>): string =>
  JSON.stringify(surveyLetter({ ...MATTER, ...change })).replaceAll('\u00a0', ' ');

test('the desk is named at length once, and in a sentence as one says it; an agency with its article', () => {
  const returned = saying({ detail: { byName: CORRUSS_NAME } });
  expect(returned).toContain('["Renvoyée par","CORRUSS"]');
  expect(returned).toContain('votre réponse arrive au CORRUSS.');
  expect(returned.split(CORRUSS_NAME)).toHaveLength(2);
  const agency = { author: 'ARS-84', authorName: 'ARS Auvergne-Rhône-Alpes' };
  const refused = { purpose: 'fileRefused', detail: { file: 'r.csv', notOpen: true } } as const;
  expect(saying({ ...agency, ...refused })).toContain('écrivez à l’ARS Auvergne-Rhône-Alpes.');
  expect(saying(refused)).toContain('écrivez au CORRUSS.');
});

test('what was understood of a file is counted in words that agree', () => {
  const taken = (answers: number) => saying({ purpose: 'fileTaken', detail: { file: 'r.csv', version: 1, answers } });
  expect(taken(1)).toContain('compris 1 réponse, champs');
  expect(taken(4)).toContain('compris 4 réponses, champs');
  const more = { file: 'r.csv', errors: ['Ligne 7'], more: 2 };
  expect(saying({ purpose: 'fileRefused', detail: more })).toContain('et 2 autres');
});
