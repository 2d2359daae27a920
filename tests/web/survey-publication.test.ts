import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { HOUR } from '../../domain/instant.ts';
import { type ApiDesk, callerOf, startApiDesk } from '../support/api-desk.ts';
import type { AccountName } from '../support/desk-accounts.ts';
import { inventSites } from '../support/sites.ts';
import { openSurvey, pass, publishForm } from '../support/survey.ts';

const CHROMIUM = '/usr/bin/chromium';
const inBrowser = existsSync(CHROMIUM) ? test : test.skip;
if (!existsSync(CHROMIUM))
  process.stderr.write(`\nNOT TESTED: the page of results, because ${CHROMIUM} is not installed\n`);

const CALENDAR = { closesAt: 'PT48H', validateUntil: 'PT12H', acceptUntil: 'PT24H' };
const FULL = { installes: 100, occupes: 80, tension: 'n1', note: 'RAS' };

let api: ApiDesk;
let sites: string[];
let formId: string;
/** Campaigns of one form: the first answered by two, the second by nobody, the last is the one that is published. */
let first: string;
let id: string;

const asSite = (site: string) =>
  callerOf(api.app, () => api.issuer.token('ars-84', { claims: { org: site, roles: ['site'] } }), 5);
const submit = async (survey: string, site: string, values: object) => {
  const done = await asSite(site).put(`/v1/surveys/${survey}/answers/${site}`, { values, submit: true });
  expect(done.status).toBe(200);
};
const campaign = async (title: string) => {
  const audience = { sites: { territories: ['D69', 'D01', 'D2A'] } };
  return (await openSurvey(api, { formId, title, audience, ...CALENDAR })).id;
};
const desk = () => api.as('corruss-chef');
const close = async (survey: string) => expect((await desk().post(`/v1/surveys/${survey}/close`)).status).toBe(202);

beforeAll(async () => {
  api = await startApiDesk();
  const invented = await inventSites(api.desk.database, { in: { D69: 1, D01: 1, D2A: 1 } });
  sites = ['69', '01', '2A'].map((code) => invented.find((one) => one.startsWith(`SITE-${code}`))!);
  formId = await publishForm(api.desk.database);
  first = await campaign('Lits, première semaine');
  await submit(first, sites[0]!, { ...FULL, occupes: 60 });
  await submit(first, sites[2]!, { ...FULL, occupes: 70 });
  await close(first);
  await close(await campaign('Lits, deuxième semaine'));
  id = await campaign('Lits <script>, troisième semaine');
  await submit(id, sites[0]!, FULL);
  await submit(id, sites[1]!, { ...FULL, occupes: 0 });
}, 120_000);
afterAll(() => api.close());

interface Row {
  readonly counts: Record<string, number>;
  readonly rates: Record<string, number | null>;
  readonly figures: Record<string, number | null>;
}
interface View {
  readonly publishedAt: string | null;
  readonly whole: boolean;
  readonly notices: string[];
  readonly headlines: { column: string }[];
  readonly readings: Record<
    'closing' | 'corrected',
    { total: Row; territories: (Row & { territory: string })[] } | null
  >;
  readonly dictionary: { column: string; rule: string }[];
  readonly sources: {
    form: { version: number };
    notValidated: number;
    acceptances: { at: string | null; by: string | null }[];
  };
  readonly links: Record<string, string>;
}
const read = async (account: AccountName = 'superviseur', survey = id) =>
  (await api.as(account).get<View>(`/v1/surveys/${survey}/publication`)).body;

test('before the closing it is provisional, and says so; known at closing is not there yet', async () => {
  const view = await read();
  expect(view).toMatchObject({ publishedAt: null, whole: true, readings: { closing: null } });
  expect(view.notices).toEqual([
    expect.stringMatching(/provisoires.*pas encore close/),
    expect.stringMatching(/^1 répondant sur 3 sans réponse/),
    expect.stringMatching(/^2 réponses reçues ne sont pas validées/),
  ]);
  expect(view.readings.corrected!.total).toMatchObject({
    counts: { expected: 3, received: 2, late: 1 },
    rates: { received: 66.7, validated: 0 },
    figures: { installes: 200, occupes: 80, taux: 40, 'tension.n1': 2, 'tension.n2': 0 },
  });
  expect((await api.as('superviseur').get(`/v1/surveys/${id}/map.svg?as=closing`)).status).toBe(409);
});

test('accepted whole, it is published once: the desk is mailed the figures, the rates, who is late, and where to read', async () => {
  await close(id);
  api.desk.sink.clear();
  const accept = (territories?: string[]) =>
    desk().post<{ published: boolean }>(`/v1/surveys/${id}/accept`, { ...(territories && { territories }) });
  expect((await accept(['ARS-84'])).body).toMatchObject({ published: false });
  expect((await read()).notices).toContainEqual(expect.stringMatching(/pas accepté les réponses de\s: ARS Corse\./));
  expect((await accept()).body).toMatchObject({ published: true });
  expect((await accept()).body).toMatchObject({ published: true });
  await pass(api, id, 20_000);
  const [mail] = await api.desk.sink.waitFor(({ subject }) => /RÉSULTATS/.test(subject));
  expect(mail!.to).toBe('permanence@corruss.example');
  for (const words of [
    /a accepté les réponses de tous les territoires/,
    /Reçues\s*: 2 \(66,7 %\)/,
    /Reçues, non validées\s*: 2/,
    /Lits occupés : 80 lits/,
    /Taux d’occupation : 40 %/,
    /Sans réponse, par agence[^]*ARS Corse : 1 sur 1/,
    new RegExp(`http://vigie\\.example/enquetes/${id}`),
  ])
    expect(mail!.text).toMatch(words);
  expect(await pass(api, id, 80 * HOUR)).toBe('ended');
  expect(api.desk.sink.mails.filter(({ subject }) => /RÉSULTATS/.test(subject))).toHaveLength(1);
  const view = await read();
  expect(new Date(view.publishedAt!).getTime()).toBeLessThan(Date.now());
  expect(view.sources).toMatchObject({
    form: { version: 1 },
    notValidated: 2,
    acceptances: [{ by: 'corruss-chef' }, { by: 'corruss-chef' }],
  });
  const closing = { counts: { received: 2 }, figures: { occupes: 80 } };
  expect(view.readings).toMatchObject({ closing: { total: closing }, corrected: { total: closing } });
  expect(view.readings.corrected!.territories).toMatchObject([
    { territory: 'ARS-84', figures: { occupes: 80 } },
    { territory: 'ARS-94', counts: { late: 1 }, figures: { occupes: null, 'tension.n1': null } },
  ]);
  expect(view.dictionary.find(({ column }) => column === 'occupes')).toMatchObject({ rule: 'somme' });
});

test('what nobody accepts is published when nothing more can come, once as well', async () => {
  expect((await read('superviseur', first)).publishedAt).toBeNull();
  api.desk.sink.clear();
  expect(await pass(api, first, 80 * HOUR)).toBe('ended');
  const [mail] = await api.desk.sink.waitFor(({ subject }) => /RÉSULTATS/.test(subject));
  expect(mail!.text).toMatch(/plus aucune réponse ne peut changer[^]*Lits occupés : 130 lits/);
  expect((await read('superviseur', first)).publishedAt).not.toBeNull();
});

test('the trend goes back over campaigns of the same form: a week without answer is a gap', async () => {
  const drawn = await api.as('superviseur').get(`/v1/surveys/${id}/trend.svg?question=occupes`);
  expect(drawn.headers).toMatchObject({ 'content-type': 'image/svg+xml; charset=utf-8' });
  expect(drawn.headers['content-security-policy']).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  );
  expect(drawn.text.match(/<desc[^>]*>([^<]*)/)![1]).toMatch(
    /de 3 campagne.* : 130\slits ; .* : sans chiffre ; .* : 80\slits\./,
  );
  const own = await api.as('ars-94').get(`/v1/surveys/${id}/trend.svg?question=occupes`);
  expect(own.text.match(/<desc[^>]*>([^<]*)/)![1]).toMatch(/ : 70\slits ; .* : sans chiffre ; .* : sans chiffre\./);
  for (const question of ['nope', 'note', '__proto__', '<b>', 'x'.repeat(300)]) {
    const wrong = await api
      .as('superviseur')
      .get<{ errors: { pointer: string }[] }>(`/v1/surveys/${id}/map.svg?question=${encodeURIComponent(question)}`);
    expect([question, wrong.status, wrong.body.errors[0]!.pointer]).toEqual([question, 422, '/question']);
  }
});

test('an agency reads its own part, another region, an establishment and nobody read nothing', async () => {
  const own = await read('ars-84');
  expect(own).toMatchObject({ whole: false, readings: { corrected: { total: { counts: { expected: 2 } } } } });
  expect(own.readings.corrected!.territories.map(({ territory }) => territory)).toEqual(['ARS-84']);
  expect(own.notices).toContainEqual(expect.stringContaining('votre territoire'));
  const map = (await api.as('ars-84').get(`/v1/surveys/${id}/map.svg?question=occupes`)).text;
  expect(map.match(/hors territoire/g)).toHaveLength(17);
  for (const path of [
    `/v1/surveys/${id}/publication`,
    `/v1/surveys/${id}/map.svg`,
    `/v1/surveys/${id}/trend.svg`,
    `/enquetes/${id}`,
  ]) {
    expect([path, (await api.as('ars-11').get(path)).status]).toEqual([path, 404]);
    expect([path, (await asSite(sites[0]!).get(path)).status]).toEqual([path, 403]);
    expect([path, (await api.as('admin').get(path)).status]).toEqual([path, 403]);
    expect([path, [401, 302, 303].includes((await api.app.inject(path)).statusCode)]).toEqual([path, true]);
  }
  const draft = await desk().post<{ id: string }>('/v1/surveys', {
    formId,
    title: 'Brouillon',
    audience: { ars: ['ARS-84'] },
    closesAt: 'PT1H',
  });
  expect((await desk().get(`/enquetes/${draft.body.id}`)).status).toBe(409);
});

/** The page in a real browser, its requests answered by the application itself, with all its headers. */
async function visit(browser: Browser, path: string, width: number, see: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    javaScriptEnabled: true,
    viewport: { width, height: 900 },
    locale: 'fr-FR',
  });
  context.setDefaultTimeout(60_000);
  const authorization = `Bearer ${await api.issuer.token('superviseur')}`;
  await context.route('**/*', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const answer = await api.app.inject({ url: pathname + search, headers: { authorization } });
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    await route.fulfill({ status: answer.statusCode, headers, body: answer.rawPayload });
  });
  try {
    const page = await context.newPage();
    await page.goto(`http://vigie.example${path}`);
    await see(page);
  } finally {
    await context.close();
  }
}

inBrowser(
  'the page tells state, figures, map, trend and table; axe finds nothing, keys alone reach everything, no script',
  async () => {
    const pictures = await mkdtemp(join(tmpdir(), 'vigie-publication-'));
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
    });
    try {
      for (const width of [1280, 360]) {
        await visit(browser, `/enquetes/${id}?question=occupes`, width, async (page) => {
          const violated: string[] = [];
          page.on(
            'console',
            (message) => /Content.Security.Policy/i.test(message.text()) && violated.push(message.text()),
          );
          await page.reload();
          await page.screenshot({ path: join(pictures, `page-${width}.png`), fullPage: true });
          expect(violated).toEqual([]);
          expect(await page.locator('h1').textContent()).toBe('Lits <script>, troisième semaine');
          expect(await page.getByRole('img', { name: /Lits occupés par agence/ }).count()).toBe(1);
          expect(await page.getByRole('img', { name: /Lits occupés, campagne après campagne/ }).count()).toBe(1);
          const corsica = page.getByRole('row', { name: /^ARS Corse/ });
          expect(await corsica.textContent()).toMatch(/aucune réponse[^]*0 sur 1[^]*0\s%[^]*acceptées/);
          expect(await page.locator('script').count()).toBe(0);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(
            violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(' ')}`),
          ).toEqual([]);
          const wide = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect([width, wide]).toEqual([width, 0]);
        });
      }
      await visit(browser, `/enquetes/${id}`, 1280, async (page) => {
        await page.emulateMedia({ media: 'print' });
        await page.screenshot({ path: join(pictures, 'page-print.png'), fullPage: true });
        await page.emulateMedia({ media: 'screen' });
        const reached = new Set<string>();
        const focused =
          '(document.activeElement.getAttribute("href") ?? document.activeElement.id) || document.activeElement.textContent.trim().slice(0, 40)';
        for (let steps = 0; steps < 30; steps += 1) {
          await page.keyboard.press('Tab');
          reached.add(String(await page.evaluate(focused)));
        }
        const { links } = await read();
        expect([...reached]).toEqual(
          expect.arrayContaining([
            '#contenu',
            'question',
            'as',
            'Afficher',
            '#agences',
            'Dictionnaire des données',
            links['json'],
            `${links['csv']}&as=corrected`,
          ]),
        );
        await page.locator('#question').focus();
        await page.keyboard.type('Taux de');
        await page.locator('#as').focus();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForURL(/question=_taux&as=corrected/);
        expect(await page.getByRole('img', { name: /Taux de réponse par agence/ }).count()).toBe(1);
      });
    } finally {
      await browser.close();
    }
  },
  120_000,
);
