import type { Actor } from './actor.ts';
import type { Instant } from './instant.ts';

/** What a message does to the one that it refers to (shared rules: «Update, cancel and all-clear refer to the first message»). */
export const RELATIONS = ['amendment', 'cancellation', 'allClear'] as const;
export type Relation = (typeof RELATIONS)[number];

/** The message that another one refers to, fixed at release. */
export interface Reference {
  /** Id of the first message. */
  readonly instruction: string;
  /** `MINSANTE N°2026_001` */
  readonly number: string;
  readonly relation: Relation;
  readonly releasedAt: Instant;
  /** Who released the message that refers. */
  readonly by: Actor;
}

/** What the first message is told: by whom it is overtaken. */
export interface Supersession {
  /** Id of the message that refers. */
  readonly instruction: string;
  readonly number: string;
  readonly relation: Relation;
  readonly by: Actor;
}

/** In a subject, between the two numbers. */
export const RELATION_VERBS: Readonly<Record<Relation, string>> = {
  amendment: 'MODIFIE',
  cancellation: 'ANNULE',
  allClear: 'MET FIN À',
};

/** Of the first message, before the number of the other. */
export const SUPERSEDED_WORDS: Readonly<Record<Relation, string>> = {
  amendment: 'modifiée et remplacée par',
  cancellation: 'annulée par',
  allClear: 'levée (fin d’alerte) par',
};

/** What is answered to whoever acts upon an instruction that has been overtaken. */
export const supersededDetail = ({ number, relation }: Pick<Supersession, 'number' | 'relation'>): string =>
  `Cette instruction a été ${SUPERSEDED_WORDS[relation]} ${number} : plus rien n’y est attendu.`;
