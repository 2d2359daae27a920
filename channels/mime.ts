import { oneLine, type MailAddress } from './address.ts';
import type { OutgoingMail } from './compose.ts';
import type { AttachmentView } from './views.ts';

/*
 * A message is encoded here, directly: nodemailer's composer takes a stream for each part (1.2 ms a mail, eighteen times in a
 * row when an instruction leaves), and can be talked into opening files and addresses. Every content is base64, so that no
 * boundary can occur in it and no line is too long; the SMTP dialogue is nodemailer's.
 */

const EOL = '\r\n';
const ALTERNATIVE = 'vigie-alternative';
const MIXED = 'vigie-mixed';
// An encoded word has 75 characters at most (RFC 2047 § 2): 45 bytes in base64, and its frame.
const WORD_BYTES = 45;

/** The whole message (RFC 5322) as bytes, dated by the machine's clock. */
export function encodeMail(mail: OutgoingMail, date: Date = new Date()): Buffer {
  const headers = [
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `From: ${mailbox(mail.from)}`,
    `To: ${mailbox(mail.to)}`,
    ...(mail.replyTo ? [`Reply-To: ${mailbox(mail.replyTo)}`] : []),
    `Message-ID: <${identifier(mail.messageId)}>`,
    ...threading(mail),
    `Subject: ${words(mail.subject)}`,
    // RFC 3834: a machine speaks; other machines should not answer.
    `Auto-Submitted: ${mail.answers === null ? 'auto-generated' : 'auto-replied'}`,
    `X-Auto-Response-Suppress: ${mail.answers === null ? 'OOF, AutoReply' : 'All'}`,
    'Content-Language: fr',
    ...(mail.urgent ? ['Importance: high'] : []),
    'MIME-Version: 1.0',
  ];
  const body = alternative(mail);
  const files = mail.attachments.flatMap((file) => (file.content === null ? [] : [attachment(file, file.content)]));
  const whole = files.length === 0 ? body : multipart('mixed', MIXED, [body, ...files]);
  return Buffer.from(`${headers.join(EOL)}${EOL}${whole}${EOL}`, 'latin1');
}

const alternative = ({ text, html }: OutgoingMail): string =>
  multipart('alternative', ALTERNATIVE, [
    part('text/plain; charset=utf-8', [], wrap(Buffer.from(text, 'utf8').toString('base64'))),
    part('text/html; charset=utf-8', [], wrap(Buffer.from(html, 'utf8').toString('base64'))),
  ]);

function multipart(kind: string, boundary: string, parts: readonly string[]): string {
  const inside = parts.map((each) => `--${boundary}${EOL}${each}${EOL}`).join('');
  return `Content-Type: multipart/${kind}; boundary="${boundary}"${EOL}${EOL}${inside}--${boundary}--`;
}

const part = (type: string, headers: readonly string[], base64: string): string =>
  [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...headers, '', base64].join(EOL);

/** The same file goes to every recipient: encoded once as long as its bytes are held. */
const encodedFiles = new WeakMap<Buffer, string>();

function attachment({ name, mediaType }: AttachmentView, content: Buffer): string {
  let base64 = encodedFiles.get(content);
  if (base64 === undefined) {
    base64 = wrap(content.toString('base64'));
    encodedFiles.set(content, base64);
  }
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream';
  const plain = name.replace(/[^\w.-]+/g, '_').slice(0, 60);
  // RFC 2231 for the true name, and a plain one for those who don't read it.
  const disposition = `Content-Disposition: attachment; filename="${plain}";${EOL} filename*=UTF-8''${percent(name)}`;
  return part(type, [disposition], base64);
}

const percent = (text: string): string =>
  encodeURIComponent(oneLine(text).toWellFormed().slice(0, 120)).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );

const wrap = (base64: string): string => base64.replace(/.{76}(?=.)/g, `$&${EOL}`);

const mailbox = ({ name, address }: MailAddress): string => (name === '' ? address : `${words(name)} <${address}>`);

/** Message identifiers are ours; whatever else came would break the header, so it is dropped. */
const identifier = (text: string): string => text.replace(/[^\w.@+-]/g, '');

/** A mail answered is named as its sender's program named it. */
function threading({ thread, answers }: OutgoingMail): string[] {
  const ours = `<${identifier(thread)}>`;
  const theirs = answers === null ? '' : answers.replace(/[^\x21-\x7e]|[<>]/g, '').slice(0, 250);
  if (theirs === '') return [`References: ${ours}`];
  return [`In-Reply-To: <${theirs}>`, `References: ${ours}${EOL} <${theirs}>`];
}

/** Header text: as it is when it is short and of letters without accents, else as encoded words on folded lines. */
function words(text: string): string {
  const line = oneLine(text).toWellFormed();
  return /^[\w /-]{1,60}$/.test(line) ? line : encodedWords(line);
}

function encodedWords(line: string): string {
  const chunks: string[] = [];
  let chunk = '';
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > WORD_BYTES) {
      chunks.push(chunk);
      chunk = '';
      bytes = 0;
    }
    chunk += character;
    bytes += size;
  }
  return [...chunks, chunk].map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join(`${EOL} `);
}
