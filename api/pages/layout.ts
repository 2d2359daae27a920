import type { Account } from '../access/account.ts';
import { html, type Html } from './html.ts';
import { STYLE_ELEMENT } from './style.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Who is logged in, where the page knows. */
  readonly account?: Account | null;
  readonly exercise?: boolean;
  /** Who speaks, where it is not the desk. */
  readonly brand?: string;
}

/** A whole page: French, one style sheet, no script, readable on a phone. */
export function layout({ title, body, account = null, exercise = false, brand }: Page): string {
  const who =
    account === null
      ? null
      : html`<div class="who">
          <span>${account.name}</span>
          <form method="post" action="/logout"><button class="small light">Se déconnecter</button></form>
        </div>`;
  return html`<!doctype html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} – Vigie</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#contenu">Aller au contenu</a>
        <header class="top">
          <div>${brandOf(brand)}${who}</div>
        </header>
        ${exercise && html`<aside class="exercise" aria-label="Exercice">EXERCICE – EXERCICE – EXERCICE</aside>`}
        <main id="contenu">${body}</main>
      </body>
    </html>`.text;
}

const brandOf = (brand: string | undefined): Html =>
  brand === undefined
    ? html`<a class="brand" href="/">Vigie <small>Centre opérationnel CORRUSS</small></a>`
    : html`<span class="brand">${brand}</span>`;
