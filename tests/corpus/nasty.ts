import type { CorpusCase, Expected } from './case.ts';
import { CLIENTS, eml, part, type MailSpec } from './eml.ts';

const nested = (depth: number): string =>
  depth === 0
    ? part('text/plain', 'Réalisé')
    : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--`;
const raw = (head: string, body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), Buffer.from(body as string)]);
const HEAD = 'From: alerte@ars-84.example\r\nMessage-ID: <n@ars-84.example>\r\nMIME-Version: 1.0';
const manyParts = (count: number): Buffer =>
  raw(`${HEAD}\r\nContent-Type: multipart/mixed; boundary=b`, `${'--b\r\n\r\nRéalisé\r\n'.repeat(count)}--b--\r\n`);

const RAW: readonly (readonly [name: string, raw: Buffer, expected: Expected])[] = [
  [
    '30 multiparts within each other',
    raw(`${HEAD}\r\n${nested(30).split('\r\n\r\n', 1)[0] ?? ''}`, nested(30).slice(nested(30).indexOf('\r\n\r\n') + 4)),
    { quarantined: 'nesting' },
  ],
  ['10 multiparts within each other', Buffer.from(`${HEAD}\r\n${nested(10)}`), { intent: 'done' }],
  ['5 000 parts', manyParts(5_000), { quarantined: 'parts' }],
  ['50 000 delimiters', raw(HEAD, '--b\n'.repeat(50_000)), { quarantined: 'parts' }],
  ['98 parts', manyParts(98), { intent: 'done' }],
  [
    '26 MB',
    Buffer.concat([Buffer.from(`${HEAD}\r\n\r\nRéalisé\r\n`), Buffer.alloc(26 * 1024 * 1024, 'a')]),
    { quarantined: 'size' },
  ],
  ['a megabyte of header', raw(`${HEAD}\r\nX-Long: ${'a'.repeat(1_000_000)}`, 'Réalisé'), { quarantined: 'headers' }],
  [
    'an invalid charset',
    raw(`${HEAD}\r\nContent-Type: text/plain; charset="x-no-such"`, 'Pris en charge'),
    { intent: 'takenInCharge' },
  ],
  [
    'Latin-1 body',
    raw(`${HEAD}\r\nContent-Type: text/plain; charset=iso-8859-1`, Buffer.from('Réalisé', 'latin1')),
    { intent: 'done' },
  ],
  [
    'Latin-1 bytes that claim UTF-8',
    raw(`${HEAD}\r\nContent-Type: text/plain; charset=utf-8`, Buffer.from('Réalisé', 'latin1')),
    { intent: 'unclear', reason: 'unknown' },
  ],
  [
    '8-bit Latin-1 headers',
    raw(`${HEAD}\r\nSubject: R\xe9alis\xe9 \xe0 Nancy`, 'Pris en charge'),
    { intent: 'takenInCharge', subject: 'Réalisé à Nancy' },
  ],
  [
    '8-bit UTF-8 headers',
    Buffer.from(`${HEAD}\r\nSubject: Réalisé à Nancy\r\n\r\nPris en charge`),
    { intent: 'takenInCharge', subject: 'Réalisé à Nancy' },
  ],
  [
    'an encoded-word subject',
    raw(`${HEAD}\r\nSubject: =?iso-8859-1?Q?R=E9alis=E9?= =?utf-8?B?IMOgIE5hbmN5?=`, 'Lu'),
    { intent: 'read', subject: 'Réalisé à Nancy' },
  ],
  ['a broken encoded word', raw(`${HEAD}\r\nSubject: =?utf-8?B?!!!?= =?x`, 'Lu'), { intent: 'read' }],
  [
    'base64 garbage',
    raw(`${HEAD}\r\nContent-Transfer-Encoding: base64`, '%%%% not base64 at all ====\r\n!!!!'),
    { intent: 'unclear' },
  ],
  ['no Message-ID', Buffer.from('From: alerte@ars-84.example\r\n\r\nRéalisé'), { intent: 'done', messageId: null }],
  [
    'an ill-formed Message-ID',
    Buffer.from('From: alerte@ars-84.example\r\nMessage-ID: none\r\n\r\nRéalisé'),
    { intent: 'done', messageId: null },
  ],
  ['no header at all', Buffer.from('\r\nRéalisé'), { intent: 'done', from: null }],
  ['an empty mail', Buffer.alloc(0), { intent: 'unclear', reason: 'empty', from: null }],
  ['a line of a megabyte', raw(HEAD, `Pris en charge\r\n${'é'.repeat(500_000)}`), { intent: 'takenInCharge' }],
  ['NUL and control characters', raw(HEAD, 'Pris\0 en charge\x07.'), { intent: 'takenInCharge' }],
  [
    'a boundary that never closes',
    raw(`${HEAD}\r\nContent-Type: multipart/mixed; boundary=b`, '--b\r\n\r\nFait'),
    { intent: 'done' },
  ],
  [
    'a multipart without boundary',
    raw(`${HEAD}\r\nContent-Type: multipart/mixed`, 'Fait'),
    { intent: 'unclear', reason: 'empty' },
  ],
  [
    'bare line feeds',
    Buffer.from('From: alerte@ars-84.example\nSubject: x\n\nPris en charge\n'),
    { intent: 'takenInCharge' },
  ],
  [
    'random bytes',
    Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7_919 + (at >> 3)) % 256)),
    { intent: 'unclear', from: null },
  ],
];

const SPECS: readonly (readonly [name: string, spec: MailSpec, expected: Expected])[] = [
  [
    'HTML only, hidden and styled words',
    { html: "<p>Pris en <b>charge</b></p><script>c'est fait</script><style>réalisé{}</style><!-- terminé -->" },
    { intent: 'takenInCharge', words: 'Pris en charge' },
  ],
  ['HTML entities', { html: '<p>C&rsquo;est r&eacute;alis&eacute;&nbsp;!</p>' }, { intent: 'done' }],
  ['HTML never closed, 3 000 deep', { html: `${'<div><blockquote>'.repeat(3_000)}fait` }, { intent: 'unclear' }],
  ['HTML of «less than» signs', { html: `Pris en charge ${'<'.repeat(20_000)}` }, { intent: 'takenInCharge' }],
  ['text wins over HTML', { text: 'Lu', html: '<p>Réalisé</p>' }, { intent: 'read' }],
  ['right to left', { text: '\u202eréalisé\u202c שלום' }, { intent: 'done' }],
  ['Arabic only', { text: 'تم الإنجاز' }, { intent: 'unclear', reason: 'unknown' }],
  ['zero-width characters', { text: 'Pris\u200b en\u00a0charge' }, { intent: 'takenInCharge' }],
  [
    'a forward with nothing added',
    {
      subject: 'TR: MINSANTE',
      text: '---------- Message transféré ---------\nDe : CORRUSS <corruss@vigie.example>\nDate : mar. 24 nov. 2026\nÀ : ARS\n\nC’est fait. Réalisé.',
    },
    { intent: 'unclear', reason: 'empty' },
  ],
  [
    'a forward with a word',
    {
      subject: 'Fwd: MINSANTE',
      text: 'Pour info\n\nBegin forwarded message:\n\nFrom: A <a@x.example>\nSubject: x\nDate: today\n\nDone',
    },
    { intent: 'unclear', reason: 'unknown' },
  ],
  [
    'a progress within one answer',
    { text: `Pris en charge\n\n${CLIENTS['outlook']?.('Réalisé').text ?? ''}` },
    { intent: 'done' },
  ],
  [
    'a thread of three, each quoted',
    {
      text: 'Pris en charge\n\nLe 24/11/2026 à 10:00, X a écrit :\n> Réalisé\n> Le 23/11/2026 à 10:00, Y a écrit :\n>> Refus motivé : non',
    },
    { intent: 'takenInCharge', words: 'Pris en charge' },
  ],
  [
    'answers between the quoted lines',
    {
      text: 'On Tue, Nov 24, 2026 at 9:41 AM CORRUSS <c@vigie.example> wrote:\n> Plan blanc ?\nC’est fait.\n> Terminé ?',
    },
    { intent: 'done', words: 'C’est fait.' },
  ],
  [
    'a bottom answer',
    { text: '> Confirmer quand c’est réalisé.\n> Terminé.\n\nPris en charge' },
    { intent: 'takenInCharge' },
  ],
  [
    'a signature with «fait à Paris»',
    { text: 'Bien reçu\n\nFait à Paris, le 24 novembre 2026' },
    { intent: 'received' },
  ],
  [
    'a signature with a slogan',
    { text: 'Bien reçu\n--\nAgence\nMission accomplie depuis 1848, 100 % réalisé' },
    { intent: 'received', words: 'Bien reçu' },
  ],
  [
    'a legal notice',
    { text: 'Lu\n\nCe message et toutes ses pièces jointes sont confidentiels. Travail fait. Réalisé.' },
    { intent: 'read', words: 'Lu' },
  ],
  ['a disclaimer above the answer', { text: '[Externe] \n\nPris en charge' }, { intent: 'takenInCharge' }],
  [
    '«par écrit» is no quote',
    { text: 'Pris en charge.\n\nLe bilan vous sera adressé demain par écrit' },
    { intent: 'takenInCharge' },
  ],
  [
    'a Dutch loop for the library',
    { text: `Pris en charge\n${'Op schreef '.repeat(3_000)}` },
    { intent: 'takenInCharge' },
  ],
  ['a thousand closings', { text: `Pris en charge\n${'Cordialement, '.repeat(1_000)}` }, { intent: 'takenInCharge' }],
  [
    'a From with two addresses',
    { text: 'Réalisé', from: 'a@ars-84.example, b@ars-84.example' },
    { intent: 'done', from: null },
  ],
  ['a From that is a group', { text: 'Réalisé', from: 'ARS: a@ars-84.example;' }, { intent: 'done', from: null }],
  [
    'a From with a hidden Bcc',
    { text: 'Réalisé', from: '"x\\r\\nBcc: y@x.example" <a@ars-84.example>' },
    { intent: 'done', from: 'a@ars-84.example' },
  ],
  [
    'two From headers',
    { text: 'Réalisé', from: 'a@ars-84.example\r\nFrom: b@ars-84.example' },
    { intent: 'done', from: null },
  ],
  [
    'an upper-case address',
    { text: 'Réalisé', from: '<ALERTE@ARS-84.Example>' },
    { intent: 'done', from: 'alerte@ars-84.example' },
  ],
  [
    'unsafe names of attachments',
    {
      multipart: 'multipart/mixed',
      parts: [
        part('text/plain; charset=utf-8', 'Réalisé, voir pièces jointes'),
        part('application/pdf; name="../../etc/passwd"', 'x', ['Content-Disposition: attachment']),
        part('application/pdf', 'x', ['Content-Disposition: attachment; filename="C:\\\\x\\\\bilan\u202efdp.exe"']),
        part('application/pdf', 'x', ['Content-Disposition: attachment']),
        part('application/pdf', 'x', ['Content-Disposition: attachment; filename="passwd"']),
        part('text/plain', 'x', ['Content-Disposition: attachment; filename="CON.txt"']),
      ],
    },
    { intent: 'done', attachments: ['passwd', 'bilanfdp.exe', 'piece-jointe.pdf', 'passwd (2)', '_CON.txt'] },
  ],
  [
    'a forwarded mail as attachment',
    {
      multipart: 'multipart/mixed',
      parts: [
        part('text/plain; charset=utf-8', 'Pris en charge'),
        part('message/rfc822', "Subject: x\r\n\r\nC'est fait, terminé"),
      ],
    },
    { intent: 'takenInCharge', attachments: ['piece-jointe.eml'] },
  ],
];

export const nastyCases: readonly CorpusCase[] = [
  ...RAW.map(([name, bytes, expected]) => ({ name: `nasty: ${name}`, raw: bytes, expected })),
  ...SPECS.map(([name, spec, expected]) => ({ name: `nasty: ${name}`, raw: eml(spec), expected })),
];
