import { momentThere, named, NBSP, ofNamed } from '../french.ts';
import type { Block, Letter } from './blocks.ts';
import {
  answerBlocks,
  bodyBlock,
  deadlineOf,
  deadlineWords,
  detailInstant,
  detailText,
  letterOf,
  recipientFooter,
  subjectOf,
  type Matter,
} from './parts.ts';

/** The desk returns the recipient's answer: why, and the deadline that now counts. */
export function returnLetter(matter: Matter): Letter {
  const { instruction, delivery } = matter;
  const reason = detailText(matter, 'reason', 'comment') ?? 'motif non précisé';
  return letterOf(matter, {
    subject: subjectOf(instruction, 'RETOUR'),
    preheader: `Le CORRUSS vous renvoie cette instruction${NBSP}: ${reason}`,
    heading: `Instruction renvoyée – ${instruction.subject}`,
    blocks: [
      {
        kind: 'callout',
        tone: 'alert',
        text: `Le CORRUSS ne retient pas la réponse ${ofNamed(delivery.about.name)}${NBSP}: l’action reste à faire.`,
      },
      { kind: 'quote', title: 'Motif du retour', text: reason },
      ...deadlineFacts(matter, 'Nouvelle échéance'),
      ...answerBlocks(matter),
      bodyBlock(matter, 'Rappel du message'),
    ],
    footer: recipientFooter(matter),
  });
}

/** The deadline has moved: the old one and the new one. */
export function deadlineLetter(matter: Matter): Letter {
  const { instruction, delivery } = matter;
  const zone = delivery.addressee.timeZone;
  const before = detailInstant(matter, 'previous', 'from', 'before', 'old');
  const after = detailInstant(matter, 'deadline', 'to', 'after') ?? deadlineOf(matter);
  const rows: [string, string][] = [];
  if (before !== null) rows.push(['Ancienne échéance', momentThere(before, zone)]);
  if (after !== null) rows.push(['Nouvelle échéance', momentThere(after, zone)]);
  const words = after === null ? 'modifiée' : momentThere(after, zone);
  return letterOf(matter, {
    subject: subjectOf(instruction, 'ÉCHÉANCE MODIFIÉE'),
    preheader: `Nouvelle échéance${NBSP}: ${words}`,
    heading: `Échéance modifiée – ${instruction.subject}`,
    blocks: [
      {
        kind: 'paragraph',
        text: `Le CORRUSS a modifié l’échéance de cette instruction pour ${named(delivery.about.name)}.`,
      },
      { kind: 'facts', rows },
      ...answerBlocks(matter),
      bodyBlock(matter, 'Rappel du message'),
    ],
    footer: recipientFooter(matter),
  });
}

function deadlineFacts(matter: Matter, label: string): readonly Block[] {
  return deadlineOf(matter) === null ? [] : [{ kind: 'facts', rows: [[label, deadlineWords(matter)]] }];
}
