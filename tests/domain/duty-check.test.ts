import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isMailAddress, isPhoneNumber } from '../../channels/address.ts';
import { checkRoster } from '../../domain/duty-check.ts';
import { rosterDocument } from '../../domain/duty-document.ts';
import { WARNED_AHEAD, WARNINGS_LIMIT } from '../../domain/duty-warnings.ts';
import { DAY, HOUR } from '../../domain/instant.ts';
import { PARIS } from '../../domain/wording.ts';
import { rosters } from './duty-arrange.ts';

const NOW = Date.parse('2026-11-24T13:30:00Z');
const RHONE = { id: 'ARS-84', departments: ['D01', 'D69'], timeZone: PARIS };
const MARTINIQUE = { id: 'ARS-02', departments: ['D972'], timeZone: 'America/Martinique' };
const context = { now: NOW, organisation: RHONE, addresses: { isMailAddress, isPhoneNumber } };

const ANNE = { key: 'anne', name: 'Anne Martin', mail: 'anne@ars.example', phone: '+33612345678' };
const BRUNO = { key: 'bruno', name: 'Bruno Petit', mail: null, phone: '+33612345679' };
const DAILY = { every: 'P1D', handOver: '08:30', startsOn: '2026-11-01', people: ['anne', 'bruno'] };
const SWAP = { layer: 'Première', from: '2026-12-24T18:00:00+01:00', to: '2026-12-25T18:00:00+01:00', person: 'anne' };
const right = { people: [ANNE, BRUNO], layers: [{ name: 'Première', rotations: [DAILY] }], overrides: [SWAP] };

const check = (changes: object) => checkRoster({ ...right, ...changes }, context);
const wrong = (changes: object): string[] => check(changes).errors.map(({ pointer, code }) => `${pointer} ${code}`);
const turn = (changes: object): object => ({ layers: [{ name: 'Première', rotations: [{ ...DAILY, ...changes }] }] });
const swap = (changes: object): object => ({ overrides: [{ ...SWAP, ...changes }] });
const someone = (changes: object): object => ({ people: [{ ...ANNE, ...changes }, BRUNO] });
const warnings = (changes: object): string[] => check(changes).warnings.map(({ message }) => message);

test('a right roster is taken without a warning, and its document makes the same roster again', () => {
  const checked = check({});
  expect(checked).toMatchObject({ errors: [], warnings: [], roster: { organisation: 'ARS-84', coverage: null } });
  expect(checked.roster?.layers[0]?.rotations[0]).toEqual({
    ...DAILY,
    every: DAY,
    weekday: null,
    endsOn: null,
    hours: null,
  });
  const document: unknown = JSON.parse(JSON.stringify(checked.roster && rosterDocument(checked.roster)));
  expect(checkRoster(document, context)).toEqual(checked);
});

test('any roster goes through its document and comes back', () => {
  fc.assert(
    fc.property(rosters, (one) => {
      const back = checkRoster(JSON.parse(JSON.stringify(rosterDocument(one))), {
        ...context,
        now: Date.parse('2050-01-01T00:00:00Z'),
      });
      const territory = { ...one.territory, timeZone: PARIS };
      const layers = one.layers.filter(({ rotations }) => rotations.length > 0);
      const named = one.overrides.filter(({ layer }) => layer === null || layers.some(({ name }) => name === layer));
      const sound = named.length === one.overrides.length && layers.length === one.layers.length;
      const isSelf = one.overrides.some(({ replaces, person }) => replaces !== null && replaces === person);
      if (sound && !isSelf) expect(back).toMatchObject({ errors: [], roster: { ...one, territory } });
      else expect(back.errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 40 },
  );
});

test('clock and calendar are those of the organisation, unless another calendar is asked for', () => {
  expect(checkRoster(right, { ...context, organisation: MARTINIQUE }).roster?.territory).toEqual({
    timeZone: 'America/Martinique',
    calendar: 'MQ',
  });
  expect(check({ calendar: '67' }).roster?.territory).toEqual({ timeZone: PARIS, calendar: '67' });
});

test.each<[string, object, string[]]>([
  ['an unknown field', { colour: 'red' }, ['/colour unknown']],
  ['an unknown calendar', { calendar: 'D67' }, ['/calendar enum']],
  ['people that are no list', { people: {}, layers: [], overrides: [] }, ['/people type']],
  ['a person that is none', { people: [ANNE, BRUNO, 7] }, ['/people/2 type']],
  ['a person without a name', someone({ name: ' ' }), ['/people/0/name required']],
  ['a name of two lines', someone({ name: 'Anne\r\nBcc: x' }), ['/people/0/name format']],
  ['a person without any address', someone({ mail: null, phone: null }), ['/people/0 required']],
  ['two addresses in one', someone({ mail: 'a@x.example, b@y.example' }), ['/people/0/mail format']],
  ['an address with a header', someone({ mail: 'a@x.example\r\nBcc: b@y.example' }), ['/people/0/mail format']],
  ['a national number', someone({ phone: '06 12 34 56 78' }), ['/people/0/phone format']],
  ['an unknown field of a person', someone({ fax: '1' }), ['/people/0/fax unknown']],
  ['a key of a strange form', { people: [ANNE, BRUNO, { ...ANNE, key: 'Zoé' }] }, ['/people/2/key format']],
  ['a key twice', { people: [ANNE, BRUNO, ANNE] }, ['/people/2/key duplicate']],
  [
    '101 persons',
    { people: Array.from({ length: 101 }, () => ANNE) },
    ['/people tooLong', '/layers/0/rotations/0/people/1 unknown'],
  ],
  ['layers that are no list', { layers: 'none' }, ['/layers type', '/overrides/0/layer unknown']],
  [
    'six layers',
    { layers: Array.from({ length: 6 }, (_, index) => ({ name: `${index}`, rotations: [DAILY] })), overrides: [] },
    ['/layers tooLong'],
  ],
  ['a layer without a rotation', { layers: [{ name: 'Première', rotations: [] }] }, ['/layers/0/rotations empty']],
  [
    'two layers of one name',
    { layers: [1, 2].map(() => ({ name: 'Première', rotations: [DAILY] })) },
    ['/layers/1/name duplicate'],
  ],
  ['an unknown field of a rotation', turn({ length: 'P1D' }), ['/layers/0/rotations/0/length unknown']],
  ['a rotation that is none', { layers: [{ name: 'Première', rotations: [null] }] }, ['/layers/0/rotations/0 type']],
  ['no length', turn({ every: null }), ['/layers/0/rotations/0/every required']],
  ['a length in months', turn({ every: 'P1M' }), ['/layers/0/rotations/0/every format']],
  ['a length of half an hour', turn({ every: 'PT30M' }), ['/layers/0/rotations/0/every range']],
  ['a length of nine weeks', turn({ every: 'P9W' }), ['/layers/0/rotations/0/every range']],
  ['an hour of no clock', turn({ handOver: '24:00' }), ['/layers/0/rotations/0/handOver format']],
  ['no hour', turn({ handOver: '' }), ['/layers/0/rotations/0/handOver required']],
  ['an unknown weekday', turn({ every: 'P1W', weekday: 'lundi' }), ['/layers/0/rotations/0/weekday enum']],
  ['a weekday with turns of a day', turn({ weekday: 'monday' }), ['/layers/0/rotations/0/weekday notAllowed']],
  ['a day of no calendar', turn({ startsOn: '2026-02-30' }), ['/layers/0/rotations/0/startsOn format']],
  ['an instant as a day', turn({ startsOn: '2026-02-20T08:30:00Z' }), ['/layers/0/rotations/0/startsOn format']],
  ['an end before the start', turn({ endsOn: '2026-11-01' }), ['/layers/0/rotations/0/endsOn order']],
  ['nobody in a rotation', turn({ people: [] }), ['/layers/0/rotations/0/people empty']],
  ['an unknown person', turn({ people: ['anne', 'zoe'] }), ['/layers/0/rotations/0/people/1 unknown']],
  ['a person of all objects', turn({ people: ['constructor'] }), ['/layers/0/rotations/0/people/0 unknown']],
  ['no hours at all', turn({ hours: [] }), ['/layers/0/rotations/0/hours empty']],
  [
    'hours wrong in everything',
    turn({ hours: [{ days: ['monday', 'lundi', 'monday'], from: '8:30', at: 1 }] }),
    ['at unknown', 'days/1 unknown', 'days/2 duplicate', 'from format', 'to required'].map(
      (one) => `/layers/0/rotations/0/hours/0/${one}`,
    ),
  ],
  ['coverage of no day', { coverage: [{ days: [], from: '08:30', to: '18:30' }] }, ['/coverage/0/days empty']],
  ['an override of nothing', swap({ layer: null }), ['/overrides/0/layer required']],
  ['an override of an unknown layer', swap({ layer: 'Troisième' }), ['/overrides/0/layer unknown']],
  ['an override by an unknown person', swap({ person: 'zoe' }), ['/overrides/0/person unknown']],
  ['a person replaced by herself', swap({ replaces: 'anne' }), ['/overrides/0/person same']],
  ['an override that ends before it begins', swap({ to: SWAP.from }), ['/overrides/0/to order']],
  ['an override of more than a year', swap({ to: '2028-01-01T00:00:00Z' }), ['/overrides/0/to range']],
  ['an override without offset', swap({ from: '2026-12-24T18:00:00' }), ['/overrides/0/from format']],
  ['an override of another century', swap({ from: '1999-12-31T23:00:00Z' }), ['/overrides/0/from range']],
  ['a reason of two lines', swap({ reason: 'congés\nmaladie' }), ['/overrides/0/reason format']],
  ['an unknown field of an override', swap({ until: 1 }), ['/overrides/0/until unknown']],
  ['201 overrides', { overrides: Array.from({ length: 201 }, () => SWAP) }, ['/overrides tooLong']],
])('%s', (_name, changes, expected) => {
  expect(wrong(changes)).toEqual(expected);
});

test('an override must say its person, if only that there is none', () => {
  const { person: _person, ...silent } = SWAP;
  expect(wrong({ overrides: [silent] })).toEqual(['/overrides/0/person required']);
  expect(wrong(swap({ person: null }))).toEqual([]);
});

test('every error is told at once, in French, and a wrong person does not make its names wrong', () => {
  const { roster, errors, warnings: none } = check({ ...someone({ mail: 'a b' }), ...swap({ to: 'x' }), more: 1 });
  expect([roster, none]).toEqual([null, []]);
  expect(errors.map(({ pointer }) => pointer)).toEqual(['/more', '/people/0/mail', '/overrides/0/to']);
  expect(errors.every(({ message }) => /^[A-ZÉ].*\.$/.test(message))).toBe(true);
});

test.each([
  [null],
  ['x'],
  [[]],
  [7],
  [{ layers: [[]] }],
  [{ overrides: [{ person: {} }] }],
  [{ people: [{ key: {} }] }],
])('rubbish is refused, never thrown at: %j', (raw) => {
  expect(checkRoster(raw, context).errors.length).toBeGreaterThan(0);
});

test('whatever comes, the check answers', () => {
  const fields = [
    'people',
    'layers',
    'overrides',
    'coverage',
    'calendar',
    'name',
    'rotations',
    'every',
    'key',
    'person',
    'from',
  ];
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, 1, 'x', '08:30', 'P1D', '2026-11-24'),
      fc.array(tie('node')),
      fc.dictionary(fc.constantFrom(...fields), tie('node')),
    ),
  })).node;
  fc.assert(
    fc.property(value, (raw) => expect(Array.isArray(checkRoster(raw, context).errors)).toBe(true)),
    { numRuns: 200 },
  );
});

test('a gap is a warning that names it, in the hours of the territory', () => {
  const hole = swap({ from: '2026-12-24T18:00:00+01:00', to: '2026-12-25T08:30:00+01:00', person: null });
  expect(warnings(hole)).toEqual([
    'Personne n’est d’astreinte du jeudi 24 décembre 2026 à 18 h 00 au vendredi 25 décembre 2026 à 8 h 30 (heure de Paris), soit 14 h 30 min.',
  ]);
  const there = checkRoster({ ...right, ...hole }, { ...context, organisation: MARTINIQUE });
  expect(there.warnings).toMatchObject([
    { code: 'gap', pointer: '', from: Date.parse('2026-12-24T17:00:00Z'), to: Date.parse('2026-12-25T07:30:00Z') },
  ]);
  expect(there.warnings[0]?.message).toMatch(
    /du jeudi 24 décembre 2026 à 13 h 00 au .* à 3 h 30 \(heure de la Martinique\)/,
  );
});

test('the end of the last rotation is a gap that has no known end; an empty roster has one from now on', () => {
  expect(warnings(turn({ endsOn: '2027-01-04' }))).toEqual([
    'Personne n’est d’astreinte à partir du lundi 4 janvier 2027 à 8 h 30, au moins jusqu’au samedi 23 janvier 2027 à 14 h 30 (heure de Paris).',
  ]);
  expect(checkRoster({}, context).warnings).toMatchObject([{ code: 'gap', from: NOW, to: NOW + WARNED_AHEAD }]);
});

test('overlaps are warnings that name who holds', () => {
  const weekend = {
    ...DAILY,
    people: ['bruno'],
    hours: [{ days: ['saturday'], from: '08:30', to: '12:30' }],
    endsOn: '2026-11-30',
  };
  expect(warnings({ layers: [{ name: 'Première', rotations: [weekend, { ...DAILY, people: ['anne'] }] }] })).toEqual([
    '« Première » : deux rotations se chevauchent du samedi 28 novembre 2026 à 8 h 30 au samedi 28 novembre 2026 à 12 h 30 (heure de Paris) (Bruno Petit et Anne Martin) ; Bruno Petit est d’astreinte.',
  ]);
  const absence = { ...SWAP, person: null, to: '2026-12-24T20:00:00+01:00' };
  expect(warnings({ overrides: [absence, SWAP] })).toEqual([
    '« Première » : deux remplacements se chevauchent du jeudi 24 décembre 2026 à 18 h 00 au jeudi 24 décembre 2026 à 20 h 00 (heure de Paris) ; le dernier saisi l’emporte (Anne Martin, et non personne).',
  ]);
  const layers = ['Première', 'Seconde'].map((name) => ({ name, rotations: [{ ...DAILY, people: ['anne'] }] }));
  expect(warnings({ layers, overrides: [] })).toEqual([
    'Anne Martin est d’astreinte à la fois pour « Première » et « Seconde » du mardi 24 novembre 2026 à 14 h 30 au samedi 23 janvier 2027 à 14 h 30 (heure de Paris) : personne ne prend le relais.',
  ]);
});

test('warnings without end are named up to a limit, then counted', () => {
  const found = check(
    turn({ hours: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '18:30', to: '08:30' }] }),
  ).warnings;
  expect(found).toHaveLength(WARNINGS_LIMIT + 1);
  expect(found.at(-1)?.message).toMatch(/^\d+ autres périodes sans astreinte jusqu’au samedi 23 janvier 2027/);
  expect(found.every((one, index) => index === 0 || one.from > (found[index - 1]?.from ?? 0))).toBe(true);
  expect(check({ coverage: [{ days: ['sunday'], from: '00:00', to: '00:00' }] }).warnings).toEqual([]);
  expect((found[1]?.to ?? 0) - (found[1]?.from ?? 0)).toBe(10 * HOUR);
});
