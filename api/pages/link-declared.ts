import { DECLARED_COUNTS, DECLARED_LIMIT, type DeclaredCount, MEANS_LIMIT } from '../../domain/declared.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { field, problem } from './fields.ts';
import { html, type Html } from './html.ts';

/** What the form holds of a declaration, as typed. */
export type DeclaredForm = Readonly<Record<DeclaredCount | 'means', string>>;

export const NOTHING_DECLARED: DeclaredForm = { relayed: '', reached: '', acknowledged: '', notReached: '', means: '' };

/** The errors that stand beside a field of the declaration, or above it. */
export const DECLARED_POINTERS = ['/declared', ...[...DECLARED_COUNTS, 'means'].map((name) => `/declared/${name}`)];

const LABELS: Readonly<Record<DeclaredCount, readonly [string, string]>> = {
  relayed: ['Relayés', 'À combien de destinataires le message a été transmis.'],
  reached: ['Joints', 'Facultatif : ceux qui l’ont bien reçu.'],
  acknowledged: ['Accusés de réception', 'Facultatif : ceux qui vous ont répondu.'],
  notReached: ['Non joints', 'Facultatif : ceux que le message n’a pas atteints.'],
};

/** The fields by which an ARS tells what it relayed by its own means. */
export function declaredFields(form: DeclaredForm, at: (pointer: string) => FieldError | undefined): Html {
  const misplaced = at('/declared');
  return html`<fieldset ${misplaced !== undefined && html`aria-describedby="declared-error"`}>
    <legend>Bilan de la diffusion faite hors Vigie</legend>
    <p class="hint">
      Avec « Diffusion en cours » ou « Diffusion faite ». Ne comptez pas ce que vous avez relayé par Vigie. Un nouveau
      bilan remplace le précédent ; sans chiffre, le précédent demeure.
    </p>
    ${problem('declared', misplaced)} ${DECLARED_COUNTS.map((name) => countField(name, form, at))}
    ${field({ name: 'means', label: 'Moyen', hint: 'Facultatif, par exemple « liste régionale des officines ».', error: at('/declared/means') }, (attributes) => html`<input id="means" name="means" maxlength="${MEANS_LIMIT}" value="${form.means}" ${attributes} />`)}
  </fieldset>`;
}

function countField(name: DeclaredCount, form: DeclaredForm, at: (pointer: string) => FieldError | undefined): Html {
  const [label, hint] = LABELS[name];
  return field(
    { name, label, hint, error: at(`/declared/${name}`) },
    (attributes) =>
      html`<input
        id="${name}"
        name="${name}"
        type="number"
        inputmode="numeric"
        min="0"
        max="${DECLARED_LIMIT}"
        value="${form[name]}"
        ${attributes}
      />`,
  );
}

/** The declaration as the one check of replies wants it, or nothing where all of it was left empty. */
export function declaredFrom({ means, ...counts }: DeclaredForm): { readonly declared?: Record<string, unknown> } {
  const figures = DECLARED_COUNTS.flatMap((name) => {
    const typed = counts[name].replace(/\s/g, '');
    return typed === '' ? [] : [[name, /^\d+$/.test(typed) ? Number(typed) : typed] as const];
  });
  const by = means.trim() === '' ? {} : { means: means.trim() };
  const declared = { ...Object.fromEntries(figures), ...by };
  return Object.keys(declared).length === 0 ? {} : { declared };
}
