import { part } from '../corpus/eml.ts';
import type { Letter } from './mail-desk.ts';
import type { ReceivedMail } from './mail-sink.ts';

/** What the mailbox's own server sends back of a mail: `5.1.1` with `failed` for good, `4.2.2` with `delayed` for now. */
export const bounceOf = (mail: ReceivedMail, status: string, action: string): Letter => ({
  to: mail.envelope.from,
  sender: '',
  from: 'Mail Delivery System <MAILER-DAEMON@mx.example>',
  subject: 'Undelivered Mail Returned to Sender',
  multipart: 'multipart/report; report-type=delivery-status',
  headers: { 'Auto-Submitted': 'auto-replied' },
  parts: [
    part('text/plain; charset=utf-8', 'This is the mail system.'),
    part(
      'message/delivery-status',
      `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ${mail.to}\r\nAction: ${action}\r\nStatus: ${status}`,
    ),
  ],
});
