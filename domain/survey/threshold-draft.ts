import type { NormalDraft } from '../draft.ts';
import { SUBJECT_LIMIT } from '../draft.ts';
import type { Threshold } from './threshold.ts';
import type { Crossing } from './threshold-watch.ts';
import { crossingInWords } from './threshold-words.ts';

/** What a draft instruction about a threshold is made of. */
export interface CrossedMatter {
  readonly title: string;
  readonly exercise: boolean;
  readonly crisisId: string | null;
  readonly threshold: Threshold;
  /** Of one agency, one zone, or the nation. */
  readonly crossings: readonly Crossing[];
}

/** Crossings of one threshold that are told to the same agencies make one draft. */
export const addresseeOf = ({ ars, territory }: Crossing): string => ars ?? territory;

/** The text that the desk completes, and that two persons release: Vigie says what was crossed, never what is to be done. */
export function draftOfCrossings({ title, exercise, crisisId, threshold, crossings }: CrossedMatter): NormalDraft {
  const subject = `Seuil franchi\u00a0: ${threshold.label} (${title})`;
  const lines = crossings.map((one) => `- ${plain(crossingInWords(threshold, one))}`);
  return {
    nature: 'action',
    subject: subject.length > SUBJECT_LIMIT ? `${subject.slice(0, SUBJECT_LIMIT - 1)}…` : subject,
    body: [
      `Les réponses à l’enquête «\u00a0${plain(title)}\u00a0» franchissent un seuil\u00a0:`,
      '',
      ...lines.slice(0, MOST_LINES),
      ...(lines.length > MOST_LINES ? [`- et ${lines.length - MOST_LINES} autres`] : []),
      '',
      'Conduite à tenir\u00a0: *à compléter par le CORRUSS avant diffusion.*',
    ].join('\n'),
    audience: audienceOf(crossings),
    zonesOnly: false,
    deadline: '4H',
    acknowledgeWithin: null,
    acceptance: 'automatic',
    evidence: 'optional',
    takenInChargeExpires: null,
    deferralLimit: null,
    ladder: null,
    exercise,
    attachments: [],
    ...(crisisId === null ? {} : { crisisId }),
  };
}

const MOST_LINES = 50;

function audienceOf([first]: readonly Crossing[]): NormalDraft['audience'] {
  const addressee = first === undefined ? 'NATION' : addresseeOf(first);
  if (addressee === 'NATION') return { national: true };
  return addressee.startsWith('ZONE-') ? { zones: [addressee] } : { organisations: [addressee] };
}

/** Names of others stand in the text as they are, whatever Markdown would make of them. */
const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]()<>#|!&~]/g, (sign) => `\\${sign}`);
