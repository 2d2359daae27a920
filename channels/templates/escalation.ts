import { capital, duration, momentThere, named, NBSP, remaining, toNamed } from '../french.ts';
import { stateWords } from '../words.ts';
import type { Block, Letter } from './blocks.ts';
import { bodyBlock, deadlineOf, deskFooter, letterOf, readingBlock, subjectOf, type Matter } from './parts.ts';

/** Step of the ladder to the ARS of the zone: it reads, it does not answer in the recipient's place. */
export function zoneLetter(matter: Matter): Letter {
  const { delivery, instruction } = matter;
  return letterOf(matter, {
    subject: subjectOf(instruction, `SANS RÉPONSE${NBSP}: ${delivery.about.name}`),
    preheader: `${capital(named(delivery.about.name))} n’a pas répondu${NBSP}: appui de l’ARS de zone demandé`,
    heading: `${capital(named(delivery.about.name))} ne répond pas`,
    blocks: [
      {
        kind: 'callout',
        tone: 'alert',
        text: `Malgré les relances, ${silence(matter)}. En tant qu’ARS de zone, merci de la joindre par vos propres moyens et de l’inviter à répondre.`,
      },
      ...situation(matter),
      readingBlock(matter),
      bodyBlock(matter, `Message adressé ${toNamed(delivery.about.name)}`),
    ],
    footer: [
      `Seule ${named(delivery.about.name)} peut répondre à cette instruction${NBSP}; le lien ci-dessus permet de la lire avec votre compte.`,
      'Message envoyé par le CORRUSS, centre de crises sanitaires du ministère chargé de la santé.',
    ],
  });
}

/** Step of the ladder to the head of CORRUSS: the moment to think of a conference. */
export function headLetter(matter: Matter): Letter {
  const { delivery, instruction } = matter;
  return letterOf(matter, {
    subject: subjectOf(instruction, `SANS RÉPONSE${NBSP}: ${delivery.about.name}`),
    preheader: `${capital(named(delivery.about.name))} n’a pas répondu${NBSP}: décision du chef du CORRUSS`,
    heading: `${capital(named(delivery.about.name))} ne répond pas`,
    blocks: [
      { kind: 'callout', tone: 'alert', text: `Malgré les relances, ${silence(matter)}.` },
      {
        kind: 'paragraph',
        text: `Proposition${NBSP}: envisager une conférence téléphonique avec ${named(delivery.about.name)} et son ARS de zone.`,
      },
      ...situation(matter),
      readingBlock(matter),
      bodyBlock(matter, `Message adressé ${toNamed(delivery.about.name)}`),
    ],
    footer: deskFooter,
  });
}

function silence({ delivery, context }: Matter): string {
  const sentAt = delivery.followUp?.sentAt ?? null;
  const since = sentAt === null ? '' : ` depuis ${duration(Math.max(0, context.now - sentAt))}`;
  const answered = delivery.followUp?.lastReply ?? null;
  const verb = answered === null ? 'n’a pas répondu' : 'n’a pas mené cette instruction à son terme';
  return `${named(delivery.about.name)} ${verb}${answered === null ? since : ''}`;
}

/** Deadline, state and last answer of the recipient. */
export function situation(matter: Matter): readonly Block[] {
  const { followUp, addressee, about } = matter.delivery;
  const rows: [string, string][] = [['Destinataire', about.name]];
  const deadline = deadlineOf(matter);
  if (deadline !== null) {
    rows.push([
      'Échéance',
      `${momentThere(deadline, addressee.timeZone)} – ${remaining(deadline, matter.context.now)}`,
    ]);
  }
  if (followUp !== null) {
    rows.push(['État', stateWords(followUp)]);
    const last = followUp.lastReply;
    rows.push(['Dernière réponse', last === null ? 'aucune' : momentThere(last.at, addressee.timeZone)]);
  }
  return [{ kind: 'facts', rows }];
}
