import { expect, test } from '@jest/globals';
import { agenciesAt, siteAudienceErrors } from '../../../domain/survey/site-audience.ts';

const agency = (id: string, zone: string, ...departments: string[]) => ({ id, name: id, zone, departments });
const known = {
  agencies: [
    agency('ARS-84', 'ZONE-SUD_EST', 'D01', 'D69'),
    agency('ARS-93', 'ZONE-SUD', 'D13'),
    agency('ARS-94', 'ZONE-SUD', 'D2A'),
  ],
  categories: ['Clinique'],
};
const wrong = (author: string, territories: string[]) =>
  siteAudienceErrors({ territories }, author, known).map(({ pointer, code }) => `${pointer.split('/').at(-1)} ${code}`);

test('a territory is an agency, a zone of several, or a department', () => {
  expect(['ARS-84', 'ZONE-SUD', 'D2A', '69', 'ZONE-OUEST'].map((one) => agenciesAt(one, known.agencies))).toEqual([
    ['ARS-84'],
    ['ARS-93', 'ARS-94'],
    ['ARS-94'],
    [],
    [],
  ]);
});

test('an agency asks within its region: a zone is within it where no other agency is of that zone', () => {
  expect(wrong('CORRUSS', ['ZONE-SUD', 'D69', 'ARS-94'])).toEqual([]);
  expect(wrong('ARS-84', ['ZONE-SUD_EST', 'D01', 'ARS-84'])).toEqual([]);
  expect(wrong('ARS-93', ['ZONE-SUD', 'D13', 'D2A'])).toEqual(['0 notYours', '2 notYours']);
});
