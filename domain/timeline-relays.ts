import { declaredInWords } from './declared.ts';
import { by, count, text, type Line } from './timeline-telling.ts';

/** « ; déclaré hors Vigie : 1 204 relayés (liste régionale) ». */
export const declared = (value: unknown): string => {
  const words = typeof value === 'object' && value !== null ? declaredInWords(value) : '';
  return words === '' ? '' : ` ; déclaré hors Vigie : ${words}`;
};

/** The lines of the cascade of a «pour diffusion». */
export const RELAY_LINES: Readonly<Record<'partnersChanged' | 'relayStarted' | 'relayResent' | 'relayEnded', Line>> = {
  partnersChanged: (telling) => {
    const { created, updated, deactivated } = telling.data;
    const parts = [
      [created, 'ajouté(s)'],
      [updated, 'modifié(s)'],
      [deactivated, 'désactivé(s)'],
    ].flatMap(([number, word]) => (typeof number === 'number' && number > 0 ? [`${number} ${text(word)}`] : []));
    return `annuaire des partenaires de ${telling.who} : ${parts.join(', ') || 'modifié'} ${by(telling)}`;
  },
  relayStarted: (telling) =>
    `${telling.who} relaie par Vigie à ${count(telling.data['partners'])} partenaire(s), ${by(telling)}`,
  relayResent: (telling) => `relais de ${telling.who} renvoyé à un partenaire ${by(telling)}`,
  relayEnded: ({ who, data }) => {
    const missing = data['notReached'];
    const rest = typeof missing === 'number' && missing > 0 ? `, ${missing} non joint(s)` : '';
    return `relais de ${who} parti à ${count(data['reached'])} partenaire(s) sur ${count(data['partners'])}${rest}`;
  },
};
