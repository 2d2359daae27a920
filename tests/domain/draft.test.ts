import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveAudience } from '../../domain/audience.ts';
import { bodyProblems } from '../../domain/draft-body.ts';
import { checkDraft } from '../../domain/draft.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/instant.ts';
import type { Territory } from '../../domain/organisation.ts';
import { firstDeadline, termsOf } from '../../domain/terms.ts';
import { ORGANISATIONS, RELEASED } from './arrange.ts';

const CONTEXT = { now: RELEASED, organisations: ORGANISATIONS };
const FILE = '0198c0de-0000-7000-8000-000000000001';
const right = {
  nature: 'action',
  subject: 'Activation du plan blanc',
  body: 'Merci de **confirmer**.',
  audience: { national: true },
  deadline: '4H',
};
const STEP = { after: 'PT10M', target: 'alertBox', channel: 'mail' };

const wrong = (changes: Record<string, unknown>): string[] =>
  checkDraft({ ...right, ...changes }, CONTEXT).errors.map(({ pointer, code }) => `${pointer} ${code}`);

test('a right draft comes back in normal form, which is right as well', () => {
  const { draft, errors } = checkDraft(right, CONTEXT);
  expect(errors).toEqual([]);
  expect(draft).toMatchObject({ acceptance: 'automatic', evidence: 'optional', ladder: null, exercise: false });
  expect(checkDraft(JSON.parse(JSON.stringify(draft)), CONTEXT)).toEqual({ draft, errors: [] });
});

test('every optional field in its right form is taken', () => {
  const full = {
    ...right,
    zonesOnly: true,
    deadline: '2026-11-24T18:00:00+01:00',
    acknowledgeWithin: 'PT30M',
    acceptance: 'required',
    evidence: 'required',
    takenInChargeExpires: 'PT1H',
    deferralLimit: 'P2D',
    ladder: [STEP, { after: 'PT10M1S', target: 'onCall', channel: 'call' }],
    exercise: true,
    attachments: [FILE],
    crisisId: null,
    relayTo: null,
  };
  expect(checkDraft(full, CONTEXT)).toMatchObject({ errors: [], draft: { exercise: true, attachments: [FILE] } });
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['an unknown field', { colour: 'red' }, ['/colour unknown']],
  ['an unknown nature', { nature: 'order' }, ['/nature enum']],
  ['no nature', { nature: null }, ['/nature required']],
  ['a diffusion to nobody', { nature: 'diffusion' }, ['/relayTo required']],
  ['a diffusion to an empty list', { nature: 'diffusion', relayTo: [] }, ['/relayTo required']],
  [
    'a diffusion to what is no category',
    { nature: 'diffusion', relayTo: ['samu', 'pharmacies', 'samu'] },
    ['/relayTo/1 enum', '/relayTo/2 duplicate'],
  ],
  ['a crisis', { crisisId: FILE }, ['/crisisId unknown']],
  ['relays of an action', { relayTo: ['samu'] }, ['/relayTo notAllowed']],
  ['no subject', { subject: '' }, ['/subject required']],
  ['a blank subject', { subject: '  ' }, ['/subject required']],
  ['a subject with a line break', { subject: 'a\r\nBcc: x@y.example' }, ['/subject format']],
  ['a subject with a Unicode line break', { subject: 'a\u2028b' }, ['/subject format']],
  ['a subject too long', { subject: 'x'.repeat(201) }, ['/subject tooLong']],
  ['a subject that is a number', { subject: 3 }, ['/subject type']],
  ['a NUL in the body', { body: 'a\0b' }, ['/body characters']],
  ['a lone surrogate in the body', { body: 'a\uDC00' }, ['/body characters']],
  ['an empty body', { body: '\n' }, ['/body required']],
  ['a body too long', { body: 'x'.repeat(50_001) }, ['/body tooLong']],
  ['HTML in the body', { body: 'a <script>alert(1)</script>' }, ['/body html']],
  ['a javascript: link', { body: '[a](javascript:alert(1))' }, ['/body link']],
  ['both', { body: '<b>x</b> [a](data:text/html,x)' }, ['/body html', '/body link']],
  ['no audience', { audience: null }, ['/audience required']],
  ['an audience that is a text', { audience: 'all' }, ['/audience type']],
  ['an empty audience', { audience: {} }, ['/audience empty']],
  ['nobody', { audience: { organisations: [] } }, ['/audience/organisations empty']],
  ['not national', { audience: { national: false } }, ['/audience/national type']],
  ['two audiences', { audience: { national: true, zones: ['ZONE-SUD'] } }, ['/audience ambiguous']],
  ['an audience of a strange shape', { audience: { national: true, sites: 'all' } }, ['/audience/sites unknown']],
  ['an unknown ARS', { audience: { organisations: ['ARS-84', 'ARS-99'] } }, ['/audience/organisations/1 unknown']],
  ['a national body as an ARS', { audience: { organisations: ['CORRUSS'] } }, ['/audience/organisations/0 unknown']],
  ['an ARS twice', { audience: { organisations: ['ARS-84', 'ARS-84'] } }, ['/audience/organisations/1 duplicate']],
  ['an unknown zone', { audience: { zones: ['SUD'] } }, ['/audience/zones/0 unknown']],
  ['a zone twice', { audience: { zones: ['ZONE-SUD', 'ZONE-SUD'] } }, ['/audience/zones/1 duplicate']],
  ['zone leads only, among none', { audience: { organisations: ['ARS-94'] }, zonesOnly: true }, ['/audience empty']],
  ['zonesOnly as a text', { zonesOnly: 'yes' }, ['/zonesOnly type']],
  ['an action without a deadline', { deadline: null }, ['/deadline required']],
  ['an unknown class', { deadline: '3H' }, ['/deadline format']],
  ['a deadline without offset', { deadline: '2026-11-25T18:00:00' }, ['/deadline format']],
  ['a deadline in the past', { deadline: '2026-11-24T14:29:00+01:00' }, ['/deadline past']],
  ['a deadline in two years', { deadline: '2028-11-24T14:30:00+01:00' }, ['/deadline tooLate']],
  ['a deadline that is a number', { deadline: 4 }, ['/deadline type']],
  ['a duration in months', { acknowledgeWithin: 'P1M' }, ['/acknowledgeWithin format']],
  ['a duration in words', { takenInChargeExpires: '1 h' }, ['/takenInChargeExpires format']],
  ['no duration at all', { deferralLimit: 'PT0S' }, ['/deferralLimit range']],
  ['a negative duration', { deferralLimit: '-PT1H' }, ['/deferralLimit format']],
  ['a duration of 32 days', { deferralLimit: 'P32D' }, ['/deferralLimit range']],
  ['an unknown acceptance', { acceptance: 'maybe' }, ['/acceptance enum']],
  ['an unknown evidence', { evidence: true }, ['/evidence enum']],
  ['an exercise in words', { exercise: 'false' }, ['/exercise type']],
  ['a ladder that is no list', { ladder: {} }, ['/ladder type']],
  ['a ladder of 21 steps', { ladder: Array.from({ length: 21 }, () => STEP) }, ['/ladder tooLong']],
  ['a step that is none', { ladder: [STEP, 7] }, ['/ladder/1 type']],
  [
    'a step wrong in everything',
    { ladder: [{ after: 'soon', target: 'boss', channel: 'fax', by: 1 }] },
    ['/ladder/0/after format', '/ladder/0/target enum', '/ladder/0/channel enum', '/ladder/0/by unknown'],
  ],
  ['two steps at once', { ladder: [STEP, { ...STEP, target: 'onCall' }] }, ['/ladder/1/after order']],
  ['two steps within a second', { ladder: [STEP, { ...STEP, after: 'PT10M0.5S' }] }, ['/ladder/1/after order']],
  ['steps out of order', { ladder: [STEP, { ...STEP, after: 'PT5M' }] }, ['/ladder/1/after order']],
  ['attachments that are no list', { attachments: FILE }, ['/attachments type']],
  ['wrong attachments', { attachments: [FILE, FILE, 'x'] }, ['/attachments/1 duplicate', '/attachments/2 format']],
  [
    'an information with a ladder and all that goes with an action',
    {
      nature: 'information',
      ladder: [STEP],
      acceptance: 'required',
      evidence: 'required',
      takenInChargeExpires: 'PT1H',
      deferralLimit: 'PT1H',
    },
    [
      ...['/takenInChargeExpires', '/deferralLimit', '/ladder', '/acceptance', '/evidence'].map(
        (pointer) => `${pointer} notAllowed`,
      ),
    ],
  ],
])('refused: %s', (_what, changes, expected) => {
  expect(wrong(changes)).toEqual(expected);
});

test('a diffusion has a day, a ladder and a proof to give unless the desk says otherwise', () => {
  const { draft, errors } = checkDraft({ ...right, nature: 'diffusion', relayTo: ['samu'], deadline: null }, CONTEXT);
  expect(errors).toEqual([]);
  expect(draft).toMatchObject({ deadline: '24H', evidence: 'required', relayTo: ['samu'] });
  expect(termsOf(draft, 0).ladder).toHaveLength(6);
});

test('an information needs no deadline', () => {
  expect(wrong({ nature: 'information', deadline: null })).toEqual([]);
});

test('all that is wrong is told at once, in French', () => {
  const { errors } = checkDraft(
    { subject: 'a\nb', body: '<b>', audience: {}, deadline: 'x', relayTo: [], z: 1 },
    CONTEXT,
  );
  expect(errors.map((one) => one.pointer)).toEqual(
    expect.arrayContaining(['/nature', '/subject', '/body', '/audience', '/deadline', '/relayTo', '/z']),
  );
  expect(errors.find((one) => one.pointer === '/relayTo')?.message).toContain('seul un message pour diffusion');
});

test('more than 500 recipients are a broadcast, not an instruction', () => {
  const many: Territory[] = Array.from({ length: 501 }, (_, index) => ({
    id: `ARS-${index}`,
    kind: 'ars',
    zone: 'ZONE-X',
    zoneLead: index === 0,
  }));
  const { errors } = checkDraft(right, { now: RELEASED, organisations: many });
  expect(errors).toMatchObject([{ pointer: '/audience', code: 'tooMany' }]);
  expect(checkDraft({ ...right, zonesOnly: true }, { now: RELEASED, organisations: many }).errors).toEqual([]);
});

test.each([
  'un <b>gras</b>',
  'fin </div>',
  '<!-- caché -->',
  '<!DOCTYPE html>',
  '<?php',
  '<img src=x onerror=alert(1)',
  '<svg/onload=alert(1)>',
  '<a href="https://x.example">x</a>',
])('HTML is found: %s', (body) => {
  expect(bodyProblems(body).map(([code]) => code)).toContain('html');
});

test.each([
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](<javascript:alert(1)>)',
  '[a]( java\tscript:alert(1))',
  '[a](java&#115;cript:alert(1))',
  '[a](javascript&colon;alert(1))',
  '[a](javascript%3Aalert(1))',
  '[a](vbscript:x)',
  '[a](data:text/html;base64,AAAA)',
  '![a](file:///etc/passwd)',
  '[a][1]\n\n[1]: javascript:alert(1)',
  '<javascript:alert(1)>',
  'javascript:alert(1)',
])('a forbidden link is found: %s', (body) => {
  expect(bodyProblems(body).map(([code]) => code)).toContain('link');
});

test.each([
  'Température < 5 °C et > 2 °C, 3 < 4',
  '<https://sante.example/page> et <alerte@ars.example>',
  '[page](https://sante.example/a?b=c:d "titre") et [écrire](mailto:a@b.example) et [appeler](tel:+33140000000)',
  'Désactivez JavaScript : oui. Données : voir [annexe](#annexe) (note : utile)',
  '- a\n- b\n\n> cité\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code`',
])('ordinary Markdown is taken: %s', (body) => {
  expect(bodyProblems(body)).toEqual([]);
});

test('whatever comes, the check never throws', () => {
  const field = fc.constantFrom(...Object.keys(right), 'ladder', 'attachments', 'acknowledgeWithin');
  const anything = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary' }),
    fc.constant({ organisations: ['ARS-84', 3] }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(field, anything)), (raw) => {
      expect(checkDraft(raw, CONTEXT).errors.every((one) => one.message.length > 5 && one.pointer.isWellFormed())).toBe(
        true,
      );
    }),
    { numRuns: 300 },
  );
});

test('terms: a class counts from the sending, an absolute deadline stands, the ladder is the class’s own', () => {
  const terms = termsOf(checkDraft(right, CONTEXT).draft, RELEASED);
  expect(terms).toMatchObject({ nature: 'action', span: 4 * HOUR, deadline: null, acknowledgeWithin: null });
  expect(firstDeadline(terms, RELEASED)).toBe(RELEASED + 4 * HOUR);
  expect(terms.ladder).toHaveLength(6);
  const absolute = checkDraft({ ...right, deadline: '2026-11-24T16:30:00+01:00', acknowledgeWithin: 'PT5M' }, CONTEXT);
  expect(termsOf(absolute.draft, RELEASED)).toMatchObject({
    span: null,
    deadline: RELEASED + 2 * HOUR,
    acknowledgeWithin: 5 * MINUTE,
    ladder: [{ after: 40 * MINUTE }, {}, {}, {}, {}, {}],
  });
  const own = checkDraft({ ...right, ladder: [{ ...STEP, after: 'PT2S' }] }, CONTEXT);
  expect(termsOf(own.draft, RELEASED).ladder).toEqual([{ after: 2 * SECOND, target: 'alertBox', channel: 'mail' }]);
  const information = checkDraft({ ...right, nature: 'information' }, CONTEXT);
  expect(termsOf(information.draft, RELEASED)).toMatchObject({ span: 4 * HOUR, ladder: [] });
});

test('an audience means ARS only, each once; zonesOnly keeps the leads', () => {
  expect(resolveAudience({ national: true }, ORGANISATIONS)).toEqual([
    'ARS-84',
    'ARS-93',
    'ARS-94',
    'ARS-76',
    'ARS-11',
  ]);
  expect(resolveAudience({ national: true }, ORGANISATIONS, true)).toEqual(['ARS-84', 'ARS-93', 'ARS-11']);
  expect(resolveAudience({ zones: ['ZONE-SUD'] }, ORGANISATIONS)).toEqual(['ARS-93', 'ARS-94', 'ARS-76']);
  expect(resolveAudience({ zones: ['ZONE-SUD'] }, ORGANISATIONS, true)).toEqual(['ARS-93']);
  expect(resolveAudience({ organisations: ['ARS-76', 'CORRUSS'] }, ORGANISATIONS)).toEqual(['ARS-76']);
});
