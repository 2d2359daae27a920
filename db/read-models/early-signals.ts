import { type RawBuilder, sql } from 'kysely';
import type {
  EarlySignal,
  SignalAct,
  SignalOutcome,
  SignalStatus,
  SignalTaskKind,
  SignalUrgency,
  SignalWords,
} from '../../domain/early-signal.ts';
import { toRfc3339 } from '../../domain/instant.ts';
import type { Scope } from '../../domain/scope.ts';
import type { Sql } from '../database.ts';
import { type Page, type PageRequest, pageOf, timeOf } from './cursor.ts';
import { inScope } from './scope.ts';

/** One signal as a list shows it. */
export interface SignalCard {
  readonly id: string;
  readonly reference: string;
  readonly organisation: string;
  readonly name: string;
  readonly exercise: boolean;
  readonly urgency: SignalUrgency;
  readonly subject: string;
  readonly status: SignalStatus;
  /** The complete signal or an answer is overdue. */
  readonly late: boolean;
  readonly raisedAt: string;
  readonly completeBy: string;
  readonly completeAt: string | null;
  readonly task: SignalTaskKind | null;
  readonly outcome: SignalOutcome | null;
  readonly crisisId: string | null;
  readonly instructionId: string | null;
}

/** Who did something and when, under the name of his account. */
export interface SignalActView {
  readonly at: string;
  readonly by: string;
  readonly name: string;
}

export interface SignalDetail extends SignalCard {
  readonly raisedBy: string;
  readonly raisedByName: string;
  readonly early: SignalWords['early'];
  readonly acknowledged: (SignalActView & { readonly officer: string; readonly comment: string }) | null;
  readonly complete: (SignalActView & SignalWords['complete']) | null;
  readonly details: {
    readonly request: number;
    readonly asked: SignalActView;
    readonly question: string;
    readonly answerBy: string;
    readonly late: boolean;
    readonly answer: (SignalActView & { readonly text: string }) | null;
  }[];
  /** How it ended, and the words of whoever ended it. */
  readonly ended: (SignalActView & { readonly comment: string }) | null;
}

export interface SignalFilter {
  readonly status?: SignalStatus;
  readonly exercise?: boolean;
  readonly late?: boolean;
  readonly organisation?: string;
}

interface Row {
  id: string;
  reference: string;
  organisation_id: string;
  name: string;
  exercise: boolean;
  urgency: SignalUrgency;
  subject: string;
  status: SignalStatus;
  late: boolean;
  raised_by: string;
  raised_by_name: string;
  raised_at: Date;
  due_at: Date;
  task: SignalTaskKind | null;
  outcome: SignalOutcome | null;
  crisis_id: string | null;
  instruction_id: string | null;
  state: EarlySignal | null;
}

const SIGNALS = sql`select s.*, o.name from early_signal s join organisation o on o.id = s.organisation_id`;

/** Newest first. */
export async function listSignals(
  db: Sql,
  scope: Scope,
  filter: SignalFilter,
  page: PageRequest,
): Promise<Page<SignalCard>> {
  const conditions: RawBuilder<boolean>[] = [inScope(scope, 's.organisation_id')];
  if (filter.status !== undefined) conditions.push(sql<boolean>`s.status = ${filter.status}`);
  if (filter.exercise !== undefined) conditions.push(sql<boolean>`s.exercise = ${filter.exercise}`);
  if (filter.late !== undefined) conditions.push(sql<boolean>`s.late = ${filter.late}`);
  if (filter.organisation !== undefined) conditions.push(sql<boolean>`s.organisation_id = ${filter.organisation}`);
  if (page.after !== null) {
    conditions.push(sql<boolean>`(s.raised_at, s.id) < (${new Date(page.after.at)}, ${page.after.id}::uuid)`);
  }
  const { rows } = await sql<Row>`
    ${SIGNALS} where ${sql.join(conditions, sql` and `)}
    order by s.raised_at desc, s.id desc limit ${page.limit + 1}`.execute(db);
  return pageOf(rows, page.limit, (row) => ({ at: row.raised_at.getTime(), id: row.id }), toCard);
}

/** @returns undefined when it is not there or outside the scope */
export async function getSignal(db: Sql, scope: Scope, id: string): Promise<SignalDetail | undefined> {
  const { rows } = await sql<Row>`
    ${SIGNALS} where s.id = ${id}::uuid and ${inScope(scope, 's.organisation_id')}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const entries = await db
    .selectFrom('early_signal_entry')
    .select(['id', 'kind', 'content', 'by_name as name'])
    .where('signal_id', '=', id)
    .execute();
  const early = entries.find(({ kind }) => kind === 'early')?.content as SignalWords['early'];
  const told = { raisedBy: row.raised_by, raisedByName: row.raised_by_name, early };
  return {
    ...toCard(row),
    ...told,
    ...courseOf(row.state, new Map(entries.map(({ id: key, ...rest }) => [key, rest]))),
  };
}

type Entries = ReadonlyMap<string, { readonly content: object; readonly name: string }>;

/** What has come since it was raised; only entries that its state refers to count. */
function courseOf(
  state: EarlySignal | null,
  entries: Entries,
): Pick<SignalDetail, 'acknowledged' | 'complete' | 'details' | 'ended'> {
  if (state === null) return { acknowledged: null, complete: null, details: [], ended: null };
  const view = ({ at, by, entry }: SignalAct): SignalActView => ({
    at: toRfc3339(at),
    by: by.sub,
    name: entries.get(entry)?.name ?? by.sub,
  });
  const words = <Kind extends keyof SignalWords>(entry: string | null): Partial<SignalWords[Kind]> =>
    entries.get(entry ?? '')?.content ?? {};
  const { acknowledged, ending } = state;
  const [owed, ...requests] = state.awaited;
  return {
    acknowledged: acknowledged && {
      ...view(acknowledged),
      officer: words<'acknowledgement'>(acknowledged.entry).officer ?? view(acknowledged).name,
      comment: words<'acknowledgement'>(acknowledged.entry).comment ?? '',
    },
    complete: owed?.answer
      ? {
          ...view(owed.answer),
          situation: '',
          measures: '',
          assessment: '',
          needs: '',
          ...words<'complete'>(owed.answer.entry),
        }
      : null,
    details: requests.map(({ number, question, askedAt, dueAt, late, answer, askedBy }) => ({
      request: number,
      asked: view({ at: askedAt, by: askedBy, entry: question ?? '' }),
      question: words<'question'>(question).question ?? '',
      answerBy: toRfc3339(dueAt),
      late,
      answer: answer && { ...view(answer), text: words<'answer'>(answer.entry).answer ?? '' },
    })),
    ended: ending && {
      ...view(ending),
      comment: words<'closing'>(ending.entry).comment ?? words<'withdrawal'>(ending.entry).reason ?? '',
    },
  };
}

/** True when the signal is there and the scope sees it; and whose it is. */
export async function signalOwner(db: Sql, scope: Scope, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ organisation: string }>`
    select s.organisation_id as organisation from early_signal s
    where s.id = ${id}::uuid and ${inScope(scope, 's.organisation_id')}`.execute(db);
  return rows[0]?.organisation;
}

const toCard = (row: Row): SignalCard => ({
  id: row.id,
  reference: row.reference,
  organisation: row.organisation_id,
  name: row.name,
  exercise: row.exercise,
  urgency: row.urgency,
  subject: row.subject,
  status: row.status,
  late: row.late,
  raisedAt: row.raised_at.toISOString(),
  completeBy: row.due_at.toISOString(),
  completeAt: timeOf(completeAt(row.state)),
  task: row.task,
  outcome: row.outcome,
  crisisId: row.crisis_id,
  instructionId: row.instruction_id,
});

const completeAt = (state: EarlySignal | null): Date | null => {
  const answer = state?.awaited[0]?.answer;
  return answer ? new Date(answer.at) : null;
};
