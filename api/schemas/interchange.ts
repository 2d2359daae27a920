import { Type } from 'typebox';
import { Strict, Time } from './common.ts';

export const Xml = Type.Unsafe<string>({ type: 'string' });

/** Other members of the standards' objects are theirs to add: they are not looked at. */
const Open = <Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: true });

export const EdxlEnvelope = Type.Unsafe<object>({ type: 'object', additionalProperties: true });

/** What of an acknowledgement of the Hub Santé counts here. */
export const HubAck = Open({
  distributionID: Type.String({ minLength: 1, maxLength: 200, description: 'Of the acknowledgement: counted once.' }),
  distributionKind: Type.Enum(['Ack'], { description: 'Only acknowledgements are taken.' }),
  dateTimeSent: Time(),
  content: Type.Array(
    Open({
      jsonContent: Open({
        embeddedJsonContent: Open({
          message: Open({
            reference: Open({
              distributionID: Type.String({ maxLength: 200, description: 'Of the message acknowledged.' }),
              refused: Type.Optional(Type.Boolean()),
              step: Type.Optional(Type.Enum(['RECU', 'ERREUR', 'INTEGRE', 'CONSULTE', 'SUPPRIME'])),
            }),
          }),
        }),
      }),
    }),
    { minItems: 1, maxItems: 1 },
  ),
});
export const HubAckTaken = Strict({
  instruction: Type.String({ format: 'uuid' }),
  organisation: Type.String(),
  state: Type.String({ description: 'Of the recipient, now.' }),
});
