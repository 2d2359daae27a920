import { isIP } from 'node:net';

/** Addresses and networks of the proxies whose `X-Forwarded-For` is believed. */
export type TrustedProxies = readonly string[];

const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];
const ADDRESS = /^[^@\s,;:<>"()]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/** Reads variables one by one and remembers everything that is wrong, so that one start names every fault. */
export class Variables {
  private readonly faults: string[] = [];
  private readonly values: Readonly<Record<string, string | undefined>>;

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.values = values;
  }

  /** The trimmed value; a variable that is set to nothing counts as absent. */
  optional(name: string): string | null {
    const value = this.values[name]?.trim() ?? '';
    return value === '' ? null : value;
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  required(name: string, why: string): string {
    const value = this.optional(name);
    if (value === null) this.fault(name, `missing: ${why}`);
    return value ?? '';
  }

  oneOf<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.text(name, fallback);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.fault(name, `«${value}» is none of ${choices.join(', ')}`);
    return found ?? fallback;
  }

  /** A TCP port; 0 means any free one. */
  port(name: string, fallback: number): number {
    const value = this.text(name, String(fallback));
    const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(port <= 65_535)) this.fault(name, `«${value}» is no port (0 to 65535)`);
    return port;
  }

  /** A URL of one of the schemes, without the slash at its end. The value never shows in a fault: it may hold a password. */
  url(name: string, schemes: readonly string[], fallback: string | null): string | null {
    const value = this.optional(name) ?? fallback;
    if (value === null) return null;
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';
    if (!schemes.includes(scheme)) this.fault(name, `is no URL that starts with ${schemes.join(': or ')}:`);
    return value.replace(/\/+$/, '');
  }

  /** One bare mail address, or none. */
  address(name: string): string | null {
    const value = this.optional(name);
    if (value !== null && !ADDRESS.test(value)) this.fault(name, 'is no bare mail address');
    return value;
  }

  /**
   * Addresses and networks (CIDR) with commas between. Neither everybody nor a number of hops: both would believe a client
   * that comes past the proxy (Fastify takes no hops for that reason).
   */
  trustedProxies(name: string): TrustedProxies {
    const value = this.optional(name);
    if (value === null) return [];
    const proxies = value.split(',').map((one) => one.trim());
    const wrong = proxies.filter((one) => !NETWORKS.includes(one) && !isNetwork(one));
    if (wrong.length > 0) this.fault(name, `«${wrong.join(', ')}» is no address and no network (CIDR)`);
    return proxies;
  }

  /** One mail address, bare or after a display name (`CORRUSS <corruss@…>`): the bare one, for nothing else is an envelope sender. */
  mailbox(name: string, fallback: string): string {
    const value = this.text(name, fallback);
    const bare = (/^[^<>\r\n]{0,200}<([^<>]{1,254})>$/.exec(value)?.[1] ?? value).trim();
    if (!ADDRESS.test(bare)) this.fault(name, 'is no mail address, bare or after a display name');
    return bare;
  }

  /** Runs a reader that throws, and notes what it says under the variable's name. */
  reading<T>(name: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.fault(name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  fault(name: string, what: string): void {
    this.faults.push(what.startsWith(name) ? what : `${name} ${what}`);
  }

  /** @throws Error one line a fault, when there is any */
  check(): void {
    if (this.faults.length === 0) return;
    throw new Error(['The environment is not right:', ...this.faults.map((fault) => `  ${fault}`)].join('\n'));
  }
}

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`; not `/0`, which is everybody. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  const bits = prefix === undefined ? 1 : /^\d{1,3}$/.test(prefix) ? Number(prefix) : 0;
  return bits >= 1 && bits <= (version === 4 ? 32 : 128);
}
