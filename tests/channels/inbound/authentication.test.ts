import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAuthentication } from '../../../channels/inbound/authentication.ts';

const OURS = 'mx.vigie.example';
const read = (...headers: string[]): ReturnType<typeof readAuthentication> => readAuthentication(headers, OURS);

test('SPF, DKIM and DMARC are read with the domains that they are about', () => {
  expect(
    read(
      `${OURS} 1; spf=pass (sender is "ok; really") smtp.mailfrom=alerte@ars-84.example; dkim=pass reason="good; key" header.d=ars-84.example; dkim=fail header.i=@relay.example; dmarc=pass (p=reject) header.from=ARS-84.example`,
    ),
  ).toEqual({
    authservId: OURS,
    spf: { result: 'pass', domain: 'ars-84.example' },
    dkim: [
      { result: 'pass', domain: 'ars-84.example' },
      { result: 'fail', domain: 'relay.example' },
    ],
    dmarc: { result: 'pass', domain: 'ars-84.example' },
  });
});

test('a header that the sender wrote under ours counts for nothing', () => {
  expect(
    read(`${OURS}; spf=fail smtp.mailfrom=x.example`, `${OURS}; spf=pass; dmarc=pass header.from=x.example`),
  ).toEqual({
    authservId: OURS,
    spf: { result: 'fail', domain: 'x.example' },
    dkim: [],
    dmarc: null,
  });
});

test('a verdict within a comment or a quoted string is none', () => {
  const { spf, dkim } = read(`${OURS}; x=y (; dkim=pass header.d=a.example;) reason="; spf=pass;"`);
  expect([spf, dkim]).toEqual([null, []]);
});

test.each([
  '',
  'none',
  'other.example; dkim=pass header.d=a.example',
  `${OURS}.evil.example; dkim=pass`,
  `evil ${OURS}; dkim=pass`,
])('«%s» is not of our relay', (header) => expect(read(header).authservId).toBeNull());

test('our relay in capitals, with nothing found', () => {
  expect(read('MX.Vigie.Example; none')).toEqual({ authservId: OURS, spf: null, dkim: [], dmarc: null });
});

test('rubbish is read without an error, and never as more than twenty verdicts', () => {
  const word = fc.constantFrom(OURS, ';', '(', ')', '"', '\\', 'dkim=pass', 'header.d=a', '=', ' ', 'spf=', '\u0000');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => {
      expect(read(words.join('')).dkim.length).toBeLessThanOrEqual(20);
    }),
    { seed: 4, numRuns: 300 },
  );
});
