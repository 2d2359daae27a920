import type { InputReader } from './input.ts';
import { pointerTo } from './input.ts';
import type { Nature } from './instruction.ts';
import { isPartnerCategory, PARTNER_CATEGORIES, type PartnerCategory } from './partner.ts';

/** `relayTo`: to which partners a «pour diffusion» goes on; required there, refused elsewhere. */
export function readRelayTo(input: InputReader, nature: Nature): { readonly relayTo?: readonly PartnerCategory[] } {
  const found = input.raw('relayTo');
  if (nature !== 'diffusion') {
    const message = 'Sans objet : seul un message pour diffusion nomme des catégories de partenaires.';
    if (found !== undefined) input.fail('/relayTo', 'notAllowed', message);
    return {};
  }
  if (found === undefined || (Array.isArray(found) && found.length === 0)) {
    input.fail('/relayTo', 'required', 'Un message pour diffusion nomme au moins une catégorie de partenaires.');
    return { relayTo: [] };
  }
  if (!Array.isArray(found)) {
    input.fail('/relayTo', 'type', 'Liste de catégories de partenaires attendue.');
    return { relayTo: [] };
  }
  const categories = new Set<PartnerCategory>();
  found.forEach((one: unknown, index) => {
    const pointer = pointerTo('relayTo', index);
    if (!isPartnerCategory(one)) {
      input.fail(pointer, 'enum', `Catégorie inconnue ; attendu : ${PARTNER_CATEGORIES.join(', ')}.`);
    } else if (categories.has(one)) input.fail(pointer, 'duplicate', 'Catégorie nommée deux fois.');
    else categories.add(one);
  });
  return { relayTo: [...categories] };
}
