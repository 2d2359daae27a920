import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DAY } from '../../domain/instant.ts';
import type { Form } from '../../domain/survey/form.ts';
import { dayInWords } from '../../domain/wording.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import {
  expectAccessible,
  expectFits,
  HAS_CHROMIUM,
  openBrowser,
  tabTo,
  testInBrowser,
  type,
} from '../support/browser.ts';
import type { TestBrowser } from '../support/browser.ts';
import { BEDS, openSurvey, type OpenSurvey, publishForm, submitAt } from '../support/survey.ts';

const inBrowser = testInBrowser('the reuse of recent answers');

const FORM: Form = {
  ...BEDS,
  sections: [
    ...BEDS.sections,
    {
      code: 'detail',
      title: 'Détail par service',
      questions: [
        {
          code: 'services',
          label: 'Lits par service',
          type: 'table',
          rows: [
            { code: 'rea', label: 'Réanimation' },
            { code: 'usi', label: 'Soins intensifs' },
          ],
          columns: [{ code: 'fermes', label: 'Lits fermés', type: 'integer', min: 0, unit: 'lits' }],
        },
      ],
    },
  ],
};
const WHOLE = { installes: 100, occupes: 80, tension: 'n1', services: { rea: { fermes: 2 }, usi: { fermes: 0 } } };
const EMAIL = 'pharmacie@clinique.example';
const WHEN = Date.now() - 2 * DAY;
const SOURCE = `du ${dayInWords(WHEN)} (« Lits du lundi »)`;

let api: ApiDesk;
let browser: TestBrowser;
let formId: string;
let origin: string;
let survey: OpenSurvey;
let path: string;
beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  [api, browser] = await Promise.all([startApiDesk(), openBrowser()]);
  origin = await api.app.listen({ port: 0, host: '127.0.0.1' });
  formId = await publishForm(api.desk.database, FORM);
  await submitAt(api, (await asked('Lits du lundi')).survey, EMAIL, WHOLE, WHEN);
  ({ survey, path } = await asked('Lits du mercredi', { reuse: { withinDays: 5 } }));
}, 120_000);
afterAll(async () => {
  if (!HAS_CHROMIUM) return;
  await browser.close();
  await api.close();
}, 60_000);

/** A survey of one clinic by its agency, and the path of its page. */
async function asked(
  title: string,
  body: object = {},
): Promise<{ readonly survey: OpenSurvey; readonly path: string }> {
  const audience = { respondents: [{ name: 'Clinique du Parc', email: EMAIL }] };
  const opened = await openSurvey(api, { formId, title, audience, ...body }, 'ars-84');
  const [mail] = await api.desk.sink.waitFor(({ subject }) => subject.includes(title));
  return { survey: opened, path: /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]! };
}

const visit: TestBrowser['visit'] = (to, see, options) => browser.visit(`${origin}${to}`, see, options);
/** What is said of where the value of a question comes from. */
const originOf = (page: Page, code: string) => page.locator(`#f-values-${code}-origin`);
const words = async (page: Page, code: string) => (await originOf(page, code).innerText()).replaceAll(/\s+/g, ' ');

inBrowser(
  'recent answers are offered with their date and survey, before and after without a violation; looking stores nothing',
  async () => {
    await visit(
      path,
      async (page) => {
        await expectAccessible(page, 'offered');
        expect(await words(page, 'installes')).toBe(`Votre réponse ${SOURCE} : 100 lits`);
        expect(await words(page, 'tension')).toBe(`Votre réponse ${SOURCE} : Niveau 1`);
        await originOf(page, 'services').click();
        expect(await page.getByText('Réanimation : Lits fermés 2').isVisible()).toBe(true);
        await page.getByRole('button', { name: 'Reprendre mes réponses récentes' }).click();
        await page.getByRole('status').waitFor();
        await expectAccessible(page, 'taken over');
      },
      { phone: true },
    );
    await visit(path, async (page) => {
      expect(await page.getByText('pas encore envoyée').count()).toBe(1);
    });
  },
  120_000,
);

inBrowser(
  'without JavaScript, by the keyboard alone: taken over by one button, one value edited, sent; what is edited is of today',
  async () => {
    const phone = { javaScript: false, phone: true };
    await visit(
      path,
      async (page) => {
        await type(page, 'v.note', 'Deux lits fermés.');
        await tabTo(page, 'Reprendre mes réponses récentes');
        await page.keyboard.press('Enter');
        await page.getByText('Vos réponses récentes sont reprises').waitFor();
        for (const code of ['installes', 'occupes', 'tension', 'services'])
          expect([code, await words(page, code)]).toEqual([code, `Repris de votre réponse ${SOURCE} : à vérifier.`]);
        expect(await page.getByLabel('Lits occupés (obligatoire)', { exact: true }).inputValue()).toBe('80');
        expect(await page.getByLabel('Remarques').inputValue()).toBe('Deux lits fermés.');
        await expectFits(page, 'taken over');
        // More beds than there are: told, and by now an answer of today; the others keep their mark.
        await type(page, 'v.occupes', '120');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        expect(await words(page, 'occupes')).toBe(`Votre réponse ${SOURCE} : 80 lits`);
        expect(await words(page, 'installes')).toContain('Repris de votre réponse');
        await expectFits(page, 'errors');
        await type(page, 'v.occupes', '90');
        await page.keyboard.press('Enter');
        await page.getByText('Votre réponse est enregistrée').waitFor();
        const said = (await page.locator('dl.facts').last().innerText()).replaceAll(/\s+/g, ' ');
        expect(said).toContain(`Lits installés 100 lits repris de votre réponse ${SOURCE} Lits occupés 90 lits Taux`);
        expect(said).toContain(`Niveau 1 repris de votre réponse ${SOURCE} Remarques Deux lits fermés.`);
        await expectFits(page, 'receipt');
      },
      phone,
    );
    await visit(path, async (page) => {
      expect(await words(page, 'tension')).toBe(`Repris de votre réponse ${SOURCE} : à vérifier.`);
      expect(await words(page, 'occupes')).toBe(`Votre réponse ${SOURCE} : 80 lits`);
      await expectAccessible(page, 'answered');
      await page.getByRole('button', { name: 'Envoyer la réponse' }).click();
      await page.getByText('Votre réponse est enregistrée').waitFor();
      await expectAccessible(page, 'receipt');
    });
  },
  120_000,
);

inBrowser(
  'the page of results says how many values are taken over, and since when',
  async () => {
    const headers = { authorization: `Bearer ${await api.issuer.token('ars-84')}` };
    for (const phone of [true, false])
      await visit(
        `/enquetes/${survey.id}`,
        async (page) => {
          const notice = page.getByText(/valeurs sont reprises/);
          expect(await notice.innerText()).toBe(
            `3 valeurs sont reprises de réponses à d’autres enquêtes, la plus ancienne du ${dayInWords(WHEN)}.`,
          );
          await expectFits(page, 'results');
        },
        { phone, headers },
      );
  },
  120_000,
);
