import type { Instant, Millis } from './instant.ts';

/** From `from` (included) to `to` (excluded). */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export const covers = (span: Span, instant: Instant): boolean => span.from <= instant && instant < span.to;

export const touches = (one: Span, other: Span): boolean => one.from < other.to && other.from < one.to;

export const inOrder = <P extends Span>(spans: readonly P[]): P[] => spans.toSorted((a, b) => a.from - b.from);

export const lengthOf = (spans: readonly Span[]): Millis => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** The same time as few spans in order: what overlaps or touches becomes one, what is empty goes. */
export function union(spans: readonly Span[]): Span[] {
  const merged: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of inOrder(spans)) {
    const last = merged.at(-1);
    if (to <= from) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** What is left of pieces outside the cuts. Both lists in order, each without overlap. */
export function without<P extends Span>(pieces: readonly P[], cuts: readonly Span[]): P[] {
  const left: P[] = [];
  let first = 0;
  for (const piece of pieces) {
    while ((cuts[first]?.to ?? Infinity) <= piece.from) first += 1;
    let { from } = piece;
    for (let at = first; at < cuts.length; at += 1) {
      const cut = cuts[at];
      if (cut === undefined || cut.from >= piece.to) break;
      if (cut.from > from) left.push({ ...piece, from, to: cut.from });
      from = Math.max(from, cut.to);
    }
    if (from < piece.to) left.push({ ...piece, from });
  }
  return left;
}

export interface Crossing<A, B> extends Span {
  readonly one: A;
  readonly other: B;
}

/** Where a span of one list and a span of the other hold together. Both lists in order, each without overlap. */
export function crossings<A extends Span, B extends Span>(ones: readonly A[], others: readonly B[]): Crossing<A, B>[] {
  const found: Crossing<A, B>[] = [];
  let first = 0;
  for (const one of ones) {
    while ((others[first]?.to ?? Infinity) <= one.from) first += 1;
    for (let at = first; at < others.length; at += 1) {
      const other = others[at];
      if (other === undefined || other.from >= one.to) break;
      const span = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
      if (span.from < span.to) found.push({ one, other, ...span });
    }
  }
  return found;
}

/** The parts of pieces inside frames. Both lists in order, each without overlap. */
export const within = <P extends Span>(pieces: readonly P[], frames: readonly Span[]): P[] =>
  crossings(pieces, frames).map(({ one, from, to }) => ({ ...one, from, to }));
