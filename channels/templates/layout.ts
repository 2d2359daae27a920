import { NBSP } from '../french.ts';
import { renderBlock } from './block-html.ts';
import { blockText } from './block-text.ts';
import type { Letter, Rendered } from './blocks.ts';
import { Html, html } from './html.ts';

export const EXERCISE_BANNER = `EXERCICE – EXERCICE – EXERCICE${NBSP}: ce message est un exercice`;

// Colours are given inline for mailboxes that drop the sheet, and again in the sheet for those that are read in the dark.
const SHEET = new Html(`
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;-webkit-text-size-adjust:100%}
.body h2,.body h3,.body h4{font-size:18px;line-height:1.3;margin:16px 0 8px}
.body p,.body ul,.body ol{margin:0 0 12px}
.body ul,.body ol{padding-left:24px}
.body table{display:block;overflow-x:auto}
.body pre{white-space:pre-wrap}
.body blockquote{margin:0 0 12px;padding-left:12px;border-left:4px solid #929292}
@media (max-width:480px){.page{padding:0 !important}.sheet{padding:16px !important;border:0 !important}.button{display:block !important;margin-right:0 !important;text-align:center}.fact td{display:block !important;width:auto !important}.fact .label{padding-bottom:0 !important}.fact .value{padding-top:0 !important;padding-left:0 !important}}
@media (prefers-color-scheme:dark){.page,body{background:#161616 !important}.sheet{background:#1e1e1e !important;border-color:#3a3a3a !important}.ink{color:#f0f0f0 !important}.soft{color:#cecece !important}.link,.body a{color:#9898ff !important}.box{background:#2a2a2a !important;color:#f0f0f0 !important}.box.alert{background:#3b1a1a !important}.button{background:#8585f6 !important;color:#000091 !important;border-color:#8585f6 !important}.button.plain{background:#1e1e1e !important;color:#9898ff !important}}
`);

/** Both parts of a letter. */
export function renderLetter(letter: Letter): Rendered {
  return { subject: letter.subject, html: renderHtml(letter), text: renderText(letter) };
}

function renderHtml(letter: Letter): string {
  const banner = letter.exercise
    ? html`<div style="background:#b34000;color:#ffffff;font-weight:bold;text-align:center;padding:12px">
        ${EXERCISE_BANNER}
      </div>`
    : '';
  return html`<!doctype html>
    <html lang="fr">
      ${head(letter)}
      <body style="margin:0;padding:0;background:#f6f6f6">
        <div style="display:none;max-height:0;overflow:hidden">${letter.preheader}</div>
        <div class="page" style="${PAGE}">
          <div style="max-width:640px;margin:0 auto">
            ${banner}
            <div style="background:#000091;color:#ffffff;padding:12px 24px">
              <strong>${letter.reference}</strong><br />${letter.nature}
            </div>
            ${sheet(letter)} ${banner}
          </div>
        </div>
      </body>
    </html> `.text;
}

const PAGE =
  'background:#f6f6f6;padding:16px;font-family:Marianne,Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5';

const head = (letter: Letter): Html =>
  html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="supported-color-schemes" content="light dark" />
    <title>${letter.subject}</title>
    <style>
      ${SHEET}
    </style>
  </head>`;

const sheet = (letter: Letter): Html =>
  html`<main
    class="sheet ink"
    style="background:#ffffff;color:#161616;border:1px solid #dddddd;border-top:0;padding:24px"
  >
    <h1 class="ink" style="font-size:22px;line-height:1.3;margin:0 0 16px;color:#161616">${letter.heading}</h1>
    ${letter.blocks.map(renderBlock)}
    <div
      class="soft"
      style="border-top:1px solid #dddddd;margin-top:24px;padding-top:12px;font-size:14px;color:#3a3a3a"
    >
      ${letter.footer.map((line) => html`<p style="margin:0 0 8px">${line}</p>`)}
    </div>
  </main>`;

function renderText(letter: Letter): string {
  const banner = letter.exercise ? [`*** ${EXERCISE_BANNER} ***`] : [];
  const head = [
    `${letter.reference} – ${letter.nature}`,
    letter.heading,
    '='.repeat(Math.min(letter.heading.length, 72)),
  ];
  const parts = [
    ...banner,
    head.join('\n'),
    ...letter.blocks.map(blockText),
    `-- \n${letter.footer.join('\n')}`,
    ...banner,
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('\n\n')
    .replaceAll(NBSP, ' ')}\n`;
}
