import type { FieldError } from '../../domain/field-error.ts';
import { field } from './fields.ts';
import { html, type Html } from './html.ts';

/** What the request for help holds, as typed. */
export interface SupportForm {
  readonly reason: string;
  readonly phone: string;
  readonly urgent: boolean;
  readonly errors: readonly FieldError[];
}

export const NO_SUPPORT: SupportForm = { reason: '', phone: '', urgent: false, errors: [] };

/** A button that opens a form: only its sending asks for anything. Open again where something in it is to be corrected. */
export function supportSection(nonce: string, { reason, phone, urgent, errors }: SupportForm): Html {
  const at = (name: string) => errors.find(({ pointer }) => pointer === `/${name}`);
  return html`<details ${errors.length > 0 && html`open`}>
    <summary>Demander de l’aide au CORRUSS</summary>
    <p>Le CORRUSS vous rappelle. Votre demande n’est pas une réponse : les relances et l’échéance demeurent.</p>
    <form method="post" novalidate>
      <input type="hidden" name="nonce" value="${nonce}" /><input type="hidden" name="action" value="support" />
      ${field({ name: 'reason', label: 'De quoi avez-vous besoin ?', hint: 'Obligatoire : en une phrase.', error: at('reason') }, (attributes) => html`<textarea id="reason" name="reason" rows="3" maxlength="4000" ${attributes}>${reason}</textarea>`)}
      ${field({ name: 'phone', label: 'Numéro à rappeler', hint: 'Facultatif, par exemple 04 91 55 50 01 ou +262 262 00 00 00.', error: at('phone') }, (attributes) => html`<input id="phone" name="phone" type="tel" inputmode="tel" maxlength="40" value="${phone}" ${attributes} />`)}
      <label class="choice"
        ><input type="checkbox" name="urgency" value="urgent" ${urgent && html`checked`} /><span
          ><b>C’est urgent</b><span>L’appel passe avant les autres.</span></span
        ></label
      >
      <button class="light">Demander de l’aide</button>
    </form>
  </details>`;
}
