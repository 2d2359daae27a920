import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTemporalCli } from '../temporal-cli.ts';
import { until } from '../ports.ts';
import { type DeskAddresses } from '../addresses.ts';
import { accessToken } from '../token.ts';

const run = promisify(execFile);

/** What came back of one request, whatever its status. `body` is parsed JSON, or the text of anything else. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

type RequestHeaders = Readonly<Record<string, string>>;

/** The API as one account sees it. */
export interface Caller {
  get<T = unknown>(path: string, headers?: RequestHeaders): Promise<Answer<T>>;
  post<T = unknown>(path: string, body?: unknown, headers?: RequestHeaders): Promise<Answer<T>>;
  patch<T = unknown>(path: string, body: unknown, headers?: RequestHeaders): Promise<Answer<T>>;
  put<T = unknown>(path: string, body: unknown, headers?: RequestHeaders): Promise<Answer<T>>;
}

/** A mail as the mailbox shows it. */
export interface Mail {
  readonly id: string;
  readonly subject: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly messageId: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface MailFilter {
  /** Address of a recipient. */
  readonly to?: string;
  /** Part of the subject. */
  readonly subject?: string;
  /** Part of the text. */
  readonly text?: string;
}

/** A desk that runs: its API, its mailbox, its Temporal server. */
export interface DeskClient {
  readonly addresses: DeskAddresses;
  token(account: string): Promise<string>;
  api(account: string): Caller;
  /** Mails that satisfy the filter, oldest first. */
  mails(filter?: MailFilter): Promise<Mail[]>;
  /** Signal `reply` by the Temporal CLI, as any system could send it. */
  signalReply(instruction: string, reply: unknown): Promise<void>;
  /** The page of a mail in the mailbox. */
  mailLink(mail: Mail): string;
  /** A workflow in the Temporal UI. */
  workflowLink(workflowId: string): string;
}

/** @param addresses of a desk whose issuer is the embedded one */
export function deskClient(addresses: DeskAddresses): DeskClient {
  const tokens = new Map<string, Promise<string>>();
  const token = (account: string): Promise<string> => {
    const known = tokens.get(account);
    if (known !== undefined) return known;
    const asked = accessToken(account, addresses.issuer);
    tokens.set(account, asked);
    // A refusal must not be remembered: the issuer may have been away.
    asked.catch(() => tokens.delete(account));
    return asked;
  };
  return {
    addresses,
    token,
    api: (account) => caller(addresses.api, () => token(account)),
    mails: (filter = {}) => readMails(addresses.mailbox, filter),
    signalReply: (instruction, reply) => signal(addresses.temporal, instruction, reply),
    mailLink: (mail) => `${addresses.mailbox}/#/email/${mail.id}`,
    workflowLink: (workflowId) =>
      `${addresses.temporalUi}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`,
  };
}

function caller(base: string, token: () => Promise<string>): Caller {
  const ask = async <T>(method: string, path: string, body: unknown, headers: RequestHeaders): Promise<Answer<T>> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, headers: response.headers, body: (await readBody(response)) as T };
  };
  return {
    get: (path, headers = {}) => ask('GET', path, undefined, headers),
    post: (path, body, headers = {}) => ask('POST', path, body, headers),
    patch: (path, body, headers = {}) => ask('PATCH', path, body, headers),
    put: (path, body, headers = {}) => ask('PUT', path, body, headers),
  };
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  const json = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return json && text !== '' ? JSON.parse(text) : text;
}

interface MailboxEntry {
  readonly id: string;
  readonly time: string;
  readonly subject?: string;
  readonly to?: readonly { readonly address: string }[];
  readonly from?: readonly { readonly address: string }[];
  readonly text?: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

async function readMails(mailbox: string, { to, subject, text }: MailFilter): Promise<Mail[]> {
  const response = await fetch(`${mailbox}/api/email?sort=asc`, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the mailbox answers ${response.status}`);
  const mails = ((await response.json()) as MailboxEntry[]).map(toMail);
  return mails.filter(
    (mail) =>
      (to === undefined || mail.to.includes(to)) &&
      (subject === undefined || mail.subject.includes(subject)) &&
      (text === undefined || mail.text.includes(text)),
  );
}

function toMail(entry: MailboxEntry): Mail {
  const headers = entry.headers ?? {};
  const messageId = headers['message-id'];
  return {
    id: entry.id,
    subject: entry.subject ?? '',
    to: (entry.to ?? []).map(({ address }) => address),
    from: entry.from?.[0]?.address ?? '',
    messageId: typeof messageId === 'string' ? messageId : '',
    text: entry.text ?? '',
    html: entry.html ?? '',
    headers,
  };
}

async function signal(address: string, instruction: string, reply: unknown): Promise<void> {
  const { path } = await findTemporalCli();
  const workflow = ['--workflow-id', `instruction/${instruction}`, '--name', 'reply'];
  await run(path, ['workflow', 'signal', ...workflow, '--input', JSON.stringify(reply), '--address', address]);
}

/**
 * Waits for something that happens by itself.
 * @throws Error naming `what` after a minute
 */
export const awaited = <T>(what: string, look: () => Promise<T | undefined | null | false>): Promise<T> =>
  until(what, look, { limitMs: 60_000, everyMs: 150 });
