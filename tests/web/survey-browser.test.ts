import { afterAll, beforeAll, expect } from '@jest/globals';
import { BACH } from '../../db/seeds/survey-models/bach.ts';
import type { Form } from '../../domain/survey/form.ts';
import { type ApiDesk, startApiDesk } from '../support/api-desk.ts';
import {
  expectAccessible,
  expectFits,
  focused,
  HAS_CHROMIUM,
  openBrowser,
  tabTo,
  type TestBrowser,
  testInBrowser,
  type,
} from '../support/browser.ts';
import { BEDS, openSurvey, publishForm } from '../support/survey.ts';

const inBrowser = testInBrowser('the respondent’s page');

const TABLE: Form['sections'][number] = {
  code: 'detail',
  title: 'Détail par service',
  questions: [
    {
      code: 'services',
      label: 'Par service',
      type: 'table',
      rows: [
        { code: 'rea', label: 'Réanimation' },
        { code: 'usi', label: 'Unité de soins intensifs' },
      ],
      columns: [
        { code: 'lits', label: 'Lits installés', type: 'integer', min: 0, required: true },
        { code: 'libres', label: 'Lits disponibles', type: 'integer', min: 0, unit: 'lits' },
        { code: 'fermes', label: 'Lits fermés', type: 'integer', min: 0 },
      ],
    },
  ],
};
const FORM: Form = { ...BEDS, sections: [...BEDS.sections, TABLE] };

let api: ApiDesk;
let browser: TestBrowser;
let origin: string;
let visit: TestBrowser['visit'];
beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  [api, browser] = await Promise.all([startApiDesk(), openBrowser()]);
  origin = await api.app.listen({ port: 0, host: '127.0.0.1' });
  visit = (path, see, options) => browser.visit(`${origin}${path}`, see, options);
}, 120_000);
afterAll(async () => {
  if (!HAS_CHROMIUM) return;
  await browser.close();
  await api.close();
}, 60_000);

/** A survey of one clinic by its agency; the path of its page. */
async function asked(form: Form): Promise<{ readonly id: string; readonly path: string }> {
  const email = `clinique-${Math.random().toString(36).slice(2)}@clinique.example`;
  const audience = { respondents: [{ name: 'Clinique du Parc', email }] };
  const formId = await publishForm(api.desk.database, form);
  const { id } = await openSurvey(api, { formId, title: 'Capacités en lits de la semaine', audience }, 'ars-84');
  const [mail] = await api.desk.sink.waitFor(({ to }) => to === email);
  return { id, path: /http:\/\/vigie\.example(\/s\/[\w-]{43})/.exec(mail!.text)![1]! };
}

inBrowser(
  'by the keyboard alone: errors lead to their fields, the answer is corrected and sent, the receipt prints without forms',
  async () => {
    const { path } = await asked(FORM);
    await visit(path, async (page) => {
      await expectAccessible(page, 'form');
      await type(page, 'v.installes', 'douze');
      await tabTo(page, 'Envoyer la réponse');
      await page.keyboard.press('Enter');
      const alert = page.getByRole('alert');
      await alert.waitFor();
      await expectAccessible(page, 'errors');
      expect(await page.title()).toMatch(/^À corriger/);
      const links = await alert.getByRole('link').allInnerTexts();
      expect(links.map((text) => text.split(' : ')[0])).toEqual(['Lits installés', 'Lits occupés']);
      for (const link of await alert.getByRole('link').all())
        expect(await page.locator((await link.getAttribute('href'))!).count()).toBe(1);
      await tabTo(page, links[0]!);
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('v.installes');
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type('20');
      await type(page, 'v.occupes', '1 2');
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type('12');
      await type(page, 'v.services.rea.lits', '3');
      await tabTo(page, 'Envoyer la réponse');
      await page.keyboard.press('Enter');
      await page.getByText('Votre réponse est enregistrée').waitFor();
      await expectAccessible(page, 'receipt');
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByText('Votre réponse est enregistrée').isVisible()).toBe(true);
      expect(await page.getByRole('link', { name: 'Corriger la réponse' }).isVisible()).toBe(false);
    });
  },
  120_000,
);

inBrowser(
  'on a telephone without JavaScript: a draft found again, «non concerné» for a question and a row, tables as cards',
  async () => {
    const { path } = await asked(FORM);
    const phone = { javaScript: false, phone: true };
    await visit(
      path,
      async (page) => {
        await expectFits(page, 'phone-form');
        await page.getByLabel('Lits installés (obligatoire)').fill('20');
        await page.getByLabel('Réanimation : Lits installés').fill('3');
        await page.getByLabel('Réanimation : non concerné, motif').fill('Fermée');
        await page.getByText('Non concerné : Lits occupés').click();
        await page.getByLabel('Motif : Lits occupés').fill('Comptés ailleurs');
        await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
        // Both an answer and a reason for none: told, in the cell.
        const told = page.locator('td', { has: page.getByLabel('Réanimation : Lits installés') }).locator('.wrong');
        expect(await told.innerText()).toContain('ne va pas avec une réponse');
        await expectFits(page, 'phone-errors');
        await page.getByLabel('Réanimation : Lits installés').fill('');
        await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
        await page.getByText('Votre brouillon est enregistré.').waitFor();
      },
      phone,
    );
    await visit(
      path,
      async (page) => {
        expect(await page.getByLabel('Lits installés (obligatoire)').inputValue()).toBe('20');
        expect(await page.getByLabel('Motif : Lits occupés').inputValue()).toBe('Comptés ailleurs');
        expect(await page.getByLabel('Réanimation : non concerné, motif').inputValue()).toBe('Fermée');
        await page.getByRole('button', { name: 'Envoyer la réponse' }).click();
        await page.getByText('Votre réponse est enregistrée').waitFor();
        await expectFits(page, 'phone-receipt');
        expect(await page.getByText('non concerné : Comptés ailleurs').count()).toBe(1);
        expect(await page.getByText('Réanimation : non concerné (Fermée)').count()).toBe(1);
      },
      phone,
    );
  },
  120_000,
);

inBrowser(
  'the whole survey does not concern one; the link is passed on by one’s own mail; a scanner changes nothing',
  async () => {
    const { id, path } = await asked(BACH);
    const stored = async () => {
      const { sql } = api.desk.database;
      const answers = await sql.selectFrom('survey_answer').selectAll().where('survey_id', '=', id).execute();
      const audit = await sql
        .selectFrom('audit_entry')
        .select('subject')
        .where('subject', '=', `survey/${id}`)
        .execute();
      const survey = await sql.selectFrom('survey').selectAll().where('id', '=', id).execute();
      return { answers, audit: audit.length, survey };
    };
    const before = await stored();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await fetch(`${origin}${path}`, { method, headers: { 'user-agent': 'MailScanner/1.0' } });
      expect([method, answer.status]).toEqual([method, 200]);
    }
    expect(await stored()).toEqual(before);
    await visit(path, async (page) => {
      await expectAccessible(page, 'bach');
      await page.getByText('Transmettre à un collègue').click();
      const mail = await page.getByRole('link', { name: 'Préparer un courriel avec le lien' }).getAttribute('href');
      expect(decodeURIComponent(mail!)).toContain(`http://vigie.example${path}`);
      expect(await page.getByLabel('Lien à copier').inputValue()).toBe(`http://vigie.example${path}`);
      await expectAccessible(page, 'passing-on');
      await page.getByText('Cette enquête ne nous concerne pas').click();
      await page.getByLabel('Motif', { exact: true }).fill('Établissement fermé cette semaine.');
      await page.getByRole('button', { name: 'Envoyer la réponse' }).click();
      await page.getByText('Cette enquête ne vous concerne pas : « Établissement fermé cette semaine. »').waitFor();
    });
    await visit(path, (page) => expectAccessible(page, 'bach-phone'), { phone: true });
    expect((await api.as('ars-84').post(`/v1/surveys/${id}/close`)).status).toBe(202);
    for (const [name, at, words] of [
      ['closed', path, /close depuis le/],
      ['guessed', `/s/${'a'.repeat(43)}`, /Ce lien n’est pas valable/],
    ] as const) {
      await visit(at, async (page) => {
        await page.getByText(words).first().waitFor();
        await expectAccessible(page, name);
      });
    }
  },
  120_000,
);
