import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAIL_INTENT_THRESHOLD, readMailIntent } from '../../domain/mail-intent.ts';

const clock = { now: Date.parse('2026-11-24T10:00:00+01:00'), zone: 'Europe/Paris' };
const kindOf = (text: string): string => readMailIntent(text, clock).kind;

const PARTICIPLES = [
  'fait',
  'réalisé',
  'effectué',
  'terminé',
  'achevé',
  'finalisé',
  'mis en œuvre',
  'done',
  'completed',
];
const DENIALS = [
  'pas encore',
  'pas',
  'non',
  'jamais',
  'toujours pas',
  'presque',
  'bientôt',
  'partiellement',
  'not',
  'not yet',
  'almost',
];
const FUTURES = [
  'sera',
  'ce sera',
  'doit être',
  'à être',
  'will be',
  'dès que',
  'une fois',
  'si c’est',
  'en attente d’être',
];

test('a participle of completion alone is done', () => {
  for (const participle of PARTICIPLES) expect([participle, kindOf(participle)]).toEqual([participle, 'done']);
});

test.each([...DENIALS, ...FUTURES])('«%s» before a participle is never done, in any mail around it', (denial) => {
  for (const participle of PARTICIPLES) {
    for (const around of ['', 'Bonjour,\n', 'Bien reçu. ', 'Pris en charge, ']) {
      const text = `${around}${denial} ${participle}`;
      expect([text, kindOf(text)]).not.toEqual([text, 'done']);
    }
  }
});

test('a question anywhere keeps a mail from being an answer', () => {
  for (const statement of ['Réalisé.', 'Pris en charge.', 'Fait à 60 %.', 'Refus motivé : effectifs.', 'OK.']) {
    const intent = readMailIntent(`${statement}\nQui prévient la préfecture ?`, clock);
    expect(intent).toMatchObject({ kind: 'unclear', reason: 'question' });
  }
});

test('the question mark of a link asks nothing', () => {
  expect(kindOf('C’est fait : https://ars-84.example/bilan?id=4')).toBe('done');
});

test('two statements that exclude each other are unclear, in both orders, and both are offered', () => {
  const statements = { done: 'C’est fait.', refused: 'Refus motivé : effectifs.', deferred: 'Report au 25/11 à 14 h.' };
  for (const [one, first] of Object.entries(statements)) {
    for (const [other, second] of Object.entries(statements)) {
      if (one === other) continue;
      const intent = readMailIntent(`${first}\n${second}`, clock);
      expect(intent).toMatchObject({ kind: 'unclear', reason: 'contradiction' });
      const candidates = intent.kind === 'unclear' ? intent.candidates.map(({ kind }) => kind) : [];
      expect(candidates.toSorted()).toEqual([one, other].toSorted());
    }
  }
});

test('every percentage from 1 to 99 is that progress, 100 is done, 0 and 101 go to a person', () => {
  for (let percent = 1; percent <= 99; percent += 1) {
    expect(readMailIntent(`Avancement : ${percent} %`, clock)).toMatchObject({ kind: 'progress', percent });
  }
  expect(kindOf('Avancement : 100 %')).toBe('done');
  expect([kindOf('Avancement : 0 %'), kindOf('Avancement : 101 %')]).toEqual(['unclear', 'unclear']);
});

test('a refusal and a deferral carry the words as their comment, a bare acknowledgement none', () => {
  expect(readMailIntent('Refus motivé : effectifs', clock)).toMatchObject({ comment: 'Refus motivé : effectifs' });
  expect(readMailIntent('Report au 25/11', clock)).toMatchObject({ comment: 'Report au 25/11' });
  expect(readMailIntent('Pris en charge par le Dr Petit', clock)).toMatchObject({
    comment: 'Pris en charge par le Dr Petit',
  });
  expect(readMailIntent('Bien reçu', clock)).not.toHaveProperty('comment');
});

test('«demain à 14 h» is the writer’s tomorrow', () => {
  const at = (zone: string): unknown => readMailIntent('Report à demain 14 h', { ...clock, zone });
  expect(at('Indian/Reunion')).toMatchObject({ until: Date.parse('2026-11-25T14:00:00+04:00') });
  expect(at('America/Martinique')).toMatchObject({ until: Date.parse('2026-11-25T14:00:00-04:00') });
});

const word = fc.constantFrom(
  ...[
    'fait',
    'réalisé',
    'pas',
    'encore',
    'pris',
    'en',
    'charge',
    'report',
    'au',
    '25/11',
    'à',
    '14 h',
    '60',
    '%',
    'refus',
    ':',
    '?',
  ],
  ...[
    'nous',
    'ne',
    'pouvons',
    'ok',
    'merci',
    'pour',
    'ars',
    'bien',
    'reçu',
    'lu',
    '.',
    ',',
    '\n',
    ' - ',
    'jusqu’au',
    'le',
    'novembre',
  ],
  ...[
    '20',
    '26',
    '2026-11-25',
    'dans',
    'heures',
    'done',
    'not',
    '👍',
    '\u0301',
    '\ud800',
    '\0',
    'the',
    'action',
    'demandée',
    'c’est',
  ],
);
const anyMail = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '', '\n'), fc.integer({ min: 1, max: 60 })), { maxLength: 60 })
  .map((words) => words.map(([one, gap, times]) => `${one}${gap}`.repeat(times > 55 ? times : 1)).join(''));

test('any words give an answer above the threshold with all that its kind needs, or go to a person', () => {
  fc.assert(
    fc.property(anyMail, (text) => {
      const intent = readMailIntent(text, clock);
      if (intent.kind === 'unclear') return;
      expect(intent.confidence).toBeGreaterThanOrEqual(MAIL_INTENT_THRESHOLD);
      expect(intent.confidence).toBeLessThanOrEqual(1);
      expect(intent.percent !== undefined).toBe(intent.kind === 'progress');
      expect((intent.until ?? 0) > clock.now).toBe(intent.kind === 'deferred');
      if (intent.kind === 'refused' || intent.kind === 'deferred') expect(intent.comment).toBeTruthy();
      expect(text).not.toContain('?');
    }),
    { seed: 4, numRuns: 1_000 },
  );
});
