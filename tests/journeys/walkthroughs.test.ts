import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../config/env.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';
import { runWalkthrough } from '../support/walkthrough.ts';

const ROOT = join(import.meta.dirname, '../..');

/** `npm run demo` beside a data dir: what it says and how it ends. */
async function play(dataDir: string): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['stack/demo/main.ts'], {
    cwd: ROOT,
    env: childEnvironment({ NODE_OPTIONS: undefined, VIGIE_DATA_DIR: dataDir }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, said };
}

let desk: RunningDesk;
/** Most of its two minutes it waits for its ladder: beside it the walkthroughs are followed, at the same desk. */
let playing: ReturnType<typeof play> | undefined;
beforeAll(async () => {
  desk = await startDesk();
  playing = play(desk.dataDir);
}, 150_000);
afterAll(async () => {
  await playing;
  await desk.stop();
}, 240_000);

test('whoever follows docs/walkthroughs/ars-own-survey.md sees what it says', async () => {
  const said = await runWalkthrough('ars-own-survey.md', desk);
  for (const words of [
    '2 répondants invités',
    'SSR du Parc',
    'plus de lits occupés que de lits installés',
    'Votre brouillon est enregistré',
    'Votre réponse est enregistrée',
    'installes;Lits installés (obligatoire)',
    'Ligne 7 : Nombre attendu',
    'en retard : SSR des Monts',
    '404 pour une autre agence',
    'closed',
    'Cette enquête est close depuis le',
    '1 reçue sur 2, 18 lits occupés sur 20',
    'SSR des Monts\n1 relancé\nopen',
    '1 validée',
    'ARS-84;;2;0;1',
  ]) {
    expect(said).toContain(words);
  }
}, 240_000);

test('whoever follows docs/walkthroughs/bach.md sees what it says', async () => {
  const said = await runWalkthrough('bach.md', desk);
  for (const words of [
    'Structure des urgences : 6 questions',
    'ended\n',
    'ARS-94 SITE-2B9000021',
    'dépassent les lits installés',
    'Votre réponse est enregistrée',
    '/values/lits/medecine : Les lits disponibles',
    'modèle de ',
    'en retard : SITE-2A9000015\nen retard : SITE-2B9000021\nopen',
    '(SITE-2B9000021) : Point d’entrée alerte',
    '> 8 lits occupés sur 90 ?',
    'version 2 par lien (CHR de Roche-Fictive (établissement fictif)) : lits.medecine.occupes,litsOccupes,tauxOccupation',
    '2 validées',
    '- ARS Corse : 2 sur 2',
    'ARS-84 : 2 reçues, 0 sans validation',
    'SITE-959000027 : 0/0 reçues',
    'D2A : 0/1 reçues, 0 validées, médecine null',
    'ZONE-SUD_EST : 2/2 reçues, 2 validées, médecine 190',
    'à la clôture : NATION : 3/5 reçues, 3 validées, médecine 290',
    'corrigé : NATION : 3/5 reçues, 2 validées, médecine 284',
    'ARS-84;;2;0;2;2;2',
    'niveauTension : BACH – semaine',
    '7 valeurs sont reprises de réponses à d’autres enquêtes, la plus ancienne du',
  ]) {
    expect(said).toContain(words);
  }
}, 240_000);

test('whoever follows docs/walkthroughs/diffusion.md sees what it says', async () => {
  const said = await runWalkthrough('diffusion.md', desk);
  for (const words of [
    'ligne 2 : Attendu : une seule adresse électronique',
    'Pharmacie de la Croix-Rousse, Pharmacie des Brotteaux\n',
    '2 courriels',
    'ars84-alerte@ars-84.example',
    'ARS-84 done',
    'votre accusé de réception est enregistré',
    'Pas plus de destinataires joints que de relayés.',
    'ARS-11 done',
    'ARS-11 : 0 relayés, 0 joints, 0 accusés, 0 non joints',
    'ARS-84 : 2 relayés, 2 joints, 1 accusés, 0 non joints',
    'ARS-11 déclare hors Vigie 1204 relayés, 1150 joints, 54 non joints',
    '2 relayés par Vigie, 1204 déclarés hors Vigie',
    '403',
    'ARS-84 relaie par Vigie à 2 partenaire(s), par ars-84 (ARS-84)',
    'Relais de ARS-84 parti à 2 partenaire(s) sur 2',
    'ARS-11 répond « en cours à 80 % » (application) ; déclaré hors Vigie : 900 relayés (liste régionale)',
    'déclaré hors Vigie : 1 204 relayés, 1 150 joints, 54 non joints (liste régionale des officines)',
  ]) {
    expect(said).toContain(words);
  }
}, 240_000);

const speaksSmtp = String(spawnSync('curl', ['--version']).stdout).includes('smtp');
if (!speaksSmtp)
  process.stderr.write('SKIPPED: no curl that speaks SMTP, the walk-through answer-by-mail is not followed\n');
(speaksSmtp ? test : test.skip)(
  'whoever follows docs/walkthroughs/answer-by-mail.md sees what it says',
  async () => {
    const said = await runWalkthrough('answer-by-mail.md', desk);
    for (const words of [
      'ARS-84 inProgress',
      'Réponse enregistrée : en cours (60 %)',
      'par ars84-astreinte@ars-84.example',
      'question',
      'takenInCharge',
      'ARS-84 répond « en cours à 60 % » (courriel)',
      'saisi pour son compte par corruss-valideur (CORRUSS)',
    ]) {
      expect(said).toContain(words);
    }
  },
  240_000,
);

test('without a desk the demonstration says how to start one', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'vigie-no-desk-'));
  try {
    const { code, said } = await play(empty);
    expect([code, said]).toEqual([1, expect.stringContaining('npm start')]);
  } finally {
    await rm(empty, { recursive: true });
  }
});

test('the demonstration plays both stories to their end beside a running desk', async () => {
  const played = playing ?? play(desk.dataDir);
  playing = undefined;
  const { code, said } = await played;
  expect([code, said]).toEqual([0, expect.stringContaining('se clôt d’elle-même')]);
  for (const words of [
    'ARS-94 reçoit 1 courriel',
    'Qui doit encore une réponse : CH de Bellefeuille (ARS-94) ; CHS de Grand-Pré-du-Songe (ARS-94).',
    'Il dit où des réponses manquent : en Corse, celle de CHS de Grand-Pré-du-Songe (ARS-94)',
    'NATION : 4 reçue(s) sur 5, 3 validée(s) ; lits de réanimation occupés : 72, taux d’occupation 86,42 %',
  ])
    expect(said).toContain(words);
  for (const base of [desk.addresses.mailbox, desk.addresses.temporalUi, desk.addresses.api]) {
    expect(said).toContain(`${base}/`);
  }
}, 300_000);
