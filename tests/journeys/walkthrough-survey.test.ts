import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningDesk, startDesk } from '../support/desk.ts';
import { runWalkthrough } from '../support/walkthrough.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startDesk();
}, 150_000);
afterAll(() => desk.stop(), 60_000);

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
    'ARS-84;2;0;1',
  ]) {
    expect(said).toContain(words);
  }
}, 240_000);
