import { expect, test } from '@jest/globals';
import { departmentOf, finessOf, isFiness } from '../../domain/identifiers.ts';
import { internationalNumber } from '../../domain/phone.ts';
import { coversSite, mayActForSite, type SiteScope, siteScope } from '../../domain/site.ts';

// Invented, their keys computed apart from this code.
test.each(['019000017', '2A9000015', '2B9000013', '979100013', '000000000'])(
  '%s is a FINESS, its key is right',
  (text) => {
    expect(isFiness(text)).toBe(true);
  },
);

test.each([
  ['another key', '019000018'],
  ['the two Corsican letters exchanged', '2B9000015'],
  ['two digits exchanged', '091000017'],
  ['a leading zero lost', '19000017'],
  ['ten characters', '0190000170'],
  ['a letter elsewhere', '01900A017'],
  ['a letter of no department', '2C9000015'],
  ['digits of another script', '٠١٩٠٠٠٠١٧'],
  ['a line more', '019000017\n'],
])('%s: no FINESS', (_what, text) => {
  expect(isFiness(text)).toBe(false);
});

test('every beginning of eight characters has one right key, in Corsica and overseas as well', () => {
  for (const stem of ['01900001', '2A900001', '2B900001', '97910001', '99999999']) {
    const right = Array.from({ length: 10 }, (_, key) => `${stem}${key}`).filter(isFiness);
    expect([stem, right]).toEqual([stem, [finessOf(stem)]]);
  }
  expect(() => finessOf('2C900001')).toThrow(RangeError);
});

test.each([
  ['01', 'D01'],
  ['D2a', 'D2A'],
  ['971', 'D971'],
  ['1', null],
  ['', null],
  ['999', null],
])('the department «%s» is %s', (text, department) => {
  expect(departmentOf(text)).toBe(department);
});

test.each([
  ['0474454647', '+33474454647'],
  ['04 74 45 46 47', '+33474454647'],
  ['05.90.89.10.10', '+590590891010'],
  ['0694000000', '+594694000000'],
  ['0596552000', '+596596552000'],
  ['0262905050', '+262262905050'],
  ['0269618000', '+262269618000'],
  ['+33 4 74 45 46 47', '+33474454647'],
  ['474454647', null],
  ['15', null],
  ['0074454647', null],
  ['04744546470', null],
  ['+33474454647;+33474454648', null],
])('the number «%s» is %s', (text, number) => {
  expect(internationalNumber(text)).toBe(number);
});

const claims = (org: string, ...roles: string[]) => ({ sub: 's', org, roles });
const SITE = { id: 'SITE-2A9000015', ars: 'ARS-94' };

test.each<[string, ReturnType<typeof claims>, readonly string[] | 'all', SiteScope, boolean, boolean]>([
  ['the desk', claims('CORRUSS', 'author'), 'all', 'all', true, true],
  ['the supervisor', claims('CORRUSS', 'supervisor'), 'all', 'all', true, false],
  ['the administrator', claims('CORRUSS', 'admin'), [], 'all', true, true],
  ['the national stock', claims('SPF', 'stock'), [], 'all', true, false],
  ['its agency', claims('ARS-94', 'ars'), ['ARS-94'], { agencies: ['ARS-94'] }, true, true],
  ['the zone’s', claims('ARS-93', 'ars'), ['ARS-93', 'ARS-94'], { agencies: ['ARS-93', 'ARS-94'] }, true, false],
  ['another agency', claims('ARS-84', 'ars'), ['ARS-84'], { agencies: ['ARS-84'] }, false, false],
  ['itself', claims(SITE.id, 'site'), [], { site: SITE.id }, true, false],
  ['its neighbour', claims('SITE-2B9000013', 'site'), [], { site: 'SITE-2B9000013' }, false, false],
  ['an agency that poses as a site', claims('ARS-94', 'site'), [], { agencies: [] }, false, false],
  ['nobody', claims('ARS-94'), [], { agencies: [] }, false, false],
])('who reads and who acts for a site: %s', (_who, who, territory, scope, reads, acts) => {
  expect(siteScope(who, territory)).toEqual(scope);
  expect([coversSite(siteScope(who, territory), SITE), mayActForSite(who, SITE.ars)]).toEqual([reads, acts]);
});
