import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
export const HAS_CHROMIUM = existsSync(CHROMIUM);

/** `test`, or `test.skip`, said aloud, where Debian's Chromium is not installed. */
export function testInBrowser(what: string): typeof test | typeof test.skip {
  if (HAS_CHROMIUM) return test;
  process.stderr.write(`\nNOT TESTED: ${what} in a browser, because ${CHROMIUM} is not installed\n\n`);
  return test.skip;
}

export interface Visit {
  readonly javaScript?: boolean;
  readonly phone?: boolean;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser without what it would tell its maker. */
export interface TestBrowser {
  /** Opens an address as somebody who was never there, and shows the page to `see`. */
  visit(url: string, see: (page: Page) => Promise<void>, options?: Visit): Promise<void>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<TestBrowser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  return {
    visit: async (url, see, options = {}) => {
      const context = await browser.newContext({
        locale: 'fr-FR',
        javaScriptEnabled: options.javaScript ?? true,
        extraHTTPHeaders: options.headers ?? {},
        viewport: options.phone === true ? { width: 360, height: 740 } : { width: 1280, height: 900 },
      });
      context.setDefaultTimeout(30_000);
      try {
        const page = await context.newPage();
        await page.goto(url);
        await see(page);
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

/** No violation for axe (which needs scripts), nothing that scrolls sideways. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  await expectFits(page, name);
}

export async function expectFits(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect([name, overflow]).toEqual([name, 0]);
}

/** The name of the control that has the focus, or its words. */
export const focused = (page: Page) =>
  page.evaluate(
    '(({ localName, name, textContent }) => localName === "button" ? textContent : name || textContent)(document.activeElement).trim()',
  );

/** By the Tab key alone, until what has that name or those words is focused. */
export async function tabTo(page: Page, wanted: string): Promise<void> {
  const passed: unknown[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at === wanted) return;
    passed.push(at);
  }
  throw new Error(`${wanted} is not reached: ${passed.join(' | ')}`);
}

/** Into a field, reached by the keyboard alone, instead of what stands in it. */
export async function type(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}
