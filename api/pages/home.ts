import type { Account } from '../access/account.ts';
import type { ApiSettings } from '../deps.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';

/** The index until there is a console: where everything is. */
export function homePage(settings: ApiSettings, account: Account | null): Page {
  const links: readonly (readonly [string | null, string, string])[] = [
    ['/docs', 'Documentation de l’API', 'Lire et essayer chaque route, avec un compte de démonstration.'],
    [settings.mailboxUrl, 'Boîte aux lettres', 'Les messages envoyés par Vigie sur ce poste.'],
    [settings.temporalUiUrl, 'Temporal', 'Les processus en cours et leur historique.'],
    ['/readyz', 'État du service', 'Base de données, moteur et exécutants.'],
  ];
  return {
    title: 'Accueil',
    account,
    body: html`<h1>Vigie, le suivi des instructions du CORRUSS</h1>
      <p>Rédiger, diffuser et suivre jusqu’à leur clôture les messages MINSANTE/CORRUSS adressés aux ARS.</p>
      <div class="card">
        <ul class="links">
          ${links.map(([href, name, what]) => href !== null && html`<li><a href="${href}">${name}</a><span>${what}</span></li>`)}
        </ul>
      </div>
      ${account === null && html`<p><a href="/login">Se connecter</a></p>`}`,
  };
}
