import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseForeignReply, parseReply, rubbishOf } from '../../domain/reply.ts';

const FILE = '0198c0de-0000-7000-8000-000000000001';
const done = { organisation: 'ARS-53', kind: 'done', from: 'CLI', messageId: 'm1' };
const codes = (raw: unknown, required = false): string[] =>
  (parseReply(raw, { evidence: required ? 'required' : 'optional' }).errors ?? []).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );

test('a signal of three words is a reply; what the door did not say is the least trusted', () => {
  expect(parseReply(done).reply).toEqual({ ...done, channel: 'signal', verified: false });
});

test('a missing messageId is the hash of the content: the same said twice counts once', () => {
  const { messageId: _, ...anonymous } = done;
  const first = parseReply(anonymous).reply?.messageId;
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(parseReply({ ...anonymous }).reply?.messageId).toBe(first);
  expect(parseReply({ ...anonymous, comment: 'autre' }).reply?.messageId).not.toBe(first);
});

test('null fields are absent fields', () => {
  expect(parseReply({ ...done, percent: null, comment: null, until: null, evidence: null }).reply).toEqual(
    parseReply(done).reply,
  );
});

test.each<[string, unknown, string[]]>([
  ['nothing', undefined, [' type', '/organisation required', '/kind required']],
  ['a list', [], [' type', '/organisation required', '/kind required']],
  ['an unknown kind', { ...done, kind: 'finished' }, ['/kind enum']],
  ['an unknown field', { ...done, __proto__x: 1 }, ['/__proto__x unknown']],
  ['percent 0', { ...done, kind: 'progress', percent: 0 }, ['/percent range']],
  ['percent 100', { ...done, kind: 'progress', percent: 100 }, ['/percent range']],
  ['percent 1.5', { ...done, kind: 'progress', percent: 1.5 }, ['/percent range']],
  ['percent as text', { ...done, kind: 'progress', percent: '50' }, ['/percent range']],
  ['a percent with done', { ...done, percent: 50 }, ['/percent notAllowed']],
  ['refused without a comment', { ...done, kind: 'refused' }, ['/comment required']],
  ['refused with a blank comment', { ...done, kind: 'refused', comment: ' \n' }, ['/comment required']],
  ['deferred without anything', { ...done, kind: 'deferred' }, ['/comment required', '/until required']],
  [
    'until without offset',
    { ...done, kind: 'deferred', comment: 'c', until: '2026-11-24T14:30:00' },
    ['/until format'],
  ],
  [
    'until on no calendar',
    { ...done, kind: 'deferred', comment: 'c', until: '2026-02-30T14:30:00Z' },
    ['/until format'],
  ],
  ['until with done', { ...done, until: '2026-11-24T14:30:00Z' }, ['/until notAllowed']],
  ['a comment of 1 MB', { ...done, comment: 'x'.repeat(1_000_000) }, ['/comment tooLong']],
  ['a NUL', { ...done, comment: 'a\0b' }, ['/comment characters']],
  ['a lone surrogate', { ...done, comment: 'a\uD800b' }, ['/comment characters']],
  ['a lone surrogate as a field', { ...done, 'x\uD800': 1 }, ['/? unknown']],
  ['a messageId of two lines', { ...done, messageId: 'a\nb' }, ['/messageId format']],
  ['a messageId that is a number', { ...done, messageId: 7 }, ['/messageId type']],
  ['files that are no list', { ...done, evidence: FILE }, ['/evidence type']],
  [
    'wrong files',
    { ...done, evidence: [FILE, FILE, 'x', 3] },
    ['/evidence/1 duplicate', '/evidence/2 format', '/evidence/3 format'],
  ],
  ['too many files', { ...done, evidence: Array.from({ length: 21 }, () => FILE) }, ['/evidence type']],
])('refused: %s', (_what, raw, expected) => {
  expect(codes(raw)).toEqual(expected);
});

test('all that is wrong is told at once, in French', () => {
  const { errors = [] } = parseReply({ kind: 'progress', percent: 100, comment: 3, evidence: 1, foo: 2 });
  expect(errors.map((one) => one.pointer)).toEqual(['/foo', '/organisation', '/percent', '/comment', '/evidence']);
  expect(errors.map((one) => one.message).join(' ')).toMatch(/Champ inconnu.*obligatoire.*1 à 99/);
});

test('where evidence is required a done brings a comment or a file', () => {
  expect(codes(done, true)).toEqual(['/comment required']);
  expect(codes({ ...done, comment: 'fait à 14 h' }, true)).toEqual([]);
  expect(codes({ ...done, evidence: [FILE] }, true)).toEqual([]);
  expect(codes({ ...done, kind: 'read' }, true)).toEqual([]);
});

test('a comment of 4 000 characters is taken, emoji included', () => {
  expect(codes({ ...done, comment: '🚑'.repeat(2000) })).toEqual([]);
});

test('what no key of ours sealed is a signal, unverified, and answers for nobody else', () => {
  const claimed = { ...done, channel: 'api', verified: true };
  expect(parseForeignReply(claimed).reply).toMatchObject({ channel: 'signal', verified: false });
  expect(parseForeignReply({ ...claimed, onBehalfBy: 'corruss-chef' }).errors).toMatchObject([
    { pointer: '/onBehalfBy' },
  ]);
});

test('whatever comes, the checks never throw, and a reply taken can be stored as JSON', () => {
  const field = fc.constantFrom(
    'organisation',
    'kind',
    'percent',
    'comment',
    'until',
    'evidence',
    'messageId',
    'by',
    'reply',
  );
  const value = fc.oneof(
    fc.anything(),
    fc.constantFrom('done', 'progress', 'reply', 'return', 'ARS-84', 50),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(field, value)), (raw) => {
      const { reply, errors } = parseReply(raw);
      expect((reply === undefined) === (errors !== undefined && errors.length > 0)).toBe(true);
      if (reply !== undefined) expect(JSON.stringify(reply).isWellFormed()).toBe(true);
      expect(Buffer.from(rubbishOf(raw), 'base64').length).toBeLessThanOrEqual(4096);
    }),
    { numRuns: 300 },
  );
});

test('rubbish is kept as base64 of at most 4 KB, whatever it is', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  expect(Buffer.from(rubbishOf({ b: 1, a: 'é🚑' }), 'base64').toString()).toBe('{"a":"é🚑","b":1}');
  expect(Buffer.from(rubbishOf('a\0\uD800'), 'base64').toString()).toBe('a\0\uFFFD');
  expect(Buffer.from(rubbishOf(cycle), 'base64').toString()).toBe('[object Object]');
  expect(Buffer.from(rubbishOf('é'.repeat(3_000_000)), 'base64')).toHaveLength(4096);
  for (let length = 0; length < 9; length += 1) {
    expect(rubbishOf('x'.repeat(length))).toBe(Buffer.from('x'.repeat(length)).toString('base64'));
  }
});
