import type { Nature } from './instruction.ts';
import { isBlank } from './text.ts';

/** More than anybody has ever to reach: a slip of the finger is noticed. */
export const DECLARED_LIMIT = 10_000_000;
export const MEANS_LIMIT = 200;

/** The figures of a diffusion, as counted or as declared. */
export const DECLARED_COUNTS = ['relayed', 'reached', 'acknowledged', 'notReached'] as const;
export type DeclaredCount = (typeof DECLARED_COUNTS)[number];

/** What an ARS says it did by its own means; a figure left out is not known to it. */
export interface Declared {
  /** To how many the message was passed on. */
  readonly relayed: number;
  readonly reached?: number;
  readonly acknowledged?: number;
  readonly notReached?: number;
  /** By what: «liste régionale des officines». */
  readonly means?: string;
}

/** Why a declaration has no place in a message of this nature, in French; null: it has. */
export const declaredProblem = (nature: Nature): string | null =>
  nature === 'diffusion' ? null : 'Un bilan de diffusion n’accompagne qu’un message pour diffusion.';

/** Figures of a diffusion; what is null or absent is not known. */
export type FiguresToTell = { readonly [K in DeclaredCount]?: number | null };

const WORDS: Readonly<Record<DeclaredCount, readonly [string, string]>> = {
  relayed: ['relayé', 'relayés'],
  reached: ['joint', 'joints'],
  acknowledged: ['accusé de réception', 'accusés de réception'],
  notReached: ['non joint', 'non joints'],
};

/** `1 204 relayés, 1 150 joints, 0 accusé de réception`: in groups of three digits held together by no-break spaces. */
export const figuresInWords = (figures: FiguresToTell): string =>
  DECLARED_COUNTS.flatMap((field) => {
    const count = figures[field];
    const [one, many] = WORDS[field];
    return typeof count === 'number' ? [`${grouped(count)}\u00a0${count > 1 ? many : one}`] : [];
  }).join(', ');

/** The figures, then by what means: `1 204 relayés (liste régionale)`. */
export const declaredInWords = ({ means, ...figures }: FiguresToTell & { readonly means?: string | null }): string =>
  `${figuresInWords(figures)}${typeof means === 'string' && !isBlank(means) ? ` (${means.trim()})` : ''}`;

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
