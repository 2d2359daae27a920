import { type DeskAddresses } from './addresses.ts';
import { DEMO_PASSWORD } from './issuer/accounts.ts';

/** What to know of a desk that has just started: addresses, and who can log in. */
export function deskTable(addresses: DeskAddresses, embeddedIssuer: boolean): string {
  const rows: [string, string][] = [
    ['Console', addresses.api],
    ['Documentation de l’API', `${addresses.api}/docs`],
    ['Boîte aux lettres', addresses.mailbox],
    ['Interface de Temporal', addresses.temporalUi],
    ['Émetteur OIDC', addresses.issuer],
    ['PostgreSQL', addresses.postgres],
    ['Temporal', addresses.temporal],
    ['SMTP (envois)', addresses.smtp],
    ['SMTP (réponses reçues)', addresses.inboundSmtp],
    ['Journaux', `${addresses.dataDir}/logs`],
    ...(embeddedIssuer ? accounts() : []),
  ];
  const shown = rows.filter(([, value]) => value !== '');
  const left = Math.max(...shown.map(([label]) => label.length));
  const right = Math.max(...shown.map(([, value]) => value.length));
  const line = (a: string, b: string, c: string): string =>
    `${a}${'─'.repeat(left + 2)}${b}${'─'.repeat(right + 2)}${c}`;
  return [
    line('┌', '┬', '┐'),
    ...shown.map(([label, value]) => `│ ${label.padEnd(left)} │ ${value.padEnd(right)} │`),
    line('└', '┴', '┘'),
  ].join('\n');
}

const accounts = (): [string, string][] => [
  ['Comptes du CORRUSS', 'corruss-redacteur, corruss-valideur, corruss-chef'],
  ['Comptes des ARS', 'ars-01 … ars-94 (par exemple ars-84)'],
  ['Autres comptes', 'site-<finess>, stock-national, ecoutant-3114, superviseur, admin'],
  ['Mot de passe de tous', DEMO_PASSWORD],
  ['Jeton d’un compte', 'npm run --silent token -- ars-84'],
];
