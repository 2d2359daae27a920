import type { Block, Button } from './blocks.ts';
import { Html, html } from './html.ts';

const BUTTON =
  'display:inline-block;padding:12px 20px;margin:0 8px 8px 0;border:2px solid #000091;font-weight:bold;text-decoration:none';
const FIRST = `${BUTTON};background:#000091;color:#ffffff`;
const OTHER = `${BUTTON};background:#ffffff;color:#000091`;
const LABEL = 'padding:4px 0;vertical-align:top;width:35%;color:#3a3a3a';
const VALUE = 'padding:4px 0 4px 12px;vertical-align:top;font-weight:bold';

/** One block as HTML. */
export function renderBlock(block: Block): Html {
  switch (block.kind) {
    case 'paragraph':
      return html`<p style="margin:0 0 16px">${block.text}</p> `;
    case 'callout':
      return callout(block.tone, block.text);
    case 'facts':
      return facts(block.rows);
    case 'buttons':
      return html`<p style="margin:16px 0 8px">${block.intro}</p>
        <div style="margin:0 0 16px">${block.buttons.map(button)}</div> `;
    case 'link':
      return html`<p style="margin:0 0 16px">${anchor(block)}</p> `;
    case 'quote':
      return html`<p style="margin:0 0 4px"><strong>${block.title}</strong></p>
        <blockquote style="margin:0 0 16px;padding:4px 0 4px 12px;border-left:4px solid #000091">
          ${lines(block.text)}
        </blockquote> `;
    case 'list':
      return html`<p style="margin:0 0 4px"><strong>${block.title}</strong></p>
        <ul style="margin:0 0 16px;padding-left:24px">
          ${block.items.map((item) => html`<li>${item}</li>`)}
        </ul> `;
    case 'files':
      return files(block.inline, block.links);
    case 'body':
      return html`<h2 class="ink" style="font-size:18px;line-height:1.3;margin:24px 0 8px;color:#161616">
          ${block.title}
        </h2>
        <div class="body ink" style="margin:0 0 16px;color:#161616">${new Html(block.body.html)}</div> `;
  }
}

const anchor = ({ label, url }: Button): Html =>
  html`<a class="link" href="${url}" style="color:#000091;text-decoration:underline">${label}</a>`;

const button = ({ label, url }: Button, index: number): Html =>
  html`<a class="${index === 0 ? 'button' : 'button plain'}" href="${url}" style="${index === 0 ? FIRST : OTHER}"
    >${label}</a
  > `;

function callout(tone: 'info' | 'alert', text: string): Html {
  const style =
    tone === 'alert'
      ? 'background:#ffe9e9;border-left:6px solid #ce0500'
      : 'background:#e8edff;border-left:6px solid #0063cb';
  return html`<p
    class="${tone === 'alert' ? 'box alert' : 'box'}"
    style="margin:0 0 16px;padding:12px 16px;color:#161616;${style}"
  >
    ${text}
  </p> `;
}

function facts(rows: readonly (readonly [string, string])[]): Html {
  return html`<table
    role="presentation"
    cellpadding="0"
    cellspacing="0"
    class="fact"
    style="width:100%;margin:0 0 16px;border-collapse:collapse"
  >
    ${rows.map(
      ([label, value]) =>
        html`<tr>
          <td class="label soft" style="${LABEL}">${label}</td>
          <td class="value ink" style="${VALUE}">${value}</td>
        </tr> `,
    )}
  </table> `;
}

function files(inline: readonly string[], links: readonly Button[]): Html {
  const items = [
    ...inline.map((name) => html`<li>${name}</li>`),
    ...links.map((link) => html`<li>${anchor(link)}</li>`),
  ];
  return html`<p style="margin:0 0 4px"><strong>Pièces jointes</strong></p>
    <ul style="margin:0 0 16px;padding-left:24px">
      ${items}
    </ul> `;
}

const lines = (text: string): Html[] =>
  text.split('\n').map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`));
