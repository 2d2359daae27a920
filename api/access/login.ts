import * as client from 'openid-client';
import type { ApiSettings } from '../deps.ts';
import { unavailable } from '../problem.ts';

/** What must come back unchanged from the issuer; kept in a signed cookie of ten minutes. */
export interface LoginAttempt {
  readonly verifier: string;
  readonly state: string;
  readonly next: string;
}

export interface Login {
  /** Where to send the browser, and what to remember until it is back. */
  begin(next: string): Promise<{ readonly url: string; readonly attempt: LoginAttempt }>;
  /** The access token that the code stands for. @throws when the answer does not fit the attempt */
  finish(query: string, attempt: LoginAttempt): Promise<string>;
}

/** Authorization code with PKCE (RFC 7636, RFC 9700) against the issuer of the settings. */
export function createLogin({ oidc, publicUrl }: ApiSettings): Login {
  const redirectUri = `${publicUrl}/callback`;
  let found: Promise<client.Configuration> | null = null;
  const configuration = (): Promise<client.Configuration> => {
    found ??= discover(oidc).catch((error: unknown) => {
      found = null;
      throw awayOf(error);
    });
    return found;
  };
  return {
    begin: async (next) => {
      const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        resource: oidc.audience,
        state,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // A duty desk is shared: whoever logs in says who he is, whatever the issuer remembers.
        prompt: 'login',
      });
      return { url: url.href, attempt: { verifier, state, next } };
    },
    finish: async (query, attempt) => {
      const checks = { pkceCodeVerifier: attempt.verifier, expectedState: attempt.state, idTokenExpected: true };
      const url = new URL(`${redirectUri}?${query}`);
      const tokens = await client.authorizationCodeGrant(await configuration(), url, checks, {
        resource: oidc.audience,
      });
      return tokens.access_token;
    },
  };
}

function discover(oidc: ApiSettings['oidc']): Promise<client.Configuration> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out: the embedded issuer has no TLS
  const insecure = oidc.issuer.startsWith('http://') ? [client.allowInsecureRequests] : [];
  const secret = oidc.clientSecret === '' ? client.None() : undefined;
  return client.discovery(
    new URL(oidc.issuer),
    oidc.clientId,
    oidc.clientSecret === '' ? {} : { client_secret: oidc.clientSecret },
    secret,
    { execute: insecure, timeout: 5 },
  );
}

function awayOf(cause: unknown): Error {
  const problem = unavailable('Le service d’identité ne répond pas : recommencez dans un instant.');
  problem.cause = cause;
  return problem;
}
