import { Context } from '@temporalio/activity';
import { renderMarkdown } from '../channels/markdown.ts';
import { composeRelay, type RelayMailMatter } from '../channels/relay.ts';
import { INLINE_LIMIT } from '../channels/views.ts';
import { hashToken, relayLinkToken, relayReplyPart, tokenOf } from '../config/tokens.ts';
import { readDispatchMatter } from '../db/stores/process/delivery-matter.ts';
import { beginRelay } from '../db/stores/process/relay.ts';
import {
  claimRelayMails,
  countUnsentRelayMails,
  endRelay,
  finishRelayMails,
  readRelayMatter,
  renewRelayTokens,
  withdrawCancelledMails,
  type ClaimedRelayMail,
  type FinishedRelayMail,
} from '../db/stores/process/relay-mail.ts';
import { resendRelay } from '../db/stores/process/relay-resend.ts';
import type { Instant } from '../domain/instant.ts';
import type { RelayActivities, RelaySending } from './contract.ts';
import { composing, finishSending, type DispatchDeps } from './delivery-sending.ts';
import { CoalescedWriter } from './delivery-writer.ts';

const BATCH = 20;
/** Mails of one slice: then the activity ends, and whoever else has mails gets its turn. */
const SLICE = 400;
/** After so many failures of the relay in a row nothing more is tried. */
const AWAY_AFTER = 3;
const HEARTBEAT_MS = 2_000;
/** Of five lines to the relay, two for a mailing: an instruction never waits behind a thousand partners. */
const LINES = 2;

export function createRelayActivities(deps: DispatchDeps): RelayActivities {
  const store = { sql: deps.database.sql, keys: deps.keys };
  return {
    takeRelay(instruction, organisation, ask, now) {
      if (ask.kind === 'relay') return beginRelay(store, { instruction, organisation, ask, now });
      return resendRelay(store, { instruction, organisation, ask, now });
    },
    async sendRelay(relay, now) {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        return await sendSlice(deps, relay, now);
      } finally {
        clearInterval(beat);
      }
    },
    endRelay: (relay, now) => endRelay(store, relay, now),
  };
}

async function sendSlice(deps: DispatchDeps, relay: string, now: Instant): Promise<RelaySending> {
  const begun = performance.now();
  const clock = (): Instant => now + Math.round(performance.now() - begun);
  const slice = new Slice(deps, await matterOf(deps, relay), clock);
  while (slice.mayGoOn) {
    await withdrawCancelledMails(deps.database.sql, relay);
    const claimed = await claimRelayMails(deps.database.sql, relay, { at: clock(), tried: slice.tried, most: BATCH });
    if (claimed.length === 0) break;
    await slice.send(claimed);
  }
  return { tried: slice.left, waiting: await countUnsentRelayMails(deps.database.sql, relay) };
}

/** All that the mails of one relay share, read and rendered once for the slice. */
async function matterOf(
  { database, publicUrl, mailReplyDomain }: DispatchDeps,
  relay: string,
): Promise<RelayMailMatter> {
  const { instruction: id, ...own } = await readRelayMatter(database.sql, relay);
  const instruction = await readDispatchMatter(database.sql, id, INLINE_LIMIT);
  return { ...own, relay, instruction, rendered: renderMarkdown(instruction.body), publicUrl, mailReplyDomain };
}

class Slice {
  readonly tried: string[] = [];
  /** Mails with an outcome: the relay is there. */
  left = 0;
  readonly #deps: DispatchDeps;
  readonly #matter: RelayMailMatter;
  readonly #clock: () => Instant;
  readonly #writer: CoalescedWriter<FinishedRelayMail>;
  #failures = 0;

  constructor(deps: DispatchDeps, matter: RelayMailMatter, clock: () => Instant) {
    this.#deps = deps;
    this.#matter = matter;
    this.#clock = clock;
    this.#writer = new CoalescedWriter((items) => finishRelayMails(deps.database.sql, items));
  }

  get mayGoOn(): boolean {
    return this.tried.length < SLICE && this.#failures < AWAY_AFTER && !cancelled();
  }

  /** @throws when the database is away, after what is under way has come to its end */
  async send(batch: readonly ClaimedRelayMail[]): Promise<void> {
    this.tried.push(...batch.map(({ id }) => id));
    const queue = [...batch];
    const line = async (): Promise<void> => {
      for (let mail = queue.shift(); mail !== undefined; mail = queue.shift()) await this.#one(mail);
    };
    const lines = Math.min(LINES, this.#deps.sender.lines);
    const ended = await Promise.allSettled(Array.from({ length: lines }, line));
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #one(mail: ClaimedRelayMail): Promise<void> {
    const untried = { id: mail.id, at: this.#clock(), inDoubt: false, status: 'planned', error: null } as const;
    if (cancelled() || this.#failures >= AWAY_AFTER) return this.#writer.add(untried);
    const tokens = await this.#tokens(mail);
    const composed = composing(() => composeRelay(this.#matter, mail, tokens));
    const outcome = 'outcome' in composed ? composed : await this.#deps.sender.send(composed);
    const away = outcome.outcome === 'later' && outcome.relayAway;
    this.#failures = away ? this.#failures + 1 : 0;
    if (!away) this.left += 1;
    return this.#writer.add(finishSending(mail, outcome, this.#clock()));
  }

  /** Made again from the stored hashes; new ones where the key that made them has been dropped. */
  async #tokens({ id, linkHash, replyHash }: ClaimedRelayMail): Promise<{ link: string; reply: string }> {
    const { keys, database } = this.#deps;
    const link = tokenOf(keys, relayLinkToken, id, linkHash ?? '');
    const reply = tokenOf(keys, relayReplyPart, id, replyHash ?? '');
    if (link !== undefined && reply !== undefined) return { link, reply };
    const renewed = { link: relayLinkToken(keys[0], id), reply: relayReplyPart(keys[0], id) };
    const hashes = { link_hash: hashToken(renewed.link), reply_hash: hashToken(renewed.reply) };
    await renewRelayTokens(database.sql, id, hashes);
    return renewed;
  }
}

const cancelled = (): boolean => Context.current().cancellationSignal.aborted;
