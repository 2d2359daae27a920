import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import type { ReplyInput } from './reply-kinds.ts';

/** What an ARS asks of the relay of one instruction: that it begin, or that one partner get it again at its corrected address. */
export type RelayAsk =
  | { readonly kind: 'relay'; readonly by: string; readonly note: string }
  | { readonly kind: 'resend'; readonly by: string; readonly partner: string };

export const RELAY_REFUSALS = [
  'notFound',
  'notDiffusion',
  'closed',
  'noContact',
  'noPartner',
  'notRelayed',
  'unknownPartner',
  'onItsWay',
  'acknowledged',
] as const;
export type RelayRefusalCode = (typeof RELAY_REFUSALS)[number];

export type RelayAnswer =
  | {
      readonly accepted: true;
      readonly relay: string;
      /** Mails of this relay, whatever has become of them. */
      readonly partners: number;
      /** It had been asked for before. */
      readonly again: boolean;
    }
  | { readonly accepted: false; readonly code: RelayRefusalCode; readonly detail: string };

/** Where the partners of one relay stand. `relayed`: their mail has left; `reached`: and has not come back. */
export interface RelayFigures {
  readonly partners: number;
  readonly relayed: number;
  readonly reached: number;
  readonly acknowledged: number;
  readonly notReached: number;
  readonly waiting: number;
}

export interface RelayWho {
  readonly relay: string;
  readonly organisation: OrganisationId;
  readonly askedBy: string;
}

/** What the start of a relay says for its ARS: the diffusion is under way. */
export const startReply = ({ relay, organisation, askedBy }: RelayWho, partners: number): ReplyInput => ({
  organisation,
  kind: 'progress',
  comment: `Relais par Vigie engagé vers ${partners} partenaire(s).`,
  from: askedBy,
  channel: 'api',
  verified: true,
  messageId: `relay:${relay}:start`,
});

/**
 * What the end of a sending says: done when every partner was reached; else how far it went, for the ARS answers for the
 * others and says itself when it has reached them. `round`: one more for each mail sent again.
 */
export function endReply(who: RelayWho, figures: RelayFigures, round: number): ReplyInput {
  const { partners, reached, notReached } = figures;
  const said = { organisation: who.organisation, from: who.askedBy, channel: 'api', verified: true } as const;
  const messageId = `relay:${who.relay}:end:${round}`;
  if (notReached === 0) {
    return { ...said, kind: 'done', comment: `Relayé par Vigie à ${reached} partenaire(s).`, messageId };
  }
  const percent = Math.min(99, Math.max(1, Math.floor((100 * reached) / partners)));
  const comment = `Relayé par Vigie à ${reached} partenaire(s) sur ${partners} ; ${notReached} non joint(s), à corriger ou à joindre autrement.`;
  return { ...said, kind: 'progress', percent, comment, messageId };
}

const LONGEST_WAIT = 300_000;

/** When a mail that was put off may be tried again: 5 s, 20 s, 45 s… five minutes at most. */
export const retryAfter = (claimedAt: Instant, attempts: number): Instant =>
  claimedAt + Math.min(5_000 * attempts * attempts, LONGEST_WAIT);
