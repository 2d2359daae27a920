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
    'version 2 par lien (CHR de Roche-Fictive (établissement fictif)) : lits,litsOccupes,tauxOccupation',
    '2 validées',
    '- ARS Corse : 2 sur 2',
    'ARS-84 : 2 reçues, 0 sans validation',
    'SITE-959000027 : 0/0 reçues',
    'D2A : 0/1 reçues, 0 validées, médecine null',
    'ZONE-SUD_EST : 2/2 reçues, 2 validées, médecine 190',
    'à la clôture : NATION : 3/5 reçues, 3 validées, médecine 290',
    'corrigé : NATION : 3/5 reçues, 2 validées, médecine 284',
    'ARS-84;;2;0;2;2;2',
  ]) {
    expect(said).toContain(words);
  }
}, 240_000);
