import { CORRUSS } from '../../domain/organisation.ts';
import { moment, NBSP } from '../french.ts';
import type { Letter } from './blocks.ts';

/** What the letter about an opening that was not made is made of. */
export interface NotOpenedLetterMatter {
  /** Title that the survey would have had. */
  readonly title: string;
  readonly exercise: boolean;
  readonly author: string;
  readonly authorName: string;
  readonly dueAt: number;
  /** Why, in French. */
  readonly detail: string | null;
}

/** To whoever asks by a series: an opening was not made, why, and what to do. */
export function notOpenedLetter({ title, exercise, author, authorName, dueAt, detail }: NotOpenedLetterMatter): Letter {
  const words = 'ENQUÊTE – NON OUVERTE';
  const due = moment(dueAt);
  return {
    subject: `${exercise ? 'EXERCICE – ' : ''}${words}${NBSP}: ${title}`,
    preheader: `L’ouverture prévue le ${due} n’a pas eu lieu`,
    reference: author === CORRUSS ? 'CORRUSS' : authorName,
    nature: words,
    exercise,
    heading: `Ouverture manquée${NBSP}: ${title}`,
    blocks: [
      {
        kind: 'callout',
        tone: 'alert',
        text: `Personne n’a été interrogé${NBSP}: cette enquête ne s’est pas ouverte.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Série de', authorName],
          ['Ouverture prévue', due],
        ],
      },
      ...(detail === null ? [] : [{ kind: 'quote', title: 'Motif', text: detail } as const]),
      {
        kind: 'paragraph',
        text: 'La série continue\u00a0: sa prochaine ouverture aura lieu à son heure. Pour interroger sans attendre, corrigez ce qui manque puis lancez la série à la main.',
      },
    ],
    footer: ['Message automatique de Vigie.'],
  };
}
