import type { RelayLink } from '../../db/read-models/relay-links.ts';
import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';
import { momentThere } from './words.ts';

/** The page of one partner: what it got, from whom, and one button. Opening it changes nothing. */
export function partnerPage(link: RelayLink, form: { readonly nonce: string }): Page {
  return {
    title: 'Accuser réception',
    brand: link.organisationName,
    exercise: link.exercise,
    body: html`<p class="number">${link.organisationName} – réf. ${link.number}</p>
      <h1>${link.subject}</h1>
      ${facts(link)} ${link.acknowledgedAt === null ? question(form.nonce) : thanks(link, link.acknowledgedAt)}`,
  };
}

/** No word about what the link may once have been. */
export const unknownPartnerLink = (): Page => ({
  title: 'Lien non valable',
  brand: 'Accusé de réception',
  body: html`<h1>Ce lien n’est pas (ou plus) valable</h1>
    <p>Utilisez celui du dernier message reçu, ou répondez à ce message : son expéditeur vous lira.</p>`,
});

const facts = (link: RelayLink): Html =>
  html`<div class="card">
    <dl class="facts">
      <dt>Destinataire</dt>
      <dd>${link.partner}</dd>
      <dt>Votre contact</dt>
      <dd>
        ${link.organisationName}, <a href="mailto:${link.contactAddress}">${link.contactAddress}</a>${
          link.contactPhone !== null && html`, <a href="tel:${link.contactPhone}">${link.contactPhone}</a>`
        }
      </dd>
    </dl>
  </div>`;

const question = (nonce: string): Html =>
  html`<form method="post">
    <input type="hidden" name="nonce" value="${nonce}" />
    <p>Vous avez bien reçu ce message ?</p>
    <button>Accuser réception</button>
  </form>`;

const thanks = (link: RelayLink, at: number): Html =>
  html`<div class="notice ok" role="status">
    <p><strong>Merci, votre accusé de réception est enregistré.</strong></p>
    <p>${momentThere(at, link.timeZone)}. Pour toute question, écrivez à votre contact.</p>
  </div>`;
