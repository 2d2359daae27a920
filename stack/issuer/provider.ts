import { randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration, type JWKS, type KoaContextWithOIDC } from 'oidc-provider';
import { accountOf, DEMO_PASSWORD } from './accounts.ts';
import { memoryAdapters } from './memory.ts';
import { logoutPage, messagePage } from './pages.ts';

export interface IssuerOptions {
  /** `iss` of every token; the issuer is reached there. */
  readonly url: string;
  readonly audience: string;
  /** The desk's console and API; logins return to any page below it. */
  readonly publicUrl: string;
  readonly consoleClient: { readonly id: string; readonly secret: string };
  readonly keys: IssuerKeys;
}

/** Kept, so that tokens stay valid across a restart. */
export interface IssuerKeys {
  readonly jwks: JWKS;
  readonly cookieKeys: readonly string[];
}

/** The OpenAPI page's own client: public, so PKCE alone protects it. */
export const DOCS_CLIENT = 'vigie-docs';

const EIGHT_HOURS = 8 * 3600;
const CLAIMS = ['name', 'org', 'roles'];

export async function makeIssuerKeys(): Promise<IssuerKeys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key: JWK = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomUUID() };
  return { jwks: { keys: [key] }, cookieKeys: [randomBytes(24).toString('base64url')] };
}

/**
 * A real OpenID provider with the demo accounts: client credentials with one client an account, and the authorization
 * code with PKCE for the console and the OpenAPI page.
 */
export function createProvider(options: IssuerOptions): Provider {
  const provider = new Provider(options.url, configuration(options));
  const origin = new URL(options.publicUrl).origin;
  const below = (uri: string): boolean => URL.canParse(uri) && new URL(uri).origin === origin;
  Object.assign(provider.Client.prototype, { redirectUriAllowed: below, postLogoutRedirectUriAllowed: below });
  return provider;
}

function configuration(options: IssuerOptions): Configuration {
  return {
    adapter: memoryAdapters(clientsOf(options)),
    jwks: options.keys.jwks,
    cookies: { keys: [...options.keys.cookieKeys] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: CLAIMS },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    responseTypes: ['code'],
    ttl: {
      AccessToken: EIGHT_HOURS,
      ClientCredentials: EIGHT_HOURS,
      Session: EIGHT_HOURS,
      Grant: EIGHT_HOURS,
      IdToken: EIGHT_HOURS,
      Interaction: 3600,
      AuthorizationCode: 60,
    },
    features: features(options.audience),
    clientBasedCORS: (_ctx, origin) => origin === new URL(options.publicUrl).origin,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    extraTokenClaims: (_ctx, token) => claimsOf('accountId' in token ? token.accountId : token.clientId),
    findAccount: (_ctx, sub) => {
      const found = accountOf(sub);
      return found && { accountId: sub, claims: () => ({ sub, ...claimsOf(sub) }) };
    },
    loadExistingGrant,
    renderError: (ctx, out) => answer(ctx, messagePage('Connexion impossible', out.error_description ?? out.error)),
  };
}

/** Every access token is a JWT (RFC 9068) for the one API. */
function features(audience: string): NonNullable<Configuration['features']> {
  const server = {
    scope: 'openid profile',
    audience,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: EIGHT_HOURS,
    jwt: { sign: { alg: 'ES256' as const } },
  };
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => answer(ctx, logoutPage(form)) },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => server,
    },
  };
}

/** The clients are the desk's own: nobody is asked to consent. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found !== undefined) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  for (const resource of Object.keys(ctx.oidc.resourceServers ?? {}))
    grant.addResourceScope(resource, 'openid profile');
  await grant.save();
  return grant;
}

function clientsOf({ publicUrl, consoleClient }: IssuerOptions) {
  const login = {
    redirect_uris: [`${publicUrl}/login/callback`],
    post_logout_redirect_uris: [`${publicUrl}/`],
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    scope: 'openid profile',
  };
  return (id: string) => {
    if (id === consoleClient.id) return { client_id: id, client_secret: consoleClient.secret, ...login };
    if (id === DOCS_CLIENT) return { client_id: id, token_endpoint_auth_method: 'none' as const, ...login };
    if (accountOf(id) === undefined) return undefined;
    return {
      client_id: id,
      client_secret: DEMO_PASSWORD,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    };
  };
}

function claimsOf(sub: string | undefined): { name: string; org: string; roles: string[] } | undefined {
  const account = sub === undefined ? undefined : accountOf(sub);
  return account && { name: account.name, org: account.org, roles: [...account.roles] };
}

function answer(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = 'html';
  ctx.body = html;
}
