import { ACCOUNTS } from './accounts.ts';

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – Vigie</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem; color: #161616; background: #fff }
label { display: block; margin-top: 1rem; font-weight: 600 }
input, button { font: inherit; padding: .5rem .75rem; width: 100%; box-sizing: border-box; border: 1px solid #3a3a3a }
button { margin-top: 1.5rem; background: #000091; color: #fff; border-color: #000091; cursor: pointer }
button:focus-visible, input:focus-visible { outline: 3px solid #0a76f6; outline-offset: 2px }
[role=alert] { border-left: 4px solid #ce0500; padding: .5rem .75rem; color: #8d0400; background: #fff4f3 }
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>`;

/** The login form of the demo accounts. */
export function loginPage(action: string, fault: string | null, account: string): string {
  const options = ACCOUNTS.map(({ sub, name }) => `<option value="${escape(sub)}">${escape(name)}</option>`).join('');
  return page(
    'Connexion',
    `<h1>Connexion</h1>
${fault === null ? '' : `<p role="alert">${escape(fault)}</p>`}
<p>Comptes de démonstration. Un établissement se connecte avec <code>site-</code> suivi de son numéro FINESS.</p>
<form method="post" action="${escape(action)}">
<label for="account">Compte</label>
<input id="account" name="account" list="accounts" autocomplete="username" required autofocus value="${escape(account)}">
<datalist id="accounts">${options}</datalist>
<label for="password">Mot de passe</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Se connecter</button>
</form>`,
  );
}

/** @param form the issuer's own hidden form, already HTML */
export const logoutPage = (form: string): string =>
  page(
    'Déconnexion',
    `<h1>Se déconnecter ?</h1>
${form}
<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Oui, me déconnecter</button>
<button type="submit" form="op.logoutForm">Non, rester connecté</button>`,
  );

export const messagePage = (title: string, text: string): string =>
  page(title, `<h1>${escape(title)}</h1>\n<p>${escape(text)}</p>`);
