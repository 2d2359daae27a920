import { dueOf, type SurveyLink } from '../../db/read-models/survey-respondents.ts';
import { html, type Html } from './html.ts';
import { moment } from './words.ts';

/**
 * Passing the page on to a colleague: by one's own mail. Vigie writes to nobody at the word of whoever holds a link, else a link
 * that leaked would send mails of the State to any address.
 */
export function passingPart(link: SurveyLink, { address }: { readonly address: string }): Html {
  const { title, answer, authorName, timeZone } = link;
  const body = [
    'Bonjour,',
    `Pourriez-vous répondre à l’enquête « ${title} » (${authorName}) pour ${answer.name}, avant ${moment(dueOf(link), timeZone)} ?`,
    `Le formulaire : ${address}`,
    'Ce lien vaut pour notre seule réponse : merci de ne pas le diffuser.',
  ].join('\r\n\r\n');
  const mail = `mailto:?subject=${encodeURIComponent(`Enquête : ${title}`)}&body=${encodeURIComponent(body)}`;
  return html`<details>
    <summary>Transmettre à un collègue</summary>
    <p>
      Ce lien est celui de ${answer.name} : qui l’a peut lire cette réponse et la corriger tant qu’elle est prise. Ne le
      donnez qu’à qui doit répondre. Vous écrirez alors la même réponse, et aucun n’effacera celle de l’autre sans le
      voir.
    </p>
    <ul class="links">
      <li><a href="${mail}">Préparer un courriel avec le lien</a></li>
    </ul>
    <div class="field">
      <label for="f-link">Lien à copier</label>
      <input type="text" id="f-link" value="${address}" readonly />
    </div>
  </details>`;
}
