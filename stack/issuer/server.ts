import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errors, type default as Provider } from 'oidc-provider';
import { accountOf, DEMO_PASSWORD } from './accounts.ts';
import { loginPage, messagePage } from './pages.ts';

const FORM_LIMIT = 8_192;

/** The provider's own routes, and `/interaction/<uid>`: its login page. */
export function createIssuerServer(provider: Provider): Server {
  const callback = provider.callback();
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://issuer').pathname;
    if (!path.startsWith('/interaction/')) return void callback(request, response);
    login(provider, path, request, response).catch((error: unknown) => {
      const known = error instanceof errors.OIDCProviderError;
      if (!known) process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      const text = known ? 'Cette page de connexion a expiré : revenez au bureau et recommencez.' : 'Erreur interne.';
      if (!response.headersSent) html(response, known ? 400 : 500, messagePage('Connexion impossible', text));
    });
  });
}

async function login(
  provider: Provider,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await provider.interactionDetails(request, response); // throws when the uid is unknown or of another browser
  if (request.method !== 'POST') {
    html(response, 200, loginPage(path, null, ''));
    return;
  }
  const form = new URLSearchParams(await bodyOf(request));
  const name = form.get('account')?.trim() ?? '';
  const account = accountOf(name);
  if (account === undefined || form.get('password') !== DEMO_PASSWORD) {
    html(response, 401, loginPage(path, 'Compte ou mot de passe inconnu.', name));
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: account.sub } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FORM_LIMIT) throw new errors.InvalidRequest('the form is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function html(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    .end(body);
}
