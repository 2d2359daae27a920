import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { awaited } from '../../stack/demo/desk-client.ts';
import { alertBox, linkOf, order, orderOf, release, type Order } from '../../stack/demo/orders.ts';
import { type RunningDesk, startDesk } from '../support/desk.ts';

const CHROMIUM = '/usr/bin/chromium';
const there = existsSync(CHROMIUM);
if (!there)
  process.stderr.write(`\nNOT TESTED: the pages, because ${CHROMIUM} is not installed (apt-get install chromium)\n\n`);
const inBrowser = there ? test : test.skip;

let desk: RunningDesk;
let browser: Browser;
let open: Order;

beforeAll(async () => {
  if (!there) return;
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  [desk, browser] = await Promise.all([
    startDesk(),
    chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', ...quiet],
    }),
  ]);
  const audience = { organisations: ['ARS-04', 'ARS-84'] };
  open = await order(desk, { subject: 'Canicule – renforcer les services', audience, deadline: '4H', exercise: true });
}, 150_000);
afterAll(async () => {
  if (!there) return;
  await browser.close();
  await desk.stop();
}, 60_000);

interface Visit {
  readonly javaScript?: boolean;
  /** Whether the page is wide, or a telephone's. */
  readonly phone?: boolean;
}

/** A page of a fresh browser profile, as a person in France has it. */
async function visit<T>(url: string, see: (page: Page) => Promise<T>, options: Visit = {}): Promise<T> {
  const context = await browser.newContext({
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    javaScriptEnabled: options.javaScript ?? true,
    viewport: options.phone === true ? { width: 360, height: 740 } : { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(60_000);
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await see(page);
  } finally {
    await context.close();
  }
}

/** No violation for axe, and nothing that makes a telephone scroll sideways; a picture stays in the data dir. */
async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(desk.dataDir, `${name}.png`), fullPage: true });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect([name, overflow]).toEqual([name, 0]);
}

/** At the embedded issuer, whose page is accessible as well. */
async function logIn(page: Page, account: string): Promise<void> {
  await page.getByLabel('Compte').waitFor();
  await expectAccessible(page, 'login');
  await page.getByLabel('Compte').fill(account);
  await page.getByLabel('Mot de passe').fill('demo');
  await page.getByRole('button', { name: 'Se connecter' }).click();
}

const linkFor = async (ars: string, instruction: Order = open): Promise<string> => {
  const mails = await awaited(`the mail of ${ars}`, async () => {
    const found = await instruction.mailsTo(alertBox(ars));
    return found.length > 0 ? found : null;
  });
  return linkOf(mails[0]!);
};

inBrowser('the first page leads to the API, the mailbox and Temporal', async () => {
  await visit(`${desk.addresses.api}/`, async (page) => {
    await expectAccessible(page, 'home');
    const links = await page.locator('main a').all();
    const targets = await Promise.all(links.map((link) => link.getAttribute('href')));
    expect(targets).toEqual(expect.arrayContaining(['/docs', desk.addresses.mailbox, desk.addresses.temporalUi]));
  });
});

inBrowser(
  'in the API documentation one logs in with a demo account and tries a route',
  async () => {
    await visit(`${desk.addresses.api}/docs`, async (page) => {
      const openPart = async (name: string): Promise<void> => {
        await page.locator('.operation-filter-input').fill(name);
        await page.locator('.opblock-tag').filter({ hasText: name }).first().click();
      };
      await openPart('Instructions');
      await page.locator('.opblock-summary-path', { hasText: 'release' }).first().waitFor();
      await page.locator('.auth-wrapper .authorize').first().click();
      const dialog = page.locator('.auth-container', { hasText: 'oidc' });
      const [login] = await Promise.all([page.waitForEvent('popup'), dialog.locator('.btn.authorize').click()]);
      await logIn(login, 'ars-84');
      await dialog.locator('.btn', { hasText: /^Logout$/ }).waitFor();
      await page.locator('.btn-done').first().click();
      await openPart('Compte');
      const me = page.locator('.opblock', { has: page.locator('[data-path="/v1/me"]') });
      await me.locator('.opblock-summary-control').click();
      await me.locator('.try-out__btn').click();
      await me.locator('.execute').click();
      await me.locator('.live-responses-table', { hasText: '"ars-84"' }).waitFor();
    });
  },
  120_000,
);

inBrowser(
  'an ARS reads its instruction after login, and not what is outside its territory',
  async () => {
    await visit(`${desk.addresses.api}/login?next=/instructions/${open.id}`, async (page) => {
      await logIn(page, 'ars-04');
      await page.getByRole('heading', { name: 'Canicule – renforcer les services' }).waitFor();
      await expectAccessible(page, 'reading');
      const table = page.getByRole('table');
      expect(await table.getByText('La Réunion').count()).toBe(1);
      expect(await table.getByText('Auvergne').count()).toBe(0);
      await page.goto(`${desk.addresses.api}/`);
      await page.getByRole('button', { name: 'Se déconnecter' }).click();
      await page.getByRole('link', { name: 'Se connecter' }).waitFor();
    });
  },
  120_000,
);

inBrowser('on a telephone without JavaScript an ARS answers by its link, and may answer again', async () => {
  const link = await linkFor('ARS-84');
  await visit(
    link,
    async (page) => {
      expect(await page.locator('html').getAttribute('lang')).toBe('fr');
      expect(await page.getByText('EXERCICE').count()).toBeGreaterThan(0);
      await page.getByRole('radio', { name: /En cours/ }).check();
      await page.getByLabel(/Avancement/).fill('100');
      await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
      await page.getByRole('alert').waitFor();
      expect((await open.recipient('ARS-84')).lastReply).toBeNull();

      await page.getByLabel(/Avancement/).fill('60');
      await page.getByLabel('Commentaire').fill('Lits en cours d’ouverture.');
      await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
      await page.getByRole('status').waitFor();
    },
    { javaScript: false, phone: true },
  );
  expect(await open.recipient('ARS-84')).toMatchObject({ state: 'inProgress', percent: 60 });
});

inBrowser('the reply page is accessible before, with faults and after an answer', async () => {
  await visit(
    await linkFor('ARS-04'),
    async (page) => {
      await expectAccessible(page, 'reply-before');
      await page.getByRole('radio', { name: /Refus motivé/ }).check();
      await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
      await page.getByRole('alert').waitFor();
      await expectAccessible(page, 'reply-with-faults');
      await page.getByRole('radio', { name: /Réalisé/ }).check();
      await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
      await page.getByRole('status').waitFor();
      await expectAccessible(page, 'reply-after');
    },
    { phone: true },
  );
  expect((await open.recipient('ARS-04')).state).toBe('done');
  await visit(await linkFor('ARS-04'), async (page) => {
    expect(await page.getByRole('button', { name: 'Confirmer la réponse' }).count()).toBe(0);
    await expectAccessible(page, 'reply-closed');
  });
});

inBrowser('without JavaScript an ARS declares what it relayed by its own means, and the desk reads it', async () => {
  const audience = { organisations: ['ARS-84'] };
  const diffusion = await order(desk, { nature: 'diffusion', subject: 'Rappel de lots', relayTo: ['samu'], audience });
  await visit(
    await linkFor('ARS-84', diffusion),
    async (page) => {
      await page.getByRole('radio', { name: /Diffusion faite/ }).check();
      await page.getByLabel('Relayés', { exact: true }).fill('1204');
      await page.getByLabel('Joints', { exact: true }).fill('1300');
      await page.getByLabel('Commentaire').fill('Diffusé par notre liste.');
      await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
      await page.getByText('Pas plus de destinataires joints que de relayés.').waitFor();
      await page.getByLabel('Joints', { exact: true }).fill('1150');
      await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
      await page.getByRole('status').waitFor();
      await page.getByText('1 204 relayés, 1 150 joints').waitFor();
    },
    { javaScript: false, phone: true },
  );
  expect((await diffusion.recipient('ARS-84')).state).toBe('done');
  const wide = await order(desk, { nature: 'diffusion', subject: 'Rappel', relayTo: ['samu'], audience });
  for (const phone of [false, true]) {
    await visit(
      await linkFor('ARS-84', wide),
      async (page) => {
        await expectAccessible(page, `reply-diffusion${phone ? '-phone' : ''}`);
        await page.getByLabel('Joints', { exact: true }).fill('3');
        await page.getByRole('button', { name: 'Confirmer la réponse' }).click();
        await page.getByRole('alert').waitFor();
        await expectAccessible(page, `reply-diffusion-with-faults${phone ? '-phone' : ''}`);
      },
      { phone },
    );
  }
  await visit(`${desk.addresses.api}/login?next=/instructions/${diffusion.id}`, async (page) => {
    await logIn(page, 'corruss-chef');
    await page.getByText('1 agence : 1 204 relayés, 1 150 joints').waitFor();
    await expectAccessible(page, 'reading-diffusion');
  });
});

inBrowser('the page of a message that was cancelled says by which, and that of the other what it cancels', async () => {
  const first = await order(desk, {
    subject: 'Ouvrir la cellule de crise',
    audience: { organisations: ['ARS-84', 'ARS-01'] },
    deadline: '4H',
  });
  const drafted = await first.act('cancel', { reason: 'Fausse alerte : la cellule est sans objet.' });
  const { id } = drafted.body as { id: string };
  const { number } = await release(desk, id);
  await awaited('the first has heard of it', async () => (await first.get()).status === 'cancelled');
  for (const phone of [false, true]) {
    await visit(
      await linkFor('ARS-01', first),
      async (page) => {
        const notice = page.getByRole('status');
        await notice.getByText(`Ce message a été annulé par ${number}`).waitFor();
        expect(await notice.getByRole('link', { name: number }).getAttribute('href')).toBe(`/instructions/${id}`);
        expect(await page.getByRole('button', { name: 'Confirmer la réponse' }).count()).toBe(0);
        await expectAccessible(page, `reply-cancelled${phone ? '-phone' : ''}`);
      },
      { phone },
    );
  }
  await visit(await linkFor('ARS-84', orderOf(desk, id, number)), async (page) => {
    await page.getByText(`Ce message annule ${first.number}`).waitFor();
    await expectAccessible(page, 'reply-cancelling');
  });
  await visit(`${desk.addresses.api}/login?next=/instructions/${first.id}`, async (page) => {
    await logIn(page, 'ars-84');
    await page.getByText(`Ce message a été annulé par ${number}`).waitFor();
    await expectAccessible(page, 'reading-cancelled');
  });
});
