import { mailAddress } from './address.ts';
import type { OutgoingMail } from './compose.ts';
import { moment, NBSP } from './french.ts';

export interface AuditRootView {
  readonly position: number;
  readonly at: number;
  readonly chains: number;
  readonly entries: number;
  readonly digest: string;
}

export interface AuditRootEnvelope {
  readonly to: string;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
}

/** The mail that carries a root out of Vigie's reach. The same root makes the same mail, its Message-ID too. */
export function auditRootMail(root: AuditRootView, { to, mailFrom, mailReplyDomain }: AuditRootEnvelope): OutgoingMail {
  const { position, digest } = root;
  const key = `${position}:${digest}`;
  const count = (value: number): string => value.toLocaleString('fr-FR').replace(/\s/g, NBSP);
  const lines = [
    `Racine n°${NBSP}${position} du journal d’audit de Vigie, ${moment(root.at)}.`,
    `Elle engage ${count(root.entries)} écritures en ${count(root.chains)} chaînes, et par elle toutes les racines précédentes.`,
    'Gardez ce courriel hors de Vigie. Pour vérifier plus tard que rien n’a été retiré ni réécrit depuis, même par qui détient la base et les clés :',
  ];
  const command = `npm run audit:verify -- ${key}`;
  return {
    from: mailAddress(mailFrom, 'Vigie'),
    to: mailAddress(to),
    envelopeFrom: mailFrom,
    replyTo: null,
    messageId: `audit-root-${position}-${digest.slice(0, 16)}@${mailReplyDomain}`,
    thread: `audit-roots@${mailReplyDomain}`,
    firstThread: null,
    subject: `Vigie – racine du journal d’audit n°${NBSP}${position}`,
    text: `${lines.join('\n\n').replaceAll(NBSP, ' ')}\n\n    ${command}\n`,
    html: `<!doctype html><html lang="fr"><body>${lines.map((line) => `<p>${line}</p>`).join('')}<pre>${command}</pre></body></html>`,
    urgent: false,
    answers: null,
    attachments: [],
  };
}
