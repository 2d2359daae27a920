import { CLEAR, HARDLY, isNegated, reading, USUAL, type Reading } from './mail-intent-reading.ts';

const PERCENT = /(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?) ?(?:%|pour ?cents?\b|pct\b|percent\b|per cent\b)/g;
/** Words that make a percentage one of the work asked for. */
const OF_THE_WORK =
  /\b(?:fait(?:e?s?)|diffus\w{1,4}|relaye\w{0,2}|realis\w{0,6}|effectu\w{0,4}|termine\w{0,2}|avance\w{0,6}|progress\w{0,5}|en cours|traite\w{0,2}|execut\w{0,5}|acheve\w{0,4}|done|complete\w{0,4}|finished|statut|etat|status|completion)\b/;
/** Percentages of something else: beds, staff, rates. */
const OF_OTHER_THINGS =
  /\b(?:occup\w{1,8}|absen\w{1,10}|taux|couverture|patients?|lits?|hausse|baisse|augment\w{0,6}|diminu\w{0,6}|capacite\w?|effectifs?|personnels?|increase|decrease|occupancy|beds?|staff|rate)\b/;
const ALONE =
  /^(?:(?:nous (?:sommes|en sommes)|on (?:est|en est)|we are|we're|environ|about|around|a peu pres|~) ?)*(?:a |at )?\d[\d.,]* ?(?:%|pour ?cents?|pct|percent|per cent)(?: (?:ce jour|a ce stade|a ce jour|pour l'instant|so far))?$/;
const GOAL =
  /\b(?:objectif|cible|vise\w{0,3}|sera|seront|passera|atteindra|atteindre|prevu\w?|d'ici|reste\w{0,2}|restant|goal|target|will|remaining|by tomorrow|moins de)\b/;

const FRACTIONS: readonly (readonly [pattern: RegExp, percent: number])[] = [
  [/\b(?:a moitie|a la moitie|half) (?:fait|realise|termine|traite|effectue|done|completed?|finished|way)/, 50],
  [/\b(?:fait|realise|termine|traite|effectue)(?:e?s?) (?:a moitie|pour moitie|a la moitie)\b/, 50],
  [/\b(?:fait|realise|termine|traite|effectue)(?:e?s?) aux deux tiers\b/, 67],
  [/\b(?:fait|realise|termine|traite|effectue)(?:e?s?) aux trois quarts\b/, 75],
];

/** Says how far the action has come. A hundred per cent is done; none and more than a hundred are nothing sure. */
export function readProgress(clause: string): Reading[] {
  if (OF_OTHER_THINGS.test(clause) && !OF_THE_WORK.test(clause)) return [];
  const written = [...clause.matchAll(PERCENT)].map((match) => ofPercent(clause, match[1] ?? '', match.index));
  if (written.length > 0) return written;
  return FRACTIONS.filter(([pattern]) => pattern.test(clause)).map(([, percent]) => ({
    ...reading('progress', USUAL, clause),
    percent,
  }));
}

function ofPercent(clause: string, written: string, index: number): Reading {
  const value = Number(written.replace(',', '.'));
  const before = clause.slice(0, index);
  const doubtful = GOAL.test(clause) || isNegated(before) || OF_OTHER_THINGS.test(clause) || value === 0 || value > 100;
  const stated = OF_THE_WORK.test(clause) || ALONE.test(clause);
  const confidence = !doubtful && stated ? CLEAR : HARDLY;
  if (value === 100) return reading('done', confidence, clause);
  return { ...reading('progress', confidence, clause), percent: Math.min(99, Math.max(1, Math.round(value))) };
}
