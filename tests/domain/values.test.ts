import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { deadlineAt } from '../../domain/deadline.ts';
import { parseDuration } from '../../domain/duration.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/instant.ts';
import { formatNumber, parisYear, parseNumber, seriesOf } from '../../domain/numbering.ts';
import { zoneLeadsOf } from '../../domain/organisation.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { canRead, covers, mayReplyFor, scopeOf } from '../../domain/scope.ts';
import { sha256 } from '../../domain/sha256.ts';
import { isBlank, isOneLine, wellFormed } from '../../domain/text.ts';
import { utf8 } from '../../domain/utf8.ts';
import { durationInWords, inWords } from '../../domain/wording.ts';
import { ORGANISATIONS, RELEASED } from './arrange.ts';

test('SHA-256 is the standard’s', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }));
  fc.assert(
    fc.property(text, (one) => {
      expect(Buffer.from(utf8(one))).toEqual(Buffer.from(new TextEncoder().encode(one)));
      expect(sha256(one)).toBe(createHash('sha256').update(one.toWellFormed()).digest('hex'));
    }),
  );
  for (const length of [55, 56, 63, 64, 65, 119, 120, 4096]) {
    expect(sha256('é'.repeat(length))).toBe(createHash('sha256').update('é'.repeat(length)).digest('hex'));
  }
});

test('canonical JSON is one text for one value', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each([
  ['2026-11-24T14:30:00+01:00', RELEASED],
  ['2026-11-24T13:30:00Z', RELEASED],
  ['2026-11-24t13:30:00.250z', RELEASED + 250],
  ['2026-11-24T09:00:00-04:30', RELEASED],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-11-24T13:30:00', null],
  ['2026-11-24', null],
  ['2026-11-24 13:30:00Z', null],
  ['2026-02-29T00:00:00Z', null],
  ['2026-13-01T00:00:00Z', null],
  ['2026-11-24T24:00:00Z', null],
  ['2026-11-24T13:60:00Z', null],
  ['2026-11-24T13:30:60Z', null],
  ['2026-11-24T13:30:00+24:00', null],
  ['2026-11-24T13:30:00+0100', null],
  ['1969-11-24T13:30:00Z', null],
  ['', null],
])('RFC 3339: «%s»', (text, instant) => {
  expect(parseRfc3339(text)).toBe(instant);
});

test.each([
  ['PT15M', 15 * MINUTE],
  ['PT1S', SECOND],
  ['PT0.5S', 500],
  ['P1D', DAY],
  ['P2W', 14 * DAY],
  ['P1DT2H30M', DAY + 2 * HOUR + 30 * MINUTE],
  ['PT0S', 0],
  ['P', null],
  ['PT', null],
  ['P1DT', null],
  ['P1M', null],
  ['P1Y', null],
  ['15M', null],
  ['-PT1H', null],
  ['PT1H ', null],
  ['PT1.5H', null],
])('ISO 8601 duration: «%s»', (text, millis) => {
  expect(parseDuration(text)).toBe(millis);
});

test('a number has three figures or more; exercises have their own series; the year is that of Paris', () => {
  expect(formatNumber(seriesOf(false), 2026, 1)).toBe('MINSANTE N°2026_001');
  expect(formatNumber(seriesOf(true), 2026, 1234)).toBe('MINSANTE EXERCICE N°2026_1234');
  expect(() => formatNumber('MINSANTE', 2026, 0)).toThrow(RangeError);
  expect(parseNumber('MINSANTE EXERCICE N°2026_1234')).toEqual({ series: 'MINSANTE EXERCICE', year: 2026, n: 1234 });
  expect(parseNumber('MINSANTE 2026')).toBeNull();
  expect(parisYear(Date.parse('2026-12-31T22:59:59Z'))).toBe(2026);
  expect(parisYear(Date.parse('2026-12-31T23:00:00Z'))).toBe(2027);
});

test('deadlines: a class counts from now, RFC 3339 stands, anything else is a mistake of the caller', () => {
  expect(deadlineAt('DEL0', RELEASED)).toBe(RELEASED + 15 * MINUTE);
  expect(deadlineAt('24H', RELEASED)).toBe(RELEASED + DAY);
  expect(deadlineAt('2026-11-24T15:30:00+01:00', RELEASED)).toBe(RELEASED + HOUR);
  expect(deadlineAt(null, RELEASED)).toBeNull();
  expect(() => deadlineAt('soon', RELEASED)).toThrow(RangeError);
});

test.each([
  ['Europe/Paris', 'mardi 24 novembre 2026 à 14 h 30 (heure de Paris)'],
  ['America/Guadeloupe', 'mardi 24 novembre 2026 à 9 h 30 (heure de la Guadeloupe)'],
  ['America/Martinique', 'mardi 24 novembre 2026 à 9 h 30 (heure de la Martinique)'],
  ['America/Cayenne', 'mardi 24 novembre 2026 à 10 h 30 (heure de la Guyane)'],
  ['Indian/Reunion', 'mardi 24 novembre 2026 à 17 h 30 (heure de La Réunion)'],
  ['Indian/Mayotte', 'mardi 24 novembre 2026 à 16 h 30 (heure de Mayotte)'],
])('an instant in words, in %s', (zone, words) => {
  expect(inWords(RELEASED, zone)).toBe(words);
});

test('the first of a month, summer time and durations in words', () => {
  expect(inWords(Date.parse('2026-05-01T06:05:00Z'))).toBe('vendredi 1er mai 2026 à 8 h 05 (heure de Paris)');
  expect(durationInWords(90 * MINUTE)).toBe('1 h 30 min');
  expect(durationInWords(2 * DAY + HOUR + MINUTE)).toBe('2 jours 1 h');
  expect(durationInWords(400)).toBe('0 s');
});

test('texts that PostgreSQL or a mail header would refuse are known', () => {
  expect(['é🚑', 'a\0', '\uD83D', '\uDE91\uD83D', 'a\nb'].map(wellFormed)).toEqual([true, false, false, false, true]);
  expect(['é🚑', 'a\nb', 'a\rb', 'a\u2029b', 'a\u0085b', 'a\tb'].map(isOneLine)).toEqual([
    ...[true, false, false, false, false, false],
  ]);
});

const claims = (org: string, ...roles: string[]) => ({ sub: 's', org, roles });

test.each([
  ['author', claims('CORRUSS', 'author'), 'all'],
  ['head', claims('CORRUSS', 'head'), 'all'],
  ['supervisor', claims('CORRUSS', 'supervisor'), 'all'],
  ['an author of nowhere', claims('ARS-94', 'author'), []],
  ['administrator', claims('CORRUSS', 'admin'), []],
  ['an ARS', claims('ARS-94', 'ars'), ['ARS-94']],
  ['a zone lead', claims('ARS-93', 'ars'), ['ARS-93', 'ARS-94', 'ARS-76']],
  ['an ARS that is none', claims('ARS-99', 'ars'), []],
  ['the desk posing as an ARS', claims('CORRUSS', 'ars'), []],
  ['a site', claims('SITE-010000024', 'site'), []],
  ['nobody', claims('ARS-94'), []],
])('who reads what: %s', (_who, who, scope) => {
  expect(scopeOf(who, ORGANISATIONS)).toEqual(scope);
});

test('a zone lead reads its zone and answers for itself only; the desk answers on behalf', () => {
  const scope = scopeOf(claims('ARS-93', 'ars'), ORGANISATIONS);
  expect([covers(scope, 'ARS-94'), covers(scope, 'ARS-84'), canRead(scope, ['ARS-84', 'ARS-76'])]).toEqual([
    true,
    false,
    true,
  ]);
  expect(canRead(scope, ['ARS-84'])).toBe(false);
  expect(mayReplyFor(claims('ARS-93', 'ars'), 'ARS-94')).toBe('no');
  expect(mayReplyFor(claims('ARS-93', 'ars'), 'ARS-93')).toBe('itself');
  expect(mayReplyFor(claims('CORRUSS', 'releaser'), 'ARS-93')).toBe('onBehalf');
  expect(mayReplyFor(claims('CORRUSS', 'supervisor'), 'ARS-93')).toBe('no');
});

test('every ARS that does not lead its zone has its lead', () => {
  expect(zoneLeadsOf(ORGANISATIONS)).toEqual({ 'ARS-94': 'ARS-93', 'ARS-76': 'ARS-93' });
});

test('a text that nobody sees is blank, whatever it is made of', () => {
  const unseen = [
    '',
    ' \n\t',
    '\u00a0\u2003\u3000',
    '\u200b',
    '\ufeff',
    '\u200d\u2060',
    '\u00ad',
    '\u3164',
    '\u2800',
    '\u{e0020}',
  ];
  for (const text of unseen) expect([JSON.stringify(text), isBlank(text)]).toEqual([JSON.stringify(text), true]);
  for (const text of ['a', '\u200bé', '–', '0', '👍', '\u0301']) expect([text, isBlank(text)]).toEqual([text, false]);
});
