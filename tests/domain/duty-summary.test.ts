import { expect, test } from '@jest/globals';
import { handOverSummary, type HandOverFacts } from '../../domain/duty-summary.ts';
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts';

const AT = Date.parse('2026-11-25T07:30:00Z');
const nothing: HandOverFacts = { open: [], late: [], promised: [], since: AT - DAY, at: AT };
const open = (number: string, changes: object = {}) => ({
  number,
  subject: 'Plan blanc',
  releasedAt: AT - 2 * DAY,
  deadline: AT + HOUR,
  awaited: 1,
  recipients: 18,
  ...changes,
});
const late = (organisation: string, deadline: number) => ({ number: 'MINSANTE N°2026_042', organisation, deadline });
const promised = (kind: 'takenInCharge' | 'deferred', until: number) => ({
  number: 'MINSANTE N°2026_042',
  organisation: 'ARS Bretagne',
  kind,
  until,
});

test('a quiet shift says so in each part', () => {
  expect(handOverSummary(nothing)).toEqual([
    'Relève du mercredi 25 novembre 2026 à 8 h 30 (heure de Paris).',
    'Période d’astreinte commencée le mardi 24 novembre 2026 à 8 h 30 (heure de Paris), soit 1 jour.',
    'Aucun message en cours.',
    'Aucun destinataire en retard.',
    'Aucun engagement à suivre.',
  ]);
});

test('one of each is told in the singular', () => {
  const lines = handOverSummary({
    ...nothing,
    open: [open('MINSANTE N°2026_042', { releasedAt: AT - HOUR })],
    late: [late('ARS Corse', AT - 90 * MINUTE)],
    promised: [promised('takenInCharge', AT + HOUR)],
  });
  expect(lines.slice(2)).toEqual([
    '1 message en cours, dont 1 diffusé pendant cette période :',
    '– MINSANTE N°2026_042 « Plan blanc » : 1 destinataire attendu sur 18, échéance mercredi 25 novembre 2026 à 9 h 30 (heure de Paris).',
    '1 destinataire en retard :',
    '– ARS Corse, MINSANTE N°2026_042 : en retard de 1 h 30 min, échéance mercredi 25 novembre 2026 à 7 h 00 (heure de Paris).',
    '1 engagement à suivre :',
    '– ARS Bretagne, MINSANTE N°2026_042 : pris en charge jusqu’au mercredi 25 novembre 2026 à 9 h 30 (heure de Paris).',
  ]);
});

test('several are told in the plural, the most urgent first, in the zone asked for', () => {
  const lines = handOverSummary({
    ...nothing,
    timeZone: 'Indian/Reunion',
    open: [
      open('A', { deadline: null, awaited: 0 }),
      open('B', { awaited: 2 }),
      open('C', { releasedAt: AT - DAY }),
      open('D', { releasedAt: AT - 1 }),
    ],
    late: [late('ARS Corse', AT - HOUR), late('ARS Bretagne', AT - 3 * DAY)],
    promised: [promised('deferred', AT + DAY), promised('takenInCharge', AT - MINUTE)],
  });
  expect(lines[0]).toBe('Relève du mercredi 25 novembre 2026 à 11 h 30 (heure de La Réunion).');
  expect(lines.map((line) => line.replace(/ \(heure de La Réunion\)/g, '')).slice(2)).toEqual([
    '4 messages en cours, dont 2 diffusés pendant cette période :',
    '– B « Plan blanc » : 2 destinataires attendus sur 18, échéance mercredi 25 novembre 2026 à 12 h 30.',
    '– C « Plan blanc » : 1 destinataire attendu sur 18, échéance mercredi 25 novembre 2026 à 12 h 30.',
    '– D « Plan blanc » : 1 destinataire attendu sur 18, échéance mercredi 25 novembre 2026 à 12 h 30.',
    '– A « Plan blanc » : 0 destinataire attendu sur 18, sans échéance.',
    '2 destinataires en retard :',
    '– ARS Bretagne, MINSANTE N°2026_042 : en retard de 3 jours, échéance dimanche 22 novembre 2026 à 11 h 30.',
    '– ARS Corse, MINSANTE N°2026_042 : en retard de 1 h, échéance mercredi 25 novembre 2026 à 10 h 30.',
    '2 engagements à suivre :',
    '– ARS Bretagne, MINSANTE N°2026_042 : pris en charge jusqu’au mercredi 25 novembre 2026 à 11 h 29, dépassé.',
    '– ARS Bretagne, MINSANTE N°2026_042 : reporté au jeudi 26 novembre 2026 à 11 h 30.',
  ]);
});

test('what was released before the shift is open all the same, and not counted as of this shift', () => {
  const lines = handOverSummary({ ...nothing, open: [open('A'), open('B')] });
  expect(lines[2]).toBe('2 messages en cours :');
});
