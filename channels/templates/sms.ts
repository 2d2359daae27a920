import { duration, moment, NBSP, remaining } from '../french.ts';
import { readingUrl, replyUrl } from '../links.ts';
import { NATURE_WORDS } from '../../domain/wording.ts';
import { deadlineOf, type Matter } from './parts.ts';

/** A text message: which instruction, whose, until when, where to answer. Three SMS at most, so nothing of the body. */
export function smsText(matter: Matter): string {
  const { instruction, delivery, context } = matter;
  const exercise = instruction.exercise ? 'EXERCICE - ' : '';
  const deadline = deadlineOf(matter);
  const until =
    deadline === null
      ? ''
      : ` Échéance ${moment(deadline, delivery.addressee.timeZone)}, ${remaining(deadline, context.now)}.`;
  const sentAt = delivery.followUp?.sentAt ?? null;
  const silence =
    delivery.purpose === 'ladder' && sentAt !== null
      ? ` ${delivery.about.name}${NBSP}: pas de suite depuis ${duration(Math.max(0, context.now - sentAt))}.`
      : '';
  const where =
    delivery.linkToken === null
      ? `Lire${NBSP}: ${readingUrl(context.publicUrl, instruction.id)}`
      : `Répondre${NBSP}: ${replyUrl(context.publicUrl, delivery.linkToken)}`;
  const subject = instruction.subject.length > 80 ? `${instruction.subject.slice(0, 79)}…` : instruction.subject;
  return `${exercise}${instruction.number} ${NATURE_WORDS[instruction.nature]} - ${subject}.${silence}${until} ${where}`.replaceAll(
    NBSP,
    ' ',
  );
}
