import type { Declared } from '../../domain/declared.ts';
import type { LastDeclared } from '../../domain/follow-up-state.ts';

/** What was declared, as a screen shows it: null where the ARS did not say. */
export interface DeclaredView {
  readonly relayed: number;
  readonly reached: number | null;
  readonly acknowledged: number | null;
  readonly notReached: number | null;
  readonly means: string | null;
}

/** The declaration of one recipient that counts. */
export type LastDeclaredView = DeclaredView & { readonly at: string };

export const declaredView = ({ relayed, ...said }: Declared): DeclaredView => ({
  relayed,
  reached: said.reached ?? null,
  acknowledged: said.acknowledged ?? null,
  notReached: said.notReached ?? null,
  means: said.means ?? null,
});

export const lastDeclaredView = (declared: LastDeclared | null | undefined): LastDeclaredView | null =>
  declared === null || declared === undefined
    ? null
    : { ...declaredView(declared), at: new Date(declared.at).toISOString() };
