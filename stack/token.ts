// npm run --silent token -- <account>: an access token of a demo account.
import '../config/node-version.ts';
import { readAddresses } from './addresses.ts';
import { DEMO_PASSWORD } from './issuer/accounts.ts';

/**
 * An access token of a demo account, valid 8 h.
 * @param issuer URL of the embedded issuer
 * @throws Error in French when there is no such account or the issuer does not answer
 */
export async function accessToken(account: string, issuer: string): Promise<string> {
  const response = await ask(account, issuer);
  if (response.status === 400 || response.status === 401) {
    throw new Error(
      `Compte « ${account} » inconnu (comptes de démonstration : corruss-redacteur, ars-84, site-<finess>…).`,
    );
  }
  const { access_token: token } = response.ok ? ((await response.json()) as { access_token?: string }) : {};
  if (token === undefined) throw new Error(`L’émetteur ${issuer} a répondu ${response.status}.`);
  return token;
}

async function ask(account: string, issuer: string): Promise<Response> {
  const credentials = [account, DEMO_PASSWORD].map(encodeURIComponent).join(':');
  try {
    return await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw new Error(`L’émetteur ${issuer} ne répond pas : le bureau tourne-t-il (npm start) ?`, { cause: error });
  }
}

if (import.meta.main) {
  try {
    const account = process.argv[2];
    if (account === undefined) throw new Error('Usage : npm run --silent token -- <compte>');
    process.stdout.write(`${await accessToken(account, (await readAddresses()).issuer)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
