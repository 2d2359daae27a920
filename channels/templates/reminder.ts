import { capital, momentThere, named, NBSP, remaining } from '../french.ts';
import { TARGET_WORDS } from '../../domain/wording.ts';
import { stateWords } from '../words.ts';
import type { Letter } from './blocks.ts';
import {
  answerBlocks,
  bodyBlock,
  deadlineOf,
  deadlineWords,
  fileBlocks,
  letterOf,
  recipientFooter,
  sinceSent,
  stepsOf,
  subjectOf,
  type Matter,
} from './parts.ts';

/** A step of the ladder to the recipient's own people: which step, what remains, how to stop the reminders. */
export function reminderLetter(matter: Matter): Letter {
  const { delivery, instruction } = matter;
  const total = stepsOf(delivery.followUp);
  const step = total > 0 ? `${delivery.step} sur ${total}` : String(delivery.step);
  return letterOf(matter, {
    subject: subjectOf(instruction, `RELANCE ${delivery.step}`),
    preheader: `Relance ${step} – ${situation(matter)}`,
    heading: `Relance ${step} – ${instruction.subject}`,
    blocks: [
      { kind: 'callout', tone: 'alert', text: urgency(matter) },
      { kind: 'facts', rows: rows(matter, step) },
      ...answerBlocks(matter),
      {
        kind: 'paragraph',
        text: 'Une prise en charge, un avancement, une réalisation ou un refus motivé arrête les relances aussitôt.',
      },
      bodyBlock(matter, 'Rappel du message'),
      ...fileBlocks(matter),
    ],
    footer: recipientFooter(matter),
  });
}

function situation(matter: Matter): string {
  const deadline = deadlineOf(matter);
  return deadline === null ? 'une réponse est attendue' : remaining(deadline, matter.context.now);
}

function urgency(matter: Matter): string {
  const since = sinceSent(matter);
  const name = capital(named(matter.delivery.about.name));
  const answered = matter.delivery.followUp?.lastReply ?? null;
  const silence =
    answered === null
      ? `${name} n’a pas répondu à cette instruction${since === null ? '' : `, envoyée il y a ${since}`}`
      : `${name} n’a pas confirmé la suite donnée à cette instruction`;
  return `${silence}${NBSP}: ${situation(matter)}.`;
}

function rows(matter: Matter, step: string): (readonly [string, string])[] {
  const { followUp, target, addressee } = matter.delivery;
  const last = followUp?.lastReply ?? null;
  return [
    ['Relance', `${step} – ${TARGET_WORDS[target]}`],
    ...(deadlineOf(matter) === null ? [] : [['Échéance', deadlineWords(matter)] as const]),
    ...(followUp === null ? [] : [['État connu', stateWords(followUp)] as const]),
    ...(last === null ? [] : [['Dernière réponse', momentThere(last.at, addressee.timeZone)] as const]),
  ];
}
