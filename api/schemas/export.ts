import { Type } from 'typebox';
import { Id, Nullable, Strict, Time } from './common.ts';
import { TimelineItem } from './desk.ts';
import { InstructionDetail } from './draft.ts';
import { Recipient, RecipientDetail } from './recipient.ts';
import { Relay } from './relays.ts';

const Sha256 = Type.String({ description: 'SHA-256 in hexadecimal.' });

export const InstructionExport = Strict(
  {
    exportedAt: Time(),
    exportedBy: Type.String(),
    instruction: InstructionDetail,
    recipients: Type.Array(Strict({ ...Recipient.properties, replies: RecipientDetail.properties.replies })),
    relays: Type.Array(Relay, { description: 'Of a `diffusion`: what each ARS has relayed.' }),
    timeline: Type.Array(Strict({ ...TimelineItem.properties, recordedAt: Time() })),
    files: Type.Array(
      Strict({
        id: Id(),
        name: Type.String(),
        mediaType: Type.String(),
        size: Type.Integer(),
        sha256: Sha256,
        organisation: Type.String(),
      }),
    ),
    audit: Nullable(
      Strict({
        subject: Type.String(),
        position: Type.Integer({ description: 'Of the last entry.' }),
        hmac: Type.String(),
        seal: Type.String(),
        sealed: Type.Boolean({ description: 'The seal is one of our keys’.' }),
      }),
    ),
    digest: Type.String({ description: 'SHA-256 of all the rest as JSON with sorted keys and no spaces.' }),
  },
  { title: 'InstructionExport' },
);
