import type { FieldError } from '../../domain/field-error.ts';
import { mayPrefill } from '../../domain/survey/check-answer.ts';
import type { Form } from '../../domain/survey/form.ts';
import { html, type Html } from './html.ts';

/** Answering by a file instead of the page: a sheet to download, and where to send it back. */
export function filePart(form: Form, { url, version }: { readonly url: string; readonly version: number }): Html {
  return html`<details>
    <summary>Répondre par un fichier (tableur)</summary>
    <p>
      Téléchargez le modèle, remplissez-le, puis envoyez-le ici : s’il reste des erreurs, elles vous sont dites ligne
      par ligne, et rien n’est envoyé. Vous pouvez aussi répondre au courriel reçu en y joignant le fichier.
    </p>
    <ul class="links">
      <li><a href="${url}/modele.xlsx">Modèle à remplir (.xlsx)</a></li>
      <li><a href="${url}/modele.csv">Modèle à remplir (.csv)</a></li>
      ${
        mayPrefill(form) &&
        html`<li>
          <a href="${url}/modele.xlsx?prefill=true">Modèle prérempli par votre réponse précédente (.xlsx)</a>
        </li>`
      }
    </ul>
    <form method="post" enctype="multipart/form-data" action="${url}/fichier?version=${version}">
      <div class="field">
        <label for="f-file">Fichier rempli</label>
        <p class="hint" id="f-file-hint">.xlsx ou .csv, 2 Mo au plus, sans macro ni mot de passe.</p>
        <input type="file" id="f-file" name="file" accept=".xlsx,.csv" required aria-describedby="f-file-hint" />
      </div>
      <button>Envoyer ce fichier comme réponse</button>
      <button class="light" formaction="${url}/fichier?version=${version}&draft=true">Le lire comme brouillon</button>
    </form>
  </details>`;
}

/** The file could not be read at all: what is stored of the answer stands as it was. */
export const fileRefused = ({ message }: FieldError): Html =>
  html`<div class="notice error" role="alert">
    <p><strong>Votre fichier n’est pas pris : rien n’est enregistré.</strong></p>
    <p>${message}</p>
  </div>`;
