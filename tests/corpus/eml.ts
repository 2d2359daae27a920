/** Raw mails from compact data. Only `.example` domains. */

export interface MailSpec {
  readonly from?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  /** Added, or put in place of the usual ones; an empty value takes the header away. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body parts of a `multipart/report` or `multipart/mixed`, with their own headers. */
  readonly parts?: readonly string[];
  readonly multipart?: string;
}

export const ORIGINAL_ID = '0192f0c1-aaaa-7bbb-8ccc-123456789abc@reply.vigie.example';
const ORIGINAL_SUBJECT = 'MINSANTE N°2026_042 POUR ACTION - Plan blanc';

const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** One MIME part in UTF-8, quoted-printable being left to the real clients: 8bit. */
export const part = (type: string, content: string, headers: readonly string[] = []): string =>
  [`Content-Type: ${type}`, ...headers, '', content].join('\r\n');

export function eml(spec: MailSpec): Buffer {
  const { type, body } = bodyOf(spec);
  const headers: Record<string, string> = {
    From: spec.from ?? 'Astreinte ARS <alerte@ars-84.example>',
    To: 'CORRUSS <r-abcdefghij@reply.vigie.example>',
    Subject: encoded(spec.subject ?? `RE: ${ORIGINAL_SUBJECT}`),
    Date: 'Tue, 24 Nov 2026 09:59:58 +0100',
    'Message-ID': '<answer-1@ars-84.example>',
    'In-Reply-To': `<${ORIGINAL_ID}>`,
    'MIME-Version': '1.0',
    'Content-Type': type,
    'Content-Transfer-Encoding': '8bit',
    ...spec.headers,
  };
  const lines = Object.entries(headers).filter(([, value]) => value !== '');
  return Buffer.from(`${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${crlf(body)}\r\n`);
}

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

function bodyOf({ text, html, parts, multipart }: MailSpec): { type: string; body: string } {
  const own = parts ?? [
    ...(text !== undefined && html !== undefined ? [part('text/plain; charset=utf-8', text)] : []),
    ...(text !== undefined && html !== undefined ? [part('text/html; charset=utf-8', html)] : []),
  ];
  if (own.length > 0) {
    const body = own.map((one) => `--=_vigie\r\n${one}\r\n`).join('');
    return { type: `${multipart ?? 'multipart/alternative'}; boundary="=_vigie"`, body: `${body}--=_vigie--` };
  }
  if (html !== undefined) return { type: 'text/html; charset=utf-8', body: html };
  return { type: 'text/plain; charset=utf-8; format=fixed', body: text ?? '' };
}

/** What clients put under an answer: full of words that would be answers. */
const ASKED = [
  'POUR ACTION : déclencher le plan blanc. Confirmer quand c’est fait.',
  'Exemples de réponse : réalisé ; fait à 80 % ; refus motivé : effectifs ; report au 01/12 à 8 h.',
  'Terminé.',
];
const SIGNATURE = ['Cordialement,', '', 'Camille Durand', 'Fait à Paris, le 24 novembre 2026', 'Tél. 01 23 45 67 89'];

/** An answer as a client sends it. */
export const CLIENTS: Readonly<Record<string, (answer: string) => MailSpec>> = {
  bare: (answer) => ({ text: answer }),
  gmail: (answer) => ({
    text: `${answer}\n\nLe mar. 24 nov. 2026 à 09:41, CORRUSS <corruss@vigie.example> a\nécrit :\n\n${ASKED.map((line) => `> ${line}`).join('\n')}`,
  }),
  gmailEnglish: (answer) => ({
    text: `${answer}\n\nOn Tue, Nov 24, 2026 at 9:41 AM CORRUSS <corruss@vigie.example> wrote:\n\n${ASKED.map((line) => `> ${line}`).join('\n')}`,
  }),
  outlook: (answer) => ({
    text: `${answer}\n\n${SIGNATURE.join('\n')}\n\n________________________________\nDe : CORRUSS <corruss@vigie.example>\nEnvoyé : mardi 24 novembre 2026 09:41\nÀ : ARS\nObjet : ${ORIGINAL_SUBJECT}\n\n${ASKED.join('\n')}`,
  }),
  outlookEnglish: (answer) => ({
    text: `${answer}\n\nBest regards,\nCamille\n\nFrom: CORRUSS <corruss@vigie.example>\nSent: Tuesday, November 24, 2026 9:41 AM\nTo: ARS\nSubject: ${ORIGINAL_SUBJECT}\n\n${ASKED.join('\n')}`,
  }),
  exchangeHtml: (answer) => ({
    html: `<html><head><style>p{color:#fait}</style><title>réalisé</title></head><body><p class="MsoNormal">${answer.replaceAll('\n', '<br>')}</p><p>Bien cordialement,</p><p>C. Durand</p><div style="border-top:solid #E1E1E1 1.0pt"><p><b>De&nbsp;:</b> CORRUSS &lt;corruss@vigie.example&gt;<br><b>Envoyé&nbsp;:</b> mardi 24 novembre 2026 09:41<br><b>À&nbsp;:</b> ARS<br><b>Objet&nbsp;:</b> ${ORIGINAL_SUBJECT}</p></div>${ASKED.map((line) => `<p>${line}</p>`).join('')}</body></html>`,
  }),
  gmailHtml: (answer) => ({
    html: `<div dir="ltr">${answer.replaceAll('\n', '<br>')}</div><br><div class="gmail_quote"><div class="gmail_attr">Le mar. 24 nov. 2026 à 09:41, CORRUSS &lt;<a href="mailto:corruss@vigie.example">corruss@vigie.example</a>&gt; a écrit&nbsp;:<br></div><blockquote>${ASKED.map((line) => `<p>${line}</p>`).join('')}</blockquote></div>`,
  }),
  zimbra: (answer) => ({
    text: `${answer}\n\n----- Mail original -----\nDe: "CORRUSS" <corruss@vigie.example>\nÀ: "ARS" <alerte@ars-84.example>\nEnvoyé: Mardi 24 Novembre 2026 09:41:00\nObjet: ${ORIGINAL_SUBJECT}\n\n${ASKED.join('\n')}`,
  }),
  apple: (answer) => ({
    text: `${answer}\n\nEnvoyé de mon iPhone\n\n> Le 24 nov. 2026 à 09:41, CORRUSS <corruss@vigie.example> a écrit :\n> \n${ASKED.map((line) => `> ${line}`).join('\n')}`,
  }),
  thunderbird: (answer) => ({
    text: `Le 24/11/2026 à 09:41, CORRUSS a écrit :\n${ASKED.map((line) => `> ${line}`).join('\n')}\n\n${answer}\n\n-- \nC. Durand\nFait à Paris`,
  }),
  outlookMobile: (answer) => ({
    text: `${answer}\n\nObtenez Outlook pour iOS<https://aka.example/o>\n________________________________\nDe : CORRUSS <corruss@vigie.example>\nEnvoyé : mardi, novembre 24, 2026 9:41 AM\nÀ : ARS <alerte@ars-84.example>\nObjet : ${ORIGINAL_SUBJECT}\n\n${ASKED.join('\n')}`,
  }),
  lotus: (answer) => ({
    text: `${answer}\n\n-----Message d'origine-----\nDe : CORRUSS\nDate : 24/11/2026 09:41\n${ASKED.join('\n')}`,
  }),
};
