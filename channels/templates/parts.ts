import type { FollowUp } from '../../domain/follow-up-state.ts';
import type { Instant } from '../../domain/instant.ts';
import { duration, momentThere, NBSP, remaining, toNamed } from '../french.ts';
import { attachmentUrl, intentionUrl, readingUrl, replyUrl } from '../links.ts';
import type { RenderedBody } from '../markdown.ts';
import type { ComposeContext, DeliveryView } from '../views.ts';
import { RELATION_VERBS } from '../../domain/relation.ts';
import { NATURE_WORDS } from '../../domain/wording.ts';
import type { InstructionMatter } from '../../domain/instruction-matter.ts';
import type { Block, Button, Letter } from './blocks.ts';

/** An instruction whose body has been rendered: made once, used for all its recipients. */
export interface CompiledInstruction extends InstructionMatter {
  readonly rendered: RenderedBody;
}

/** All that a template gets. */
export interface Matter {
  readonly instruction: CompiledInstruction;
  readonly delivery: DeliveryView;
  readonly context: ComposeContext;
}

/** `EXERCICE – RELANCE – MINSANTE N°2026_001 – POUR ACTION – Sujet`; the flag of an exercise always comes first. */
export function subjectOf(instruction: InstructionMatter, ...prefixes: readonly string[]): string {
  const { number, nature, subject, exercise, terms } = instruction;
  const { refersTo } = terms;
  const relation = refersTo === undefined ? [] : [`${RELATION_VERBS[refersTo.relation]} ${refersTo.number}`];
  return [...(exercise ? ['EXERCICE'] : []), ...prefixes, number, ...relation, NATURE_WORDS[nature], subject].join(
    ' – ',
  );
}

/** What all letters of an instruction share. */
export function letterOf(
  { instruction }: Matter,
  own: Pick<Letter, 'subject' | 'preheader' | 'heading' | 'blocks' | 'footer'>,
): Letter {
  return {
    reference: instruction.number,
    nature: NATURE_WORDS[instruction.nature],
    exercise: instruction.exercise,
    ...own,
  };
}

/** The deadline in force: the follow-up's, else the terms'; a span not yet begun counts from now. Null where there is none. */
export function deadlineOf({ instruction, delivery, context }: Matter): Instant | null {
  const { deadline, span } = instruction.terms;
  return delivery.followUp?.deadline ?? deadline ?? (span === null ? null : context.now + span);
}

/** The deadline for its reader: in the zone of the one who reads, and in Paris time where the clocks differ. */
export function deadlineWords(matter: Matter): string {
  const deadline = deadlineOf(matter);
  if (deadline === null) return 'aucune';
  const there = momentThere(deadline, matter.delivery.addressee.timeZone);
  return `${there} – ${remaining(deadline, matter.context.now)}`;
}

/** The answers that the nature expects, each to the same page, which asks before it does anything. */
export function answerButtons({ instruction, delivery, context }: Matter): readonly Button[] {
  if (delivery.linkToken === null) return [];
  const url = replyUrl(context.publicUrl, delivery.linkToken);
  if (instruction.nature === 'information') return [{ label: 'J’ai lu', url: intentionUrl(url, 'read') }];
  const done = instruction.nature === 'diffusion' ? 'Diffusion faite' : 'Réalisé';
  return [
    { label: 'Pris en charge', url: intentionUrl(url, 'takenInCharge') },
    { label: 'En cours', url: intentionUrl(url, 'progress') },
    { label: done, url: intentionUrl(url, 'done') },
    { label: 'Refus motivé', url: intentionUrl(url, 'refused') },
  ];
}

/** The buttons with their explanation; nothing where the mail carries no link. */
export function answerBlocks(matter: Matter): readonly Block[] {
  const buttons = answerButtons(matter);
  if (buttons.length === 0) return [];
  const intro =
    matter.instruction.nature === 'information'
      ? 'Merci de dire que vous avez lu ce message (une page de confirmation s’ouvre)'
      : 'Répondez d’ici, sans compte ni mot de passe (une page de confirmation s’ouvre)';
  return [{ kind: 'buttons', intro: `${intro}${NBSP}:`, buttons }];
}

/** The desk's words, titled. */
export const bodyBlock = ({ instruction }: Matter, title: string): Block => ({
  kind: 'body',
  title,
  body: instruction.rendered,
});

/** Attachments in the mail by name, the others as links behind the account. */
export function fileBlocks({ instruction, context }: Matter): readonly Block[] {
  if (instruction.attachments.length === 0) return [];
  const inline = instruction.attachments.filter(({ content }) => content !== null).map(({ name }) => name);
  const links = instruction.attachments
    .filter(({ content }) => content === null)
    .map(({ id, name, size }) => ({
      label: `${name} (${megabytes(size)}, à télécharger avec votre compte)`,
      url: attachmentUrl(context.publicUrl, id),
    }));
  return [{ kind: 'files', inline, links }];
}

/** Link to read the instruction, for those who do not answer it. */
export const readingBlock = ({ instruction, context }: Matter): Block => ({
  kind: 'link',
  label: `Lire l’instruction ${instruction.number} et le suivi`,
  url: readingUrl(context.publicUrl, instruction.id),
});

/** How to answer by return of mail, and to whom the link belongs. */
export function recipientFooter({ delivery }: Matter): readonly string[] {
  const reply =
    delivery.replyLocal === null
      ? []
      : [`Vous pouvez aussi répondre à ce courriel${NBSP}: votre réponse arrive au CORRUSS.`];
  return [
    ...reply,
    `Ces liens sont réservés ${toNamed(delivery.about.name)}${NBSP}: ne les transmettez pas hors de votre agence.`,
    'Message envoyé par le CORRUSS, centre de crises sanitaires du ministère chargé de la santé.',
  ];
}

export const deskFooter: readonly string[] = ['Message automatique de Vigie, pour le CORRUSS.'];

const megabytes = (size: number): string =>
  `${(size / 1_000_000).toLocaleString('fr-FR', { maximumFractionDigits: 1 })}${NBSP}Mo`;

/** A string of the delivery's detail under the first of these names that has one. */
export function detailText({ delivery }: Matter, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = delivery.detail[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** An instant of the delivery's detail (epoch ms, or RFC 3339). */
export function detailInstant({ delivery }: Matter, ...names: readonly string[]): Instant | null {
  for (const name of names) {
    const value = delivery.detail[name];
    const instant = typeof value === 'string' ? Date.parse(value) : value;
    if (typeof instant === 'number' && Number.isFinite(instant)) return instant;
  }
  return null;
}

/** Number of the last step there is: what «relance 2 sur 6» counts to. */
export const stepsOf = (followUp: FollowUp | null): number => followUp?.steps.length ?? 0;

/** How long it has been, in words; null when the mail has not been sent. */
export const sinceSent = ({ delivery, context }: Matter): string | null => {
  const sentAt = delivery.followUp?.sentAt ?? null;
  return sentAt === null ? null : duration(Math.max(0, context.now - sentAt));
};
