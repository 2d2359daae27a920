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

test('a closing that moves says which way, until when it was and until when it is, there where it is read', () => {
  const from = Date.parse('2026-11-24T19:00:00Z');
  const sooner = saying({
    purpose: 'moved',
    detail: { from, reason: 'Point de situation avancé.' },
    timeZone: 'Indian/Reunion',
  });
  expect(sooner).toContain(
    'La clôture était prévue le mardi 24 novembre 2026 à 23 h 00 (heure de La Réunion) : elle est avancée.',
  );
  expect(sooner).toContain(
    '"À rendre avant","mardi 24 novembre 2026 à 21 h 00 (heure de La Réunion), soit 18 h 00 (heure de Paris)"',
  );
  expect(sooner).toContain('Point de situation avancé.');
  expect(sooner).toContain('"label":"Ouvrir le questionnaire"');
  expect(saying({ purpose: 'moved', detail: { from: from - 8 * 3_600_000 } })).toContain('elle est reportée.');
});

test('what was understood of a file is counted in words that agree', () => {
  const taken = (answers: number) => saying({ purpose: 'fileTaken', detail: { file: 'r.csv', version: 1, answers } });
  expect(taken(1)).toContain('compris 1 réponse, champs');
  expect(taken(4)).toContain('compris 4 réponses, champs');
  const more = { file: 'r.csv', errors: ['Ligne 7'], more: 2 };
  expect(saying({ purpose: 'fileRefused', detail: more })).toContain('et 2 autres');
});
