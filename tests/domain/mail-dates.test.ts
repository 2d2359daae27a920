import { expect, test } from '@jest/globals';
import { findMoments } from '../../domain/mail-dates.ts';
import { plain } from '../../domain/mail-text.ts';

const at = (text: string, now = '2026-11-24T10:00:00+01:00', zone = 'Europe/Paris'): string[] =>
  findMoments(plain(text), { now: Date.parse(now), zone }).map(
    (moment) => `${new Date(moment.at).toISOString()}${moment.timed ? '' : ' (day)'}`,
  );

test.each([
  ['le 25/11 à 14 h', '2026-11-25T13:00:00.000Z'],
  ['mercredi 25 novembre 2026 à 14 h 30', '2026-11-25T13:30:00.000Z'],
  ['25.11.26', '2026-11-24T23:00:00.000Z (day)'],
  ['1er décembre', '2026-11-30T23:00:00.000Z (day)'],
  ['le 3 janv.', '2027-01-02T23:00:00.000Z (day)'],
  ['fait le 3/11', '2026-11-02T23:00:00.000Z (day)'],
  ['demain midi', '2026-11-25T11:00:00.000Z'],
  ['demain minuit', '2026-11-25T23:00:00.000Z'],
  ['lundi 9h', '2026-11-30T08:00:00.000Z'],
  ['mardi', '2026-11-30T23:00:00.000Z (day)'],
  ['à 18h30', '2026-11-24T17:30:00.000Z'],
  ['à 8 h', '2026-11-25T07:00:00.000Z'],
  ['dans 2 heures', '2026-11-24T11:00:00.000Z'],
  ['sous 48 h', '2026-11-26T09:00:00.000Z'],
  ['November 30', '2026-11-29T23:00:00.000Z (day)'],
  ['Monday, November 30th 2026 at 2:30 pm', '2026-11-30T13:30:00.000Z'],
  ['11/30/2026', '2026-11-29T23:00:00.000Z (day)'],
  ['by 12 am', '2026-11-24T23:00:00.000Z'],
  ['tomorrow at noon', '2026-11-25T11:00:00.000Z'],
  ['2026-12-01 à 08:15', '2026-12-01T07:15:00.000Z'],
])('«%s»', (text, expected) => expect(at(text)).toEqual([expected]));

test.each(['fait à 60 %', 'N°2026_042', 'le 31/02', 'report de 2 heures', '99/99', '01 23 45 67 89', 'article 12.1.3'])(
  '«%s» names no instant',
  (text) => expect(at(text)).toEqual([]),
);

test('a day of the week that is not that date stays beside it, for a person to see', () => {
  expect(at('mardi 25 novembre')).toEqual(['2026-11-30T23:00:00.000Z (day)', '2026-11-24T23:00:00.000Z (day)']);
});

test('an hour that the night of summer time has not is the one after it, and the doubled one is the first', () => {
  expect(at('le 29/03/2026 à 2 h 30', '2026-03-28T12:00:00+01:00')).toEqual(['2026-03-29T01:30:00.000Z']);
  expect(at('le 25/10/2026 à 2 h 30', '2026-10-24T12:00:00+02:00')).toEqual(['2026-10-25T00:30:00.000Z']);
});

test('the zone of the writer counts', () => {
  expect(at('demain à 14 h', '2026-11-24T22:30:00Z', 'Indian/Reunion')).toEqual(['2026-11-26T10:00:00.000Z']);
});
