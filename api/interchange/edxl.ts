import { DAY } from '../../domain/instant.ts';
import { UUID_PATTERN } from '../../domain/uuid.ts';
import { KIND_OF, withOffset, type ReleasedMessage } from './message.ts';

/** How the Hub Santé knows this system and a recipient; its routing keys are given when a system is connected. */
const SENDER = 'fr.health.vigie-corruss';
const addressOf = (organisation: string): string => `fr.health.${organisation.toLowerCase()}`;
/** One for each addressee: a hub that has seen an id drops it. */
const distributionId = (instruction: string, recipient: string): string =>
  `${SENDER}_${instruction}.${recipient.toLowerCase()}`;

const DISTRIBUTION = new RegExp(`^fr\\.health\\.vigie-corruss_(${UUID_PATTERN})\\.([a-z0-9-]{1,40})$`);

/** The message that a `distributionID` of ours, sent to that recipient, stands for; null: it is none of them. */
export function instructionOfDistribution(id: string, recipient: string): string | null {
  const [, instruction = null, addressee] = DISTRIBUTION.exec(id) ?? [];
  return addressee === recipient.toLowerCase() ? instruction : null;
}

/** A released message to one recipient, in the envelope of the Hub Santé (EDXL-DE as JSON). A message without a term expires after a day. */
export function edxlOf(message: ReleasedMessage, recipient: string): object {
  const { instruction } = message;
  const { id, exercise, refersTo } = instruction;
  const sentAt = Date.parse(instruction.releasedAt);
  const kind = refersTo === null ? 'Report' : KIND_OF[refersTo.relation];
  const status = exercise ? 'Exercise' : 'Actual';
  const sent = withOffset(sentAt);
  return {
    senderID: SENDER,
    distributionID: distributionId(id, recipient),
    dateTimeSent: sent,
    dateTimeExpires: withOffset(message.deadline ?? sentAt + DAY),
    distributionStatus: status,
    distributionKind: kind,
    descriptor: {
      language: 'fr-FR',
      explicitAddress: { explicitAddressScheme: 'hubex', explicitAddressValue: addressOf(recipient) },
    },
    content: [
      {
        jsonContent: {
          embeddedJsonContent: {
            message: {
              messageId: distributionId(id, recipient),
              sender: { name: 'vigie-corruss', URI: `hubex:${SENDER}` },
              sentAt: sent,
              kind,
              status,
              recipient: [{ name: recipient.toLowerCase(), URI: `hubex:${addressOf(recipient)}` }],
              ...(refersTo === null ? {} : { reference: { distributionID: distributionId(refersTo.id, recipient) } }),
              customContent: contentOf(message),
            },
          },
        },
      },
    ],
  };
}

function contentOf({ instruction, deadline, crisis, url }: ReleasedMessage): object {
  const { number, nature, subject, body } = instruction;
  return {
    number,
    nature,
    subject,
    body,
    ...(deadline === null ? {} : { deadline: withOffset(deadline) }),
    ...(crisis === null ? {} : { crisis }),
    url,
  };
}
