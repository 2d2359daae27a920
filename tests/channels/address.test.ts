import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidAddress, isMailAddress, mailAddress } from '../../channels/address.ts';

test.each(['ars84-alerte@ars.vigie.example', "o'neil.d+astreinte@ars-x.vigie.example", 'A@b.example'])(
  '%s is one address',
  (text) => {
    expect(mailAddress(text)).toEqual({ address: text, name: '' });
  },
);

test.each([
  '',
  'a',
  '@b.example',
  'a@b',
  'a@b.example, c@d.example',
  'a@b.example;c@d.example',
  'a@b.example c@d.example',
  'x@y.example\r\nBcc: b@d.example',
  'x@y.example\n',
  '"a b"@c.example',
  '"a@evil.example"@c.example',
  'Nom <a@b.example>',
  '<a@b.example>',
  '@relay.example:a@b.example',
  'a%evil.example@b.example',
  'evil.example!a@b.example',
  'a@b.example@c.example',
  'a..b@c.example',
  '.a@c.example',
  'a@-b.example',
  'a@b..example',
  'a@[127.0.0.1]',
  'é@b.example',
  'groupe: a@b.example;',
  `${'a'.repeat(65)}@b.example`,
  `a@${'b'.repeat(64)}.example`,
  `a@${'b.'.repeat(126)}example`,
])('%j is refused', (text) => {
  expect(() => mailAddress(text)).toThrow(InvalidAddress);
});

test('whatever is accepted holds one @ and nothing that separates addresses or lines', () => {
  const piece = fc.constantFrom(
    'a',
    'b.example',
    '@',
    ',',
    ';',
    ' ',
    '\r\n',
    '"',
    '<',
    '>',
    ':',
    '(',
    ')',
    '\\',
    '\0',
    '.',
    '%',
    '!',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      if (isMailAddress(text)) expect(text).toMatch(/^[^@,;\s"<>:()\\\0%!]+@[^@,;\s"<>:()\\\0%!]+$/);
    }),
    { numRuns: 2_000 },
  );
});

test('a name is kept on one line', () => {
  expect(mailAddress('a@b.example', 'Jean\r\nBcc: x@y.example\u2028!').name).toBe('Jean Bcc: x@y.example !');
});
