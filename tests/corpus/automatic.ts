import type { CorpusCase, Expected } from './case.ts';
import { eml, ORIGINAL_ID, part, type MailSpec } from './eml.ts';

type Case = readonly [name: string, spec: MailSpec, expected: Expected, envelopeSender?: string];

const away = (until?: string): Expected => ({ nature: 'outOfOffice', ...(until === undefined ? {} : { until }) });
const auto = (text: string, headers: Readonly<Record<string, string>>, subject = 'Re: MINSANTE'): MailSpec => ({
  text,
  headers,
  subject,
});
const REPLIED = { 'Auto-Submitted': 'auto-replied' };

const mdn = (disposition: string): MailSpec => ({
  multipart: 'multipart/report; report-type=disposition-notification',
  subject: 'Lu : MINSANTE N°2026_042',
  parts: [
    part('text/plain; charset=utf-8', 'Votre message a été lu le mardi 24 novembre 2026 09:59:58. C’est fait.'),
    part(
      'message/disposition-notification',
      `Reporting-UA: mail.ars-84.example; Client 1.0\r\nFinal-Recipient: rfc822;alerte@ars-84.example\r\nOriginal-Message-ID: <${ORIGINAL_ID}>\r\nDisposition: ${disposition}`,
    ),
  ],
});

const ABSENCES: readonly Case[] = [
  [
    'Exchange, French, with a day of return',
    auto(
      'Bonjour,\nJe suis absente du bureau. Je serai de retour le lundi 30 novembre 2026.',
      { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      'Réponse automatique : MINSANTE',
    ),
    away('2026-11-30T00:00:00+01:00'),
  ],
  [
    'Exchange, English, until a day',
    auto(
      'I am out of the office until November 30, 2026. For urgent matters call 15.',
      REPLIED,
      'Automatic reply: MINSANTE',
    ),
    away('2026-12-01T00:00:00+01:00'),
  ],
  [
    'Exchange by its subject alone',
    auto('Je suis en congés jusqu’au 27/11 inclus.', {}, 'Réponse automatique : RE: MINSANTE'),
    away('2026-11-28T00:00:00+01:00'),
  ],
  [
    'Gmail vacation responder',
    auto('Absent du 20 au 30 novembre, je lirai votre message à mon retour.', {
      ...REPLIED,
      Precedence: 'bulk',
      'X-Autoreply': 'yes',
    }),
    away('2026-12-01T00:00:00+01:00'),
  ],
  [
    'Zimbra, no date',
    auto('Je suis actuellement absent. Contactez le secrétariat.', { ...REPLIED, 'X-Mailer': 'Zimbra' }),
    away(),
  ],
  [
    'Postfix vacation(1), null sender',
    { text: 'I am on vacation, back on 1 December.', subject: 'away from my mail' },
    away('2026-12-01T00:00:00+01:00'),
    '<>',
  ],
  ['an hour of return', auto('Absent, de retour demain à 14 h.', REPLIED), away('2026-11-25T14:00:00+01:00')],
  [
    'a return beats a last day',
    auto('Absente jusqu’au vendredi 27 novembre, retour le lundi 30 novembre.', REPLIED),
    away('2026-11-30T00:00:00+01:00'),
  ],
  [
    'Out of Office in the subject',
    auto('Back on Monday, November 30.', {}, 'Out of Office: MINSANTE N°2026_042'),
    away('2026-11-30T00:00:00+01:00'),
  ],
  ['a date that has passed is no return', auto('Absent jusqu’au 10/11/2026.', REPLIED), away()],
  [
    'an absence that says «réalisé»',
    auto('Je suis absent. Ce message est réalisé par un automate. C’est fait à 60 %.', REPLIED),
    away(),
  ],
  ['an American date', auto('Out of office until 11/30/2026', REPLIED), away('2026-12-01T00:00:00+01:00')],
  ['Return-Path of IMAP is the null sender', auto('Absent pour congés.', { 'Return-Path': '<>' }), away()],
  ['maternity leave', auto('En congé maternité, votre contact est M. Petit.', { 'X-Autorespond': 'MINSANTE' }), away()],
];

const OTHERS: readonly Case[] = [
  [
    'a ticket system',
    auto('Nous avons bien reçu votre message, ticket 4242. C’est pris en charge.', {
      'Auto-Submitted': 'auto-generated',
    }),
    { nature: 'autoReply', sure: true },
  ],
  [
    'Auto-Submitted with a parameter',
    auto('Bien reçu', { 'Auto-Submitted': 'auto-replied; owner-email="a@x.example"' }),
    { nature: 'autoReply', sure: true },
  ],
  ['Precedence: auto_reply', auto('Réalisé', { Precedence: 'auto_reply' }), { nature: 'autoReply', sure: true }],
  ['X-Autoreply', auto('Bien reçu', { 'X-Autoreply': 'yes' }), { nature: 'autoReply', sure: true }],
  [
    'Precedence: bulk alone is a weak sign',
    auto('Réalisé', { Precedence: 'bulk' }),
    { nature: 'autoReply', sure: false },
  ],
  [
    'Precedence: junk alone is a weak sign',
    auto('Réalisé', { Precedence: 'junk' }),
    { nature: 'autoReply', sure: false },
  ],
  [
    'X-Auto-Response-Suppress alone is a weak sign',
    auto('Pris en charge', { 'X-Auto-Response-Suppress': 'OOF, AutoReply' }),
    { nature: 'autoReply', sure: false },
  ],
  [
    'a no-reply address is a weak sign',
    { text: 'Pris en charge', from: 'no-reply@ars-84.example' },
    { nature: 'autoReply', sure: false },
  ],
  ['null sender', { text: 'Réalisé' }, { nature: 'autoReply', sure: true }, ''],
  ['a mailing list', auto('Réalisé', { 'List-Id': '<veille.ars-84.example>', Precedence: 'list' }), { nature: 'bulk' }],
  [
    'a newsletter',
    auto('Fait', { 'List-Unsubscribe': '<mailto:u@x.example>', Precedence: 'bulk' }),
    { nature: 'bulk' },
  ],
  ['Auto-Submitted: no is a person', auto('Réalisé', { 'Auto-Submitted': 'no' }), { intent: 'done' }],
  [
    'a person who speaks of his absence',
    { text: 'Je suis absent demain, mais pris en charge par Mme Petit.' },
    { intent: 'takenInCharge' },
  ],
  [
    'a person who suppresses delivery receipts only',
    auto('Réalisé', { 'X-Auto-Response-Suppress': 'DR, RN' }),
    { intent: 'done' },
  ],
];

const RECEIPTS: readonly Case[] = [
  [
    'MDN displayed, by hand',
    mdn('manual-action/MDN-sent-manually; displayed'),
    { nature: 'receipt', displayed: true, originalMessageId: ORIGINAL_ID },
  ],
  [
    'MDN displayed, automatic',
    mdn('automatic-action/MDN-sent-automatically; displayed/error'),
    { nature: 'receipt', displayed: true },
  ],
  ['MDN deleted', mdn('automatic-action/MDN-sent-automatically; deleted'), { nature: 'receipt', displayed: false }],
  [
    'MDN deleted by hand, after no display',
    mdn('manual-action/MDN-sent-manually; deleted'),
    { nature: 'receipt', displayed: false, originalMessageId: ORIGINAL_ID },
  ],
  [
    'MDN deleted with an error',
    mdn('automatic-action/MDN-sent-automatically; deleted/error'),
    { nature: 'receipt', displayed: false },
  ],
  [
    '«Supprimé :» in words alone',
    {
      subject: 'Supprimé : MINSANTE N°2026_042',
      text: 'Votre message a été supprimé sans être lu le mardi 24 novembre 2026 09:59:58.',
    },
    { nature: 'receipt', displayed: false },
  ],
  ['MDN denied', mdn('manual-action/MDN-sent-manually; denied'), { nature: 'receipt', displayed: false }],
  [
    'Outlook «Lu :» without a report',
    {
      subject: 'Lu : MINSANTE N°2026_042',
      text: 'Votre message\n\n À : ARS\n Objet : MINSANTE\n\na été lu le mardi 24 novembre 2026 09:59:58.',
    },
    { nature: 'receipt', displayed: true, originalMessageId: ORIGINAL_ID },
  ],
  [
    'Outlook «Read:» without a report',
    { subject: 'Read: MINSANTE', text: 'Your message was read on Tuesday, November 24, 2026.' },
    { nature: 'receipt', displayed: true },
  ],
  [
    'Outlook «Non lu :»',
    { subject: 'Non lu : MINSANTE', text: 'Votre message a été supprimé sans avoir été lu le mardi 24 novembre 2026.' },
    { nature: 'receipt', displayed: false },
  ],
  [
    '«Not read:»',
    { subject: 'Not read: MINSANTE', text: 'Your message was deleted without being read on Tuesday.' },
    { nature: 'receipt', displayed: false },
  ],
  ['a receipt without a word', { subject: 'Lu : MINSANTE', text: '' }, { nature: 'receipt', displayed: true }],
  ['a person who writes «Lu :» himself', { subject: 'Lu : MINSANTE', text: 'C’est fait.' }, { intent: 'done' }],
];

export const automaticCases: readonly CorpusCase[] = [...ABSENCES, ...OTHERS, ...RECEIPTS].map(
  ([name, spec, expected, envelopeSender]) => ({
    name: `automatic: ${name}`,
    raw: eml(spec),
    expected,
    ...(envelopeSender === undefined ? {} : { envelopeSender }),
  }),
);
