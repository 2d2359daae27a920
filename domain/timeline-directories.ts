import { by, count, type Line } from './timeline-telling.ts';

type DirectoryKind = 'partnersChanged' | 'sitesImported' | 'relayStarted' | 'relayResent' | 'relayEnded';

/** What is told of directories, and of what is relayed by them. */
export const DIRECTORY_LINES: Readonly<Record<DirectoryKind, Line>> = {
  partnersChanged: (telling) => {
    const { created, updated, deactivated } = telling.data;
    const parts = [
      [created, 'ajouté(s)'],
      [updated, 'modifié(s)'],
      [deactivated, 'désactivé(s)'],
    ] as const;
    return `annuaire des partenaires de ${telling.who} : ${numbered(parts) || 'modifié'} ${by(telling)}`;
  },
  sitesImported: (telling) => {
    const { added, changed, reopened, closed: gone } = telling.data;
    const parts = [
      [added, 'ajouté(s)'],
      [changed, 'modifié(s)'],
      [reopened, 'rouvert(s)'],
      [gone, 'fermé(s)'],
    ] as const;
    return `registre des établissements importé ${by(telling)} : ${numbered(parts) || 'rien de changé'}`;
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

/** «12 ajouté(s), 1 modifié(s)»: zeros are left out. */
const numbered = (parts: readonly (readonly [unknown, string])[]): string =>
  parts.flatMap(([number, word]) => (typeof number === 'number' && number > 0 ? [`${number} ${word}`] : [])).join(', ');
