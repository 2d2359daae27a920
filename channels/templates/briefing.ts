import type { Briefing } from '../../domain/briefing.ts';
import { SIGNAL_STATUS_WORDS, URGENCY_WORDS } from '../../domain/early-signal-words.ts';
import { REPLY_WORDS } from '../../domain/wording.ts';
import { duration, moment, NBSP } from '../french.ts';
import type { Block, Letter } from './blocks.ts';
import { deskFooter } from './parts.ts';

const plural = (count: number, one: string, many: string): string => `${count}${NBSP}${count > 1 ? many : one}`;

/** The morning mail of the desk. */
export function briefingLetter(briefing: Briefing): Letter {
  const { at, since, openInstructions, lateFollowUps, answeredFollowUps } = briefing;
  const day = moment(at).split(' à ')[0] ?? '';
  const figures = `${plural(openInstructions, 'message en cours', 'messages en cours')}, ${plural(lateFollowUps, 'suivi en retard', 'suivis en retard')}`;
  return {
    reference: 'CORRUSS',
    nature: 'POINT DU MATIN',
    exercise: false,
    subject: `POINT DU MATIN – ${day} – ${figures}`,
    preheader: `${figures}, ${plural(answeredFollowUps, 'réponse', 'réponses')} depuis hier`,
    heading: `Point du matin, ${day}`,
    blocks: blocksOf(briefing),
    footer: [`Depuis le ${moment(since)}. Les exercices ne sont jamais comptés.`, ...deskFooter],
  };
}

function blocksOf(briefing: Briefing): Block[] {
  const { at, openInstructions, openFollowUps, lateFollowUps, answeredFollowUps } = briefing;
  return [
    {
      kind: 'facts',
      rows: [
        ['Messages en cours', String(openInstructions)],
        ['Suivis ouverts', String(openFollowUps)],
        ['En retard', String(lateFollowUps)],
        ['Ont répondu depuis hier', String(answeredFollowUps)],
        ['Signaux précoces à suivre', String(briefing.signals.length)],
      ],
    },
    ...list('Signaux précoces', briefing.signals, briefing.signals.length, signalLine),
    ...list('En cours', briefing.open, openInstructions, openLine),
    ...list(
      'En retard',
      briefing.late,
      lateFollowUps,
      ({ name, number, deadline }) =>
        `${name}, ${number}${NBSP}: en retard de ${duration(at - deadline)}, échéance ${moment(deadline)}`,
    ),
    ...list(
      'Réponses depuis hier',
      briefing.answered,
      answeredFollowUps,
      ({ name, number, kind, at: said }) => `${name}, ${number}${NBSP}: ${REPLY_WORDS[kind]}, ${moment(said)}`,
    ),
    ...list(
      'Temps médian de première réponse, sur 30 jours',
      briefing.medians,
      briefing.medians.length,
      ({ name, answers, medianMillis }) =>
        `${name}${NBSP}: ${duration(medianMillis)} (${plural(answers, 'réponse', 'réponses')})`,
    ),
    ...(openInstructions + answeredFollowUps + briefing.signals.length === 0
      ? [{ kind: 'paragraph', text: 'Rien en cours, et aucune réponse depuis hier.' } as const]
      : []),
  ];
}

const openLine = ({ number, subject, deadline, awaited, recipients }: Briefing['open'][number]): string => {
  const term = deadline === null ? 'sans échéance' : `échéance ${moment(deadline)}`;
  return `${number} «${NBSP}${subject}${NBSP}»${NBSP}: ${plural(awaited, 'attendu', 'attendus')} sur ${recipients}, ${term}`;
};

const signalLine = ({ reference, subject, urgency, status, late, raisedAt }: Briefing['signals'][number]): string => {
  const overdue = late ? ', en retard' : '';
  return `${reference} «${NBSP}${subject}${NBSP}»${NBSP}: ${URGENCY_WORDS[urgency]}, ${SIGNAL_STATUS_WORDS[status]}${overdue}, reçu le ${moment(raisedAt)}`;
};

/** A list is cut where its mail would be too long; its title says of how many. */
function list<T>(title: string, all: readonly T[], total: number, line: (one: T) => string): Block[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST);
  const more = total - shown.length;
  const rest = more > 0 ? [`et ${plural(more, 'autre', 'autres')}`] : [];
  return [{ kind: 'list', title, items: [...shown.map(line), ...rest] }];
}

const MOST = 40;
