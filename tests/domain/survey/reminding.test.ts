import { expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../../../domain/instant.ts';
import { chooseReminded, type ToRemind } from '../../../domain/survey/reminding.ts';

const NOW = Date.parse('2026-11-24T10:00:00+01:00');
const one = (id: string, changes: Partial<ToRemind> = {}): ToRemind => ({
  ...{ id, key: `SITE-${id}`, name: `CH ${id}`, owes: true, hasAddress: true, remindedAt: null },
  ...changes,
});
const choose = (named: string[] | null, ...found: ToRemind[]) => chooseReminded(named, found, NOW);
const recently = { remindedAt: NOW - HOUR + 1 };
const longAgo = { remindedAt: NOW - HOUR };
const told = (result: ReturnType<typeof choose>) =>
  'refusal' in result
    ? [result.refusal.code, ...(result.refusal.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)]
    : [...result.chosen];

test('nobody named: who owes an answer and can be reached, but whom the last hour has reminded', () => {
  const found = [one('1'), one('2', longAgo), one('3', recently), one('4', { hasAddress: false })];
  expect(choose(null, ...found)).toEqual({ chosen: ['1', '2'], tooSoon: 1 });
});

test('nobody left to remind is told by its reason; those of the last hour by their names', () => {
  expect(told(choose(null))).toEqual(['nobodyLate']);
  expect(told(choose(null, one('1', { owes: false })))).toEqual(['nobodyLate']);
  expect(told(choose(null, one('1', { hasAddress: false })))).toEqual(['nobodyLate']);
  const many = Array.from({ length: 12 }, (_, n) => one(String(n), { remindedAt: NOW - MINUTE }));
  const refused = choose(null, ...many);
  expect('refusal' in refused && refused.refusal.detail).toMatch(/CH 0, CH 1, .*CH 9, 2 autres\.$/);
});

test('named ones: all or none, by id or by organisation, each wrong one told', () => {
  expect(told(choose(['1', 'SITE-2'], one('1'), one('2')))).toEqual(['1', '2']);
  const wrong = [one('1'), one('2', { owes: false }), one('3', { hasAddress: false })];
  expect(told(choose(['9', '1', 'SITE-1', '2', '3'], ...wrong))).toEqual([
    'invalid',
    '/respondents/0 unknown',
    '/respondents/2 duplicate',
    '/respondents/3 answered',
    '/respondents/4 withoutAddress',
  ]);
  expect(told(choose(['1', 'SITE-2'], one('1'), one('2', recently)))).toEqual(['tooSoon', '/respondents/1 tooSoon']);
});
