import type { Fact, FactKind } from '../../domain/changes.ts';

/** What is told of a kind of fact: its data, and the line. */
export type Lines = Partial<Record<FactKind, readonly (readonly [Fact['data'], string])[]>>;

export const WHEN = 'mardi 24 novembre 2026 à 14 h 30 (heure de Paris)';
