import type { CorpusCase, Expected } from './case.ts';
import { eml, ORIGINAL_ID, part, type MailSpec } from './eml.ts';

type Case = readonly [name: string, spec: MailSpec, expected: Expected];

const RETURNED = `Return-Path: <r-abcdefghij@reply.vigie.example>\r\nMessage-ID: <${ORIGINAL_ID}>\r\nTo: alerte@ars-84.example\r\nSubject: MINSANTE\r\n\r\nC'est fait.`;
const DAEMON = 'Mail Delivery System <MAILER-DAEMON@mx.ars-84.example>';

/** A report after RFC 3464. */
const dsn = (fields: string, options: { returned?: string; text?: string; type?: string } = {}): MailSpec => ({
  from: DAEMON,
  subject: 'Undelivered Mail Returned to Sender',
  multipart: 'multipart/report; report-type=delivery-status',
  headers: { 'In-Reply-To': '', 'Auto-Submitted': 'auto-replied' },
  parts: [
    part('text/plain; charset=utf-8', options.text ?? 'This is the mail system. Action: terminé.'),
    part(
      options.type ?? 'message/delivery-status',
      `Reporting-MTA: dns; mx.ars-84.example\r\nArrival-Date: Tue, 24 Nov 2026 09:41:00 +0100\r\n\r\n${fields}`,
    ),
    part(options.returned ?? 'message/rfc822', RETURNED),
  ],
});
const recipient = (action: string, status: string, diagnostic = ''): string =>
  `Final-Recipient: rfc822; Alerte@ars-84.example\r\nAction: ${action}\r\nStatus: ${status}${diagnostic === '' ? '' : `\r\nDiagnostic-Code: smtp; ${diagnostic}`}`;
const bounced = (permanent: boolean, more: object = {}): Expected => ({ nature: 'bounce', permanent, ...more });
const wild = (subject: string, text: string, more: MailSpec = {}): MailSpec => ({
  from: DAEMON,
  subject,
  text,
  ...more,
  headers: { 'In-Reply-To': '', ...more.headers },
});

const REPORTS: readonly Case[] = [
  [
    'Postfix, unknown user',
    dsn(
      recipient(
        'failed',
        '5.1.1',
        '550 5.1.1 <alerte@ars-84.example>: Recipient address rejected:\r\n    User unknown',
      ),
    ),
    bounced(true, { recipient: 'alerte@ars-84.example', status: '5.1.1', originalMessageId: ORIGINAL_ID }),
  ],
  [
    'mailbox full passes',
    dsn(recipient('failed', '5.2.2', '552 5.2.2 over quota')),
    bounced(false, { status: '5.2.2' }),
  ],
  ['delayed', dsn(recipient('delayed', '4.4.1', 'connect timed out')), bounced(false, { status: '4.4.1' })],
  ['expired after days', dsn(recipient('failed', '4.4.7', 'expired')), bounced(false, { status: '4.4.7' })],
  ['policy', dsn(recipient('failed', '5.7.1', '550 5.7.1 blocked')), bounced(true, { status: '5.7.1' })],
  [
    'delivered is no bounce',
    dsn(recipient('delivered', '2.0.0')),
    { nature: 'deliveryNotice', action: 'delivered', recipient: 'alerte@ars-84.example' },
  ],
  ['relayed is no bounce', dsn(recipient('relayed', '2.1.9')), { nature: 'deliveryNotice', action: 'relayed' }],
  [
    'the failed one of two counts',
    dsn(`${recipient('delivered', '2.0.0').replace('Alerte', 'autre')}\r\n\r\n${recipient('failed', '5.1.10')}`),
    bounced(true, { recipient: 'alerte@ars-84.example', status: '5.1.10' }),
  ],
  [
    'Exchange in French',
    {
      ...dsn(recipient('failed', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound')),
      subject: 'Non remis : MINSANTE N°2026_042',
      from: 'postmaster@ars-84.example',
    },
    bounced(true, { status: '5.1.10' }),
  ],
  [
    'only the header returned',
    dsn(recipient('failed', '5.0.0'), { returned: 'text/rfc822-headers' }),
    bounced(true, { originalMessageId: ORIGINAL_ID }),
  ],
  [
    'status only in the diagnostic',
    dsn(recipient('failed', '', '550 5.4.310 DNS domain does not exist')),
    bounced(true, { status: '5.4.310' }),
  ],
  ['no fields at all', dsn('garbage'), bounced(true)],
  [
    'international report',
    dsn(recipient('failed', '5.1.1'), { type: 'message/global-delivery-status' }),
    bounced(true),
  ],
  ['a comment after the action', dsn(recipient('Failed (permanently)', '5.1.1')), bounced(true)],
];

const WILD: readonly Case[] = [
  [
    'qmail',
    wild(
      'failure notice',
      `Hi. This is the qmail-send program at mx.ars-84.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<alerte@ars-84.example>:\n550 5.1.1 unknown user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <${ORIGINAL_ID}>`,
    ),
    bounced(true, { recipient: 'alerte@ars-84.example', status: '5.1.1', originalMessageId: ORIGINAL_ID }),
  ],
  [
    'Exim',
    wild(
      'Mail delivery failed: returning message to sender',
      'A message that you sent could not be delivered to one or more of its recipients.\n\n  alerte@ars-84.example\n    host mx.ars-84.example: 550 Unrouteable address',
      { headers: { 'X-Failed-Recipients': 'alerte@ars-84.example' } },
    ),
    bounced(true, { recipient: 'alerte@ars-84.example' }),
  ],
  [
    'Gmail',
    wild(
      'Delivery Status Notification (Failure)',
      "** Address not found **\nYour message wasn't delivered to alerte@ars-84.example because the address couldn't be found.\nThe response was: 550 5.1.1 The email account does not exist.",
      { headers: { 'X-Failed-Recipients': 'alerte@ars-84.example' } },
    ),
    bounced(true, { recipient: 'alerte@ars-84.example', status: '5.1.1' }),
  ],
  [
    'Exchange without a report',
    wild(
      'Undeliverable: MINSANTE',
      'Delivery has failed to these recipients or groups:\nalerte@ars-84.example\nRemote Server returned 550 5.1.10 RecipientNotFound',
      { from: 'postmaster@ars-84.example' },
    ),
    bounced(true, { recipient: 'alerte@ars-84.example', status: '5.1.10' }),
  ],
  [
    'Exim, still trying',
    wild(
      'Warning: message 1abc delayed 24 hours',
      'The message has not yet been delivered to alerte@ars-84.example. Delivery attempts will continue; it will be retried.',
    ),
    bounced(false),
  ],
  [
    'sendmail, four hours',
    wild(
      'Warning: could not send message for past 4 hours',
      'The following address had transient non-fatal errors\n<alerte@ars-84.example>',
    ),
    bounced(false, { recipient: 'alerte@ars-84.example' }),
  ],
  [
    'Zimbra in French, box full',
    wild(
      'Échec de la remise',
      'Votre message n’a pas pu être remis à alerte@ars-84.example : boîte aux lettres pleine',
    ),
    bounced(false),
  ],
  [
    'French, unknown',
    wild('Message non distribué', 'L’adresse <alerte@ars-84.example> n’existe pas.'),
    bounced(true, { recipient: 'alerte@ars-84.example' }),
  ],
  [
    'null From',
    wild('Undelivered Mail Returned to Sender', '<alerte@ars-84.example>: host said: 550 no such user', { from: '<>' }),
    bounced(true, { recipient: 'alerte@ars-84.example' }),
  ],
  [
    'a daemon with an unusual subject',
    wild('MINSANTE N°2026_042', 'Your message was undeliverable: 554 rejected'),
    bounced(true),
  ],
  [
    'a person who writes about one',
    {
      from: 'a@ars-84.example',
      subject: 'Undeliverable: MINSANTE',
      text: 'Pris en charge, mais votre copie au directeur est revenue.',
    },
    { intent: 'takenInCharge' },
  ],
];

export const bounceCases: readonly CorpusCase[] = [...REPORTS, ...WILD].map(([name, spec, expected]) => ({
  name: `bounce: ${name}`,
  raw: eml(spec),
  expected,
}));
