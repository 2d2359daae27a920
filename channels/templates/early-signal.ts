import { completeOf, type EarlySignal, type SignalMail, type SignalMailPurpose } from '../../domain/early-signal.ts';
import { OUTCOME_WORDS, URGENCY_WORDS } from '../../domain/early-signal-words.ts';
import { capital, duration, momentThere, named, NBSP, ofNamed } from '../french.ts';
import type { Block, Letter } from './blocks.ts';
import {
  earlyBlocks,
  nameOf,
  owedOf,
  questionOf,
  quote,
  summary,
  wordsOf,
  type SignalLetterMatter,
} from './early-signal-parts.ts';

/** What one kind of mail says of its own. */
interface Words {
  readonly prefix: string;
  readonly heading: string;
  readonly tone: 'info' | 'alert';
  readonly text: string;
  readonly blocks: readonly Block[];
}
type Write = (matter: SignalLetterMatter, mail: SignalMail) => Words;

/** One mail of a signal. The flag of an exercise comes first in its subject, and frames its page. */
export function signalLetter(matter: SignalLetterMatter, mail: SignalMail): Letter {
  const { prefix, heading, tone, text, blocks } = WRITE[mail.purpose](matter, mail);
  const { signal, organisationName, subject, reference } = matter;
  return {
    subject: [...(signal.exercise ? ['EXERCICE'] : []), prefix, organisationName, subject].join(' – '),
    preheader: text,
    reference,
    nature: `SIGNAL PRÉCOCE – ${URGENCY_WORDS[signal.urgency].toUpperCase()}`,
    exercise: signal.exercise,
    heading,
    blocks: [{ kind: 'callout', tone, text }, ...blocks],
    footer: [
      'Message automatique de Vigie, envoyé par le CORRUSS. Une réponse à ce courriel n’est pas prise en compte.',
    ],
  };
}

/** Mails that somebody must see at once. */
export const isUrgentMail = ({ urgency }: EarlySignal, { purpose }: SignalMail): boolean =>
  purpose === 'reminder' || purpose === 'late' || (purpose === 'raised' && urgency !== 'routine');

const raised: Write = (matter) => {
  const promise = completeOf(matter.signal)?.dueAt ?? matter.now;
  return {
    prefix: `SIGNAL PRÉCOCE – ${URGENCY_WORDS[matter.signal.urgency].toUpperCase()}`,
    heading: `${capital(named(matter.organisationName))} lève un signal précoce`,
    tone: 'alert',
    text: `Accusez réception dans Vigie${NBSP}: sans accusé de réception, la permanence puis le chef du CORRUSS sont relancés. Le signal complet est promis pour le ${momentThere(promise, matter.timeZone)}.`,
    blocks: earlyBlocks(matter),
  };
};

const reminder: Write = (matter, { number }) => ({
  prefix: `RELANCE ${number} – SIGNAL PRÉCOCE SANS ACCUSÉ DE RÉCEPTION`,
  heading: `Le signal ${ofNamed(matter.organisationName)} attend un accusé de réception`,
  tone: 'alert',
  text: `Levé il y a ${duration(matter.now - matter.signal.raisedAt)}, ce signal n’a été lu par personne. Accusez réception dans Vigie${NBSP}; les relances continuent jusque-là.`,
  blocks: earlyBlocks(matter),
});

const acknowledged: Write = (matter) => {
  const { officer = '', comment = '' } = wordsOf<'acknowledgement'>(matter, matter.signal.acknowledged?.entry);
  const who = officer === '' ? nameOf(matter, matter.signal.acknowledged?.entry) : officer;
  const owed = completeOf(matter.signal);
  const next =
    owed === undefined || owed.answer !== null
      ? 'Le signal complet est déjà reçu.'
      : `Le signal complet est attendu pour le ${momentThere(owed.dueAt, matter.timeZone)}.`;
  return {
    prefix: 'ACCUSÉ DE RÉCEPTION DU CORRUSS',
    heading: `${who}, du CORRUSS, a lu votre signal`,
    tone: 'info',
    text: next,
    blocks: [...quote('Commentaire', comment), ...summary(matter)],
  };
};

const due: Write = (matter, { number }) => {
  const owed = owedOf(matter, number);
  return {
    prefix: number === 0 ? 'SIGNAL COMPLET ATTENDU' : 'PRÉCISIONS ATTENDUES',
    heading: number === 0 ? 'Votre signal complet est attendu' : 'Votre réponse au CORRUSS est attendue',
    tone: 'info',
    text: `Échéance${NBSP}: ${momentThere(owed.dueAt, matter.timeZone)} (dans ${duration(Math.max(0, owed.dueAt - matter.now))}). Répondez dans Vigie.`,
    blocks: [...questionOf(matter, owed), ...summary(matter)],
  };
};

const late: Write = (matter, { number, target }) => {
  const owed = owedOf(matter, number);
  const what = number === 0 ? 'le signal complet' : 'les précisions demandées';
  const advice =
    target === 'desk'
      ? `Appelez ${named(matter.organisationName)}${NBSP}: le retard est dans vos tâches jusqu’à la réponse ou la clôture.`
      : 'Répondez dans Vigie sans attendre, ou appelez le CORRUSS.';
  return {
    prefix: `EN RETARD – ${number === 0 ? 'SIGNAL COMPLET' : 'PRÉCISIONS'}`,
    heading: `${capital(what)} ${ofNamed(matter.organisationName)} ${number === 0 ? 'n’est pas arrivé' : 'ne sont pas arrivées'}`,
    tone: 'alert',
    text: `L’échéance du ${momentThere(owed.dueAt, matter.timeZone)} est passée. ${advice}`,
    blocks: [...questionOf(matter, owed), ...summary(matter)],
  };
};

const complete: Write = (matter) => {
  const { entry } = completeOf(matter.signal)?.answer ?? {};
  const words = wordsOf<'complete'>(matter, entry);
  return {
    prefix: 'SIGNAL COMPLET',
    heading: `Signal complet ${ofNamed(matter.organisationName)}`,
    tone: 'info',
    text: `Transmis par ${nameOf(matter, entry)}. Demandez des précisions ou clôturez le signal dans Vigie.`,
    blocks: [
      ...quote('Situation', words.situation),
      ...quote('Mesures prises', words.measures),
      ...quote('Évaluation', words.assessment),
      ...quote('Besoins', words.needs),
      ...earlyBlocks(matter),
    ],
  };
};

const details: Write = (matter, { number }) => {
  const owed = owedOf(matter, number);
  return {
    prefix: 'PRÉCISIONS DEMANDÉES',
    heading: 'Le CORRUSS vous demande des précisions',
    tone: 'info',
    text: `Réponse attendue dans Vigie pour le ${momentThere(owed.dueAt, matter.timeZone)}.`,
    blocks: [...questionOf(matter, owed), ...summary(matter)],
  };
};

const answered: Write = (matter, { number }) => {
  const owed = owedOf(matter, number);
  return {
    prefix: 'PRÉCISIONS REÇUES',
    heading: `${capital(named(matter.organisationName))} répond à votre demande de précisions`,
    tone: 'info',
    text: `Transmis par ${nameOf(matter, owed.answer?.entry)}.`,
    blocks: [
      ...questionOf(matter, owed),
      ...quote('Réponse', wordsOf<'answer'>(matter, owed.answer?.entry).answer),
      ...summary(matter),
    ],
  };
};

const closed: Write = (matter) => {
  const { ending } = matter.signal;
  const outcome = ending?.outcome ?? 'followed';
  return {
    prefix: 'SIGNAL CLOS',
    heading: 'Le CORRUSS a clos votre signal',
    tone: 'info',
    text: `Issue${NBSP}: ${OUTCOME_WORDS[outcome]}. Plus rien n’est attendu de vous pour ce signal${NBSP}; un fait nouveau est un nouveau signal.`,
    blocks: [...quote('Commentaire', wordsOf<'closing'>(matter, ending?.entry).comment), ...summary(matter)],
  };
};

const withdrawn: Write = (matter) => {
  const { entry } = matter.signal.ending ?? {};
  return {
    prefix: 'SIGNAL RETIRÉ',
    heading: `${capital(named(matter.organisationName))} retire son signal`,
    tone: 'info',
    text: `Retiré par ${nameOf(matter, entry)}. Plus rien n’est à faire.`,
    blocks: [...quote('Motif', wordsOf<'withdrawal'>(matter, entry).reason), ...summary(matter)],
  };
};

const WRITE: Readonly<Record<SignalMailPurpose, Write>> = {
  raised,
  reminder,
  acknowledged,
  due,
  late,
  complete,
  details,
  answered,
  closed,
  withdrawn,
};
