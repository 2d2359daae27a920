import { randomUUID } from 'node:crypto';
import { type Answer, awaited, type Caller, type DeskClient, type Mail } from './desk-client.ts';

/** The 18 ARS. */
export const ALL_ARS = '01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94'.split(' ').map((code) => `ARS-${code}`);

export const alertBox = (ars: string): string => boxOf(ars, 'alerte');
export const boxOf = (ars: string, box: string): string => {
  const code = ars.slice('ARS-'.length);
  return `ars${code}-${box}@ars-${code}.example`;
};
export const DESK_BOX = 'permanence@corruss.example';
export const HEAD_BOX = 'chef@corruss.example';

export interface Recipient {
  readonly organisation: string;
  readonly state: string;
  readonly closed: boolean;
  readonly percent: number | null;
  readonly late: boolean;
  readonly deadline: string | null;
  readonly returns: number;
  readonly ladderStep: number;
  readonly nextStep: { readonly target: string; readonly channel: string; readonly at: string } | null;
  readonly lastReply: { readonly kind: string; readonly channel: string; readonly comment: string | null } | null;
}

export interface Instruction {
  readonly id: string;
  readonly status: string;
  readonly number: string;
  readonly recipients: number;
  readonly open: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly late: readonly { readonly organisation: string }[];
  readonly deliveries: Readonly<Record<string, number>>;
}

export interface TimelineEntry {
  readonly at: string;
  readonly kind: string;
  readonly organisation: string | null;
  readonly text: string;
}

/** One released instruction and what a test asks of it. */
export interface Order {
  readonly id: string;
  readonly number: string;
  get(): Promise<Instruction>;
  recipient(ars: string): Promise<Recipient>;
  recipients(): Promise<Recipient[]>;
  timeline(): Promise<TimelineEntry[]>;
  /** Mails about this instruction to one address. */
  mailsTo(address: string): Promise<Mail[]>;
  /** Has the ARS itself answer by the API; the recipient's new state. */
  reply(ars: string, body: object): Promise<Recipient>;
  /** What the desk does to a recipient or to the whole. */
  act(path: string, body?: object, account?: string): Promise<Answer>;
}

export const accountOf = (ars: string): string => ars.toLowerCase();

/** Draft by one officer, release by another; both tried again while the desk says 503. */
export async function order(desk: DeskClient, draft: Readonly<Record<string, unknown>>): Promise<Order> {
  const id = await writeDraft(desk, draft);
  const { number } = await release(desk, id);
  return orderOf(desk, id, number);
}

export async function writeDraft(desk: DeskClient, draft: Readonly<Record<string, unknown>>): Promise<string> {
  const key = randomUUID();
  const created = await persist('the draft is written', 201, () =>
    desk
      .api('corruss-redacteur')
      .post<{ id: string; status: string }>(
        '/v1/instructions',
        { nature: 'action', body: 'Ouvrir la cellule de crise et **rendre compte**.', ...draft },
        { 'idempotency-key': key },
      ),
  );
  return created.id;
}

/** Asked again with the same key until it is known to be released, as the contract tells callers to do. */
export function release(desk: DeskClient, id: string): Promise<{ number: string; workflowId: string }> {
  const key = randomUUID();
  return persist('it is released', 202, () =>
    desk
      .api('corruss-valideur')
      .post<{ number: string; workflowId: string }>(`/v1/instructions/${id}/release`, {}, { 'idempotency-key': key }),
  );
}

export function orderOf(desk: DeskClient, id: string, number: string): Order {
  const base = `/v1/instructions/${id}`;
  const reader = desk.api('corruss-chef');
  return {
    id,
    number,
    get: () => persist('the instruction is read', 200, () => reader.get<Instruction>(base)),
    recipient: (ars) => persist(`${ars} is read`, 200, () => reader.get<Recipient>(`${base}/recipients/${ars}`)),
    recipients: () => everyItem<Recipient>(reader, `${base}/recipients`),
    timeline: () => everyItem<TimelineEntry>(reader, `${base}/timeline`),
    mailsTo: async (address) => (await desk.mails({ to: address })).filter((mail) => mail.subject.includes(number)),
    reply: (ars, body) => {
      const key = randomUUID();
      return persist(`${ars} answers`, 200, () =>
        desk.api(accountOf(ars)).post<Recipient>(`${base}/recipients/${ars}/replies`, body, { 'idempotency-key': key }),
      );
    },
    act: (path, body, account = 'corruss-chef') => desk.api(account).post(`${base}/${path}`, body ?? {}),
  };
}

/** All pages of a list. */
async function everyItem<T>(reader: Caller, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: T[]; nextCursor: string | null } = await persist(`${path} is read`, 200, () =>
      reader.get<{ items: T[]; nextCursor: string | null }>(`${path}?limit=500${at}`),
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Asks again while the desk is away or says 503; any other status than the one wanted is a failure at once. */
async function persist<T>(what: string, wanted: number, ask: () => Promise<Answer<T>>): Promise<T> {
  const answer = await awaited(what, async () => {
    const given = await ask();
    return given.status === 503 ? null : given;
  });
  if (answer.status !== wanted) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The reply link of a mail. */
export function linkOf(mail: Mail): string {
  const link = /https?:\/\/\S+\/r\/[\w.~-]+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no reply link in «${mail.subject}»:\n${mail.text}`);
  return link;
}

/** Fills the page of a link as a browser without JavaScript does: its hidden fields go back with what was chosen. */
export async function answerByLink(link: string, fields: Readonly<Record<string, string>>): Promise<Answer<string>> {
  const page = await (await fetch(link)).text();
  const form = page.split('</form>').find((part) => /name="(kind|action)"/.test(part)) ?? '';
  const hidden = [...form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => {
    const value = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
    return [value('name'), value('value')] as const;
  });
  const response = await fetch(link.replace(/\?.*$/, ''), {
    method: 'POST',
    body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}
