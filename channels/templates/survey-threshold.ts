import { CORRUSS } from '../../domain/organisation.ts';
import type { SurveySubjectMatter } from '../../domain/survey/subject-matter.ts';
import type { Threshold } from '../../domain/survey/threshold.ts';
import type { Crossing } from '../../domain/survey/threshold-watch.ts';
import { crossingInWords, placeInWords } from '../../domain/survey/threshold-words.ts';
import { moment, NBSP } from '../french.ts';
import type { Block, Letter } from './blocks.ts';

/** What the alert about figures beyond their thresholds is made of. */
export interface ThresholdLetterMatter extends SurveySubjectMatter {
  /** In the order of the thresholds. */
  readonly crossings: readonly (Crossing & { readonly threshold: Threshold; readonly instruction: string | null })[];
}

/** To whoever asks: figures of the survey have just crossed their thresholds. One mail for all that were found at once. */
export function thresholdLetter(matter: ThresholdLetterMatter): Letter {
  const { crossings, title, exercise, author, authorName, closesAt, closedAt, counts } = matter;
  const nature = 'ENQUÊTE – SEUIL FRANCHI';
  const n = crossings.length;
  const words = n > 1 ? `${n} seuils franchis` : 'Seuil franchi';
  const [first] = crossings;
  return {
    subject: `${exercise ? 'EXERCICE – ' : ''}${nature}${NBSP}: ${title}`,
    preheader: first === undefined ? words : crossingInWords(first.threshold, first),
    reference: author === CORRUSS ? 'CORRUSS' : authorName,
    nature,
    exercise,
    heading: `${words}${NBSP}: ${title}`,
    blocks: [
      ...lists(matter),
      ...drafts(matter),
      {
        kind: 'facts',
        rows: [
          ['Réponses reçues', `${counts.received} sur ${counts.expected}`],
          [closedAt === null ? 'Clôture' : 'Close depuis', moment(closedAt ?? closesAt)],
        ],
      },
    ],
    footer: [
      `Chaque franchissement est annoncé une fois${NBSP}; il le serait de nouveau si le chiffre revenait puis repassait le seuil.`,
      'Message automatique de Vigie.',
    ],
  };
}

/** Lines that one mail tells of one threshold. */
const MOST_LINES = 40;

const lists = ({ crossings }: ThresholdLetterMatter): Block[] =>
  [...Map.groupBy(crossings, ({ threshold }) => threshold)].map(([threshold, some]) => {
    const more = some.length - MOST_LINES;
    const lines = some.slice(0, MOST_LINES).map((one) => placeInWords(threshold, one));
    return { kind: 'list', title: threshold.label, items: more > 0 ? [...lines, `et ${more} de plus`] : lines };
  });

function drafts({ crossings }: ThresholdLetterMatter): Block[] {
  const made = new Set(crossings.flatMap(({ instruction }) => instruction ?? [])).size;
  if (made === 0) return [];
  const text =
    made === 1
      ? 'Une instruction est préparée en brouillon pour l’agence concernée\u00a0: une personne la complète, une autre la diffuse.'
      : `${made} instructions sont préparées en brouillon pour les agences concernées\u00a0: une personne les complète, une autre les diffuse.`;
  return [{ kind: 'callout', tone: 'alert', text }];
}
