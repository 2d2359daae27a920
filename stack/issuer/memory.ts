import { type Adapter, type AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** What the issuer remembers between two requests of one login. Access tokens carry themselves, so a restart loses logins only. */
export function memoryAdapters(clientOf: (id: string) => AdapterPayload | undefined): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  setInterval(() => {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= Date.now()) entries.delete(key);
  }, 60_000).unref();

  return (model) => {
    const get = (id: string): AdapterPayload | undefined => {
      if (model === 'Client') return clientOf(id);
      const entry = entries.get(`${model}:${id}`);
      return entry !== undefined && entry.expiresAt > Date.now() ? entry.payload : undefined;
    };
    const findWhere = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
      for (const [key, { payload, expiresAt }] of entries) {
        if (key.startsWith(`${model}:`) && expiresAt > Date.now() && matches(payload)) return payload;
      }
      return undefined;
    };
    return {
      upsert: (id, payload, expiresIn) => {
        const seconds = expiresIn ?? 0; // none: kept
        const expiresAt = seconds > 0 ? Date.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
        entries.set(`${model}:${id}`, { payload, expiresAt });
        return Promise.resolve();
      },
      find: (id) => Promise.resolve(get(id)),
      findByUid: (uid) => Promise.resolve(findWhere((payload) => payload.uid === uid)),
      findByUserCode: (code) => Promise.resolve(findWhere((payload) => payload.userCode === code)),
      consume: (id) => {
        const payload = get(id);
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
        return Promise.resolve();
      },
      destroy: (id) => {
        entries.delete(`${model}:${id}`);
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
        return Promise.resolve();
      },
    };
  };
}
