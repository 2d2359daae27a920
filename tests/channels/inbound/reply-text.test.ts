import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { safeAttachmentName } from '../../../channels/inbound/attachment-name.ts';
import { htmlToText } from '../../../channels/inbound/html-text.ts';
import { readReplyText } from '../../../channels/inbound/reply-text.ts';
import { CLIENTS } from '../../corpus/eml.ts';

const ANSWERS = ['Pris en charge.', 'Fait à 60 %\nLe reste demain', 'Bien reçu,\n\nnous revenons vers vous\n\nMerci'];

test.each(Object.entries(CLIENTS))('of a mail by %s exactly the answer is left', (_client, write) => {
  for (const answer of ANSWERS) {
    const { text, html } = write(answer);
    expect(readReplyText(text ?? htmlToText(html ?? '')).text.replace(/\n+/g, '\n')).toBe(answer.replace(/\n+/g, '\n'));
  }
});

test.each([
  'Le rapport que nous avons écrit est joint',
  'De : Metz à Nancy, la route est coupée',
  'Objet : plan blanc\nNous sommes prêts',
  'Le bilan : 3 lits\n\nLe courrier vous a été adressé par écrit',
  'On the 24th we wrote a note about it, more tomorrow',
])('«%s» is nobody else’s', (text) => expect(readReplyText(text).text).toBe(text));

test('what is quoted is said to be', () => {
  expect(readReplyText('Lu\n> Fait').quoted).toBe(true);
  expect(readReplyText('Lu').quoted).toBe(false);
});

/** Pieces that the patterns of quotes and signatures begin, end and hinge on: repeated, they are what makes bad ones explode. */
const hinge = fc.constantFrom(
  ...[
    'Le ',
    'On ',
    'Am ',
    'Op ',
    'schreef',
    'a écrit :',
    'wrote:',
    'From: ',
    'De : ',
    'À : ',
    '<a@b.example>',
    '>',
    '--',
  ],
  ...[
    '________________________________',
    '\n',
    '\n\n',
    ' ',
    '\t',
    '24/11/2026 ',
    '09:41',
    ' at ',
    ' on ',
    ':',
    '-',
    '_',
    '=',
  ],
  ...[
    'Cordialement',
    'bien ',
    'Envoyé de mon ',
    'Sent from ',
    'Ce message ',
    'é',
    '写道：',
    'skrev ',
    '\u202e',
    '\ud800',
    '\0',
  ],
);
const nasty = fc
  .array(fc.tuple(hinge, fc.integer({ min: 1, max: 400 })), { maxLength: 40 })
  .map((pieces) => pieces.map(([piece, times]) => piece.repeat(times)).join(''));

test('any text, of any length, gives at most 4 000 well-formed characters', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const own = readReplyText(text).text;
      expect(own.length).toBeLessThanOrEqual(4_000);
      expect(own.isWellFormed()).toBe(true);
    }),
    { seed: 4, numRuns: 150 },
  );
});

test('reading the own words again changes nothing of a plain answer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('pris', 'en', 'charge', 'fait', 'à', '60 %', 'merci'), { minLength: 1 }),
      (words) => {
        const text = words.join(' ');
        expect(readReplyText(text).text).toBe(text);
      },
    ),
    { seed: 4, numRuns: 100 },
  );
});

test('no tag, script or attribute of an HTML mail comes through', () => {
  expect(
    htmlToText('<p onclick="x">a &lt;b&gt; &amp;amp;</p><script>c</script><a href="javascript:d">e</a><br>f'),
  ).toBe('a <b> &amp;\n\ne\nf');
});

test('names of attachments are safe and unique, whatever the sender wrote', () => {
  const piece = fc.constantFrom(
    '..',
    '/',
    '\\',
    '\u202e',
    '\u0000',
    'a',
    'é',
    '.',
    ' ',
    'CON',
    '.pdf',
    '\ud800',
    '<',
    'x'.repeat(90),
  );
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 12 }), { maxLength: 8 }), (names) => {
      const taken = new Set<string>();
      const given = names.map((name) => safeAttachmentName(name.join(''), 'application/pdf', taken));
      expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(names.length);
      for (const name of given) expect(name).toMatch(/^(?![. ])[^\p{Cc}\p{Cf}\p{Cs}/\\<>:"|?*]{1,130}$/u);
    }),
    { seed: 4, numRuns: 200 },
  );
});
