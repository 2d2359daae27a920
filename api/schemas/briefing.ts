import { Type } from 'typebox';
import { SIGNAL_STATUSES, SIGNAL_URGENCIES } from '../../domain/early-signal.ts';
import { REPLY_KINDS } from '../../domain/reply-kinds.ts';
import { Id, Nullable, Strict, Time } from './common.ts';

const organisation = { organisation: Type.String(), name: Type.String() };

export const Briefing = Strict(
  {
    at: Time(),
    since: Time('The same hour of the day before, in Paris.'),
    openInstructions: Type.Integer(),
    openFollowUps: Type.Integer(),
    lateFollowUps: Type.Integer(),
    answeredFollowUps: Type.Integer({ description: 'Follow-ups that gave an answer in between.' }),
    open: Type.Array(
      Strict({
        id: Id(),
        number: Type.String(),
        subject: Type.String(),
        deadline: Nullable(Time()),
        awaited: Type.Integer(),
        recipients: Type.Integer(),
        late: Type.Integer(),
      }),
    ),
    late: Type.Array(Strict({ number: Type.String(), ...organisation, deadline: Time() })),
    answered: Type.Array(Strict({ number: Type.String(), ...organisation, kind: Type.Enum(REPLY_KINDS), at: Time() }), {
      description: 'The last answer of each.',
    }),
    signals: Type.Array(
      Strict({
        id: Id(),
        reference: Type.String(),
        ...organisation,
        subject: Type.String(),
        urgency: Type.Enum(SIGNAL_URGENCIES),
        status: Type.Enum(SIGNAL_STATUSES),
        late: Type.Boolean(),
        raisedAt: Time(),
      }),
      { description: 'Early signals that nobody has closed, the most urgent first.' },
    ),
    medians: Type.Array(
      Strict({
        ...organisation,
        answers: Type.Integer(),
        medianSeconds: Type.Integer({ description: 'From the first mail sent to the first answer.' }),
      }),
      { description: 'Of the follow-ups first answered in the last 30 days; the slowest first.' },
    ),
  },
  { title: 'Briefing', description: 'Lists name 200 at most, totals count all. Exercises are never counted.' },
);
