import { isBlank } from '../../domain/text.ts';
import type { SentAttachment } from '../../domain/instruction-matter.ts';
import { capital, named, NBSP, ofNamed } from '../french.ts';
import type { RenderedBody } from '../markdown.ts';
import type { Block, Letter } from './blocks.ts';

/** What the letter to a partner is made of. CORRUSS has no place in it: the ARS speaks to its own partners. */
export interface RelayLetterMatter {
  readonly organisationName: string;
  readonly contact: { readonly name: string; readonly address: string; readonly phone: string | null };
  /** Covering words of the ARS; may be empty. */
  readonly note: string;
  readonly instruction: {
    readonly number: string;
    readonly subject: string;
    readonly exercise: boolean;
    readonly attachments: readonly SentAttachment[];
  };
  readonly rendered: RenderedBody;
  /** Name of the partner written to. */
  readonly partner: string;
  readonly acknowledgeUrl: string;
}

export function relayLetter(matter: RelayLetterMatter): Letter {
  const { organisationName, instruction, contact } = matter;
  const exercise = instruction.exercise ? 'EXERCICE – ' : '';
  return {
    subject: `${exercise}${organisationName} – ${instruction.subject}`,
    preheader: `${capital(named(organisationName))} vous transmet ce message`,
    reference: organisationName,
    nature: `Message à ses partenaires – réf. ${instruction.number}`,
    exercise: instruction.exercise,
    heading: instruction.subject,
    blocks: [
      { kind: 'facts', rows: rowsOf(matter) },
      ...(isBlank(matter.note)
        ? []
        : [{ kind: 'quote', title: `Mot ${ofNamed(organisationName)}`, text: matter.note } as const]),
      {
        kind: 'buttons',
        intro: `Merci d’accuser réception (une page de confirmation s’ouvre, sans compte ni mot de passe)${NBSP}:`,
        buttons: [{ label: 'Accuser réception', url: matter.acknowledgeUrl }],
      },
      { kind: 'body', title: 'Message', body: matter.rendered },
      ...filesOf(matter),
    ],
    footer: [
      `Une question${NBSP}? Répondez à ce courriel${NBSP}: votre réponse arrive à ${contact.address} (${organisationName}).`,
      `Ce lien est réservé à ${matter.partner}${NBSP}: ne le transmettez pas.`,
    ],
  };
}

function rowsOf({ organisationName, partner, contact }: RelayLetterMatter): [string, string][] {
  const reach = contact.phone === null ? contact.address : `${contact.address} – ${contact.phone}`;
  return [
    ['Émetteur', organisationName],
    ['Destinataire', partner],
    ['Votre contact', reach],
  ];
}

/** Files travel in the mail or, where they are too large for it, are asked of the ARS: a partner has no account. */
function filesOf({ instruction, contact }: RelayLetterMatter): readonly Block[] {
  const { attachments } = instruction;
  if (attachments.length === 0) return [];
  const inline = attachments.filter(({ content }) => content !== null).map(({ name }) => name);
  const large = attachments.filter(({ content }) => content === null).map(({ name }) => name);
  const files: readonly Block[] = inline.length === 0 ? [] : [{ kind: 'files', inline, links: [] }];
  if (large.length === 0) return files;
  return [...files, { kind: 'list', title: `Pièces à demander à ${contact.address}`, items: large }];
}
