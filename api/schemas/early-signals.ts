import { Type } from 'typebox';
import { SIGNAL_OUTCOMES, SIGNAL_STATUSES, SIGNAL_TASK_KINDS, SIGNAL_URGENCIES } from '../../domain/early-signal.ts';
import { Id, Nullable, PageQuery, Strict, Time } from './common.ts';

const Words = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
const More = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }));
const Term = (description: string) => Type.String({ maxLength: 40, description });

export const SignalBody = Strict(
  {
    subject: Words(120, 'One line: the subject of the mails. No name of a person.'),
    what: Words(4_000, 'What has happened.'),
    where: Words(300, 'One line.'),
    knownAt: Time('Since when the agency knows of it.'),
    assessment: Words(4_000, 'First assessment: how grave, how many, what may come.'),
    urgency: Type.Enum(SIGNAL_URGENCIES, {
      description: 'How soon the desk must have read it: `immediate` 15 min, `urgent` 30 min, `routine` 2 h.',
    }),
    complete: Term('When the complete signal is promised: RFC 3339, or a delay (`PT2H`); within seven days.'),
    exercise: Type.Optional(Type.Boolean({ description: 'For ever: nothing changes it.' })),
  },
  { title: 'NewSignal' },
);

export const AcknowledgeBody = Strict({
  officer: Type.Optional(Words(120, 'Name of the officer who has read it; the account’s where it is left out.')),
  comment: More(2_000, 'Told to the agency.'),
});
export const CompleteBody = Strict(
  {
    situation: Words(20_000, 'What is known now.'),
    measures: Words(20_000, 'What the agency has done and does.'),
    assessment: More(20_000, 'How grave, what may come.'),
    needs: More(20_000, 'What is needed of the nation.'),
  },
  { title: 'CompleteSignal' },
);
export const QuestionBody = Strict({
  question: Words(4_000, 'What the desk wants to know.'),
  within: Type.Optional(Term('When the answer is due: RFC 3339, or a delay (`PT1H`, where it is left out).')),
});
export const AnswerBody = Strict({ answer: Words(20_000, 'To the desk’s question.') });
export const ClosingBody = Strict(
  {
    outcome: Type.Enum(SIGNAL_OUTCOMES, {
      description: '`crisis` names it (`crisisId`); `instruction` may name a draft or a message (`instructionId`).',
    }),
    comment: Words(4_000, 'Told to the agency.'),
    crisisId: Type.Optional(Nullable(Id('An open crisis; an exercise leads to an exercise only.'))),
    instructionId: Type.Optional(Nullable(Id())),
  },
  { title: 'SignalClosing' },
);
export const WithdrawalBody = Strict({ reason: Words(4_000, 'Told to the desk.') });

export const RequestParams = Type.Object({
  id: Type.String(),
  request: Type.Integer({ minimum: 1, maximum: 1_000 }),
});
export const SignalFilters = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(Type.Enum(SIGNAL_STATUSES)),
    exercise: Type.Optional(Type.Boolean()),
    late: Type.Optional(Type.Boolean()),
    organisation: Type.Optional(Type.String({ maxLength: 40, description: '`ARS-84`' })),
  },
  { additionalProperties: false },
);

const card = {
  id: Id(),
  reference: Type.String({ description: '`SIGNAL ARS-84 2026-11-28 9F3A`' }),
  organisation: Type.String(),
  name: Type.String(),
  exercise: Type.Boolean(),
  urgency: Type.Enum(SIGNAL_URGENCIES),
  subject: Type.String(),
  status: Type.Enum(SIGNAL_STATUSES, {
    description: '`received`: stored, the desk is told as soon as the engine is back: ring it up.',
  }),
  late: Type.Boolean({ description: 'The complete signal or an answer is overdue.' }),
  raisedAt: Time(),
  completeBy: Time('As promised.'),
  completeAt: Nullable(Time()),
  task: Nullable(Type.Enum(SIGNAL_TASK_KINDS, { description: 'What the desk is to do.' })),
  outcome: Nullable(Type.Enum(SIGNAL_OUTCOMES)),
  crisisId: Nullable(Id()),
  instructionId: Nullable(Id()),
};
const act = { at: Time(), by: Type.String({ description: 'The `sub`.' }), name: Type.String() };
const Text = Type.String();

export const SignalCard = Strict(card, { title: 'Signal' });
export const SignalDetail = Strict(
  {
    ...card,
    raisedBy: Text,
    raisedByName: Text,
    early: Strict({ what: Text, where: Text, knownAt: Time(), assessment: Text }),
    acknowledged: Nullable(Strict({ ...act, officer: Text, comment: Text })),
    complete: Nullable(Strict({ ...act, situation: Text, measures: Text, assessment: Text, needs: Text })),
    details: Type.Array(
      Strict({
        request: Type.Integer(),
        asked: Strict(act),
        question: Text,
        answerBy: Time(),
        late: Type.Boolean({ description: 'It was, or is, overdue.' }),
        answer: Nullable(Strict({ ...act, text: Text })),
      }),
    ),
    ended: Nullable(Strict({ ...act, comment: Text })),
  },
  { title: 'SignalDetail' },
);
