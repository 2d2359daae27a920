import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningDesk, startDesk } from '../support/desk.ts';
import { runWalkthrough } from '../support/walkthrough.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startDesk();
}, 150_000);
afterAll(() => desk.stop(), 60_000);

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
