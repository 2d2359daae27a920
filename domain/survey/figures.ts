import type { Figure } from './aggregate.ts';

/** Where the figure of each rule of a form stands, by its key; all the results of one form share it. */
export type FigurePlaces = ReadonlyMap<string, number>;

/** The figures of one territory: a list in the order of the rules of its form, for a survey has thousands of them. */
export class Figures {
  readonly #places: FigurePlaces;
  readonly #inOrder: readonly Figure[];

  constructor(places: FigurePlaces, inOrder: readonly Figure[]) {
    this.#places = places;
    this.#inOrder = inOrder;
  }

  /** @returns of the rule of that key; null where there is none, or nobody has answered */
  of(key: string): Figure {
    const place = this.#places.get(key);
    return place === undefined ? null : (this.#inOrder[place] ?? null);
  }

  byKey(): Readonly<Record<string, Figure>> {
    return Object.fromEntries(Array.from(this.#places, ([key, place]) => [key, this.#inOrder[place] ?? null]));
  }
}
