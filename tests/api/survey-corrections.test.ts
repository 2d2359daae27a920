import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR } from '../../domain/instant.ts';
import { type ApiDesk, type Caller, callerOf, startApiDesk } from '../support/api-desk.ts';
import { inventSites } from '../support/sites.ts';
import { openSurvey } from '../support/survey.ts';

let api: ApiDesk;
let sites: readonly string[];
beforeAll(async () => {
  api = await startApiDesk();
  const invented = await inventSites(api.desk.database, { in: { D69: 2, D01: 1, D2A: 1, D13: 1 } });
  sites = ['699000014', '699000022', '01', '2A', '13'].map((code) =>
    invented.find((id) => id.startsWith(`SITE-${code}`))!,
  );
});
afterAll(() => api.close());

const asSite = (id: string): Caller =>
  callerOf(api.app, () => api.issuer.token('ars-84', { claims: { org: id, roles: ['site'] } }), 5);
const beds = (installes: number, occupes: number) => ({ values: { installes, occupes }, submit: true });
const NOBODY_THERE = { notConcerned: 'Service fermé.', submit: true };

type Row = Readonly<Record<'territory', string>> & {
  readonly [count in 'expected' | 'notConcerned' | 'received' | 'onTime' | 'late']: number;
} & {
  readonly values: { readonly installes: number | null; readonly occupes: number | null; readonly taux: number | null };
};
const told = ({ territory, expected, notConcerned, received, onTime, late, values }: Row) => [
  ...[territory, expected, notConcerned, received, onTime, late],
  ...[values.installes, values.occupes, values.taux],
];

/** Asked: territory, expected, not concerned, received, on time, late, installed, occupied, rate. */
test('what is known at the closing stays at every level, whatever is given back, answered for the first time or withdrawn after it', async () => {
  const [lyon, croix, ain, corsica, marseille] = sites as [string, string, string, string, string];
  const { id, answers } = await openSurvey(api, {
    audience: { sites: { territories: ['D69', 'D01', 'D2A', 'D13'] } },
    ...{ validateUntil: 'PT12H', acceptUntil: 'PT24H' },
  });
  const desk = api.as('corruss-chef');
  const put = async (site: string, body: object) =>
    expect((await asSite(site).put(answers(site), body)).status).toBe(200);
  const level = async (by: string, as: string) =>
    (await desk.get<{ items: Row[] }>(`/v1/surveys/${id}/results?by=${by}&as=${as}`)).body.items.map(told);
  await put(lyon, beds(10, 7));
  await put(croix, { ...beds(99, 99), submit: false });
  await put(ain, beds(0, 0));
  await put(corsica, beds(30, 20));
  await put(marseille, NOBODY_THERE);
  expect((await desk.post(`/v1/surveys/${id}/close`)).status).toBe(202);

  const until = new Date(Date.now() + HOUR).toISOString();
  for (const site of [croix, corsica, marseille]) {
    expect((await desk.post(`${answers(site)}/unlock`, { until, reason: 'Erreur.' })).status).toBe(200);
  }
  await put(croix, beds(8, 8));
  await put(corsica, NOBODY_THERE);
  await put(marseille, beds(3, 1));
  expect((await api.as('ars-84').post(`${answers(lyon)}/return`, { reason: 'À revoir.' })).status).toBe(200);

  expect(await level('department', 'closing')).toEqual([
    ['D01', 1, 0, 1, 1, 0, 0, 0, null],
    ['D13', 0, 1, 0, 0, 0, null, null, null],
    ['D2A', 1, 0, 1, 1, 0, 30, 20, 66.67],
    ['D69', 2, 0, 1, 1, 1, 10, 7, 70],
  ]);
  expect(await level('ars', 'corrected')).toEqual([
    ['ARS-84', 3, 0, 2, 1, 1, 8, 8, 100],
    ['ARS-93', 1, 0, 1, 1, 0, 3, 1, 33.33],
    ['ARS-94', 0, 1, 0, 0, 0, null, null, null],
  ]);
  expect(await level('zone', 'closing')).toEqual([
    ['ZONE-SUD', 1, 1, 1, 1, 0, 30, 20, 66.67],
    ['ZONE-SUD_EST', 3, 0, 2, 2, 1, 10, 7, 70],
  ]);
  expect([await level('nation', 'closing'), await level('nation', 'corrected')]).toEqual([
    [['NATION', 4, 1, 3, 3, 1, 40, 27, 67.5]],
    [['NATION', 4, 1, 3, 2, 1, 11, 9, 81.82]],
  ]);
  const bySite = new Map((await level('site', 'corrected')).map(([site, ...figures]) => [site, figures]));
  expect(sites.map((site) => bySite.get(site))).toEqual([
    [1, 0, 0, 0, 1, null, null, null],
    [1, 0, 1, 0, 0, 8, 8, 100],
    [1, 0, 1, 1, 0, 0, 0, null],
    [0, 1, 0, 0, 0, null, null, null],
    [1, 0, 1, 1, 0, 3, 1, 33.33],
  ]);
});
