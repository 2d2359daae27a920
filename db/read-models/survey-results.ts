import { type RawBuilder, sql } from 'kysely';
import { aggregatesOf, type AggregateRule, type Figure, figureOf } from '../../domain/survey/aggregate.ts';
import type { Form } from '../../domain/survey/form.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import type { SurveyCounts } from '../../domain/survey/rates.ts';
import type { Sql } from '../database.ts';
import { toJson } from '../stores/json.ts';
import { COUNTS } from '../survey-counts.ts';
import { respondentVisible } from './surveys.ts';

export const RESULT_LEVELS = ['ars', 'zone', 'nation'] as const;
export type ResultLevel = (typeof RESULT_LEVELS)[number];
/** `closing`: what was submitted before the first closing was committed; `corrected`: what is submitted now. Both for ever. */
export const RESULT_STATES = ['closing', 'corrected'] as const;
export type ResultState = (typeof RESULT_STATES)[number];

export interface TerritoryResult extends SurveyCounts {
  readonly territory: string;
  readonly values: Readonly<Record<string, Figure>>;
}

const LEVELS: Readonly<Record<ResultLevel, RawBuilder<string>>> = {
  ars: sql<string>`r.territory`,
  // A list of the nation's own has no zone: it stands beside them.
  zone: sql<string>`coalesce(o.zone, o.id)`,
  nation: sql<string>`'NATION'::text`,
};

interface Query {
  readonly survey: string;
  readonly by: ResultLevel;
  readonly as: ResultState;
}

/**
 * The consolidation of one survey by territory, in two statements whatever the number of respondents. Each figure is drawn from
 * the answers themselves by its question's own rule (`figureOf` is the reference), never from the figures of a lower level:
 * sums and counts of a level are those of its parts, means and ratios are weighed anew. Missing is null, and no zero.
 */
export async function readResults(
  db: Sql,
  reader: SurveyReader,
  { survey, by, as }: Query,
  form: Form,
): Promise<readonly TerritoryResult[]> {
  const rules = aggregatesOf(form);
  const counted = as === 'closing' ? sql`x.after_closings = 0` : sql`true`;
  const known = sql`
    select r.id, ${LEVELS[by]} as territory, last.* from survey s
    join survey_respondent r on r.survey_id = s.id join organisation o on o.id = r.territory
    left join lateral (
      select x.number, x.values, x.complete, x.not_concerned from survey_answer_version x
      where x.respondent_id = r.id and ${counted} order by x.number desc limit 1
    ) last on true
    where s.id = ${survey}::uuid and ${respondentVisible(reader)}`;
  const { rows } = await sql<SurveyCounts & { territory: string }>`
    select v.territory, ${COUNTS} from (${known}) v
    left join survey_answer_version f on f.respondent_id = v.id and f.number = 1
    group by v.territory order by v.territory`.execute(db);
  const figures = await readFigures(db, known, rules);
  return rows.map((row) => ({ ...row, values: valuesOf(rules, figures.get(row.territory)) }));
}

/** By territory, by key. */
type Figures = ReadonlyMap<string, ReadonlyMap<string, Figure>>;

function valuesOf(
  rules: readonly AggregateRule[],
  found: ReadonlyMap<string, Figure> | undefined,
): Readonly<Record<string, Figure>> {
  return Object.fromEntries(
    rules.map((rule) => {
      const nothing = figureOf(rule, []);
      const figure = found?.get(rule.key) ?? nothing;
      const isCounts = rule.kind === 'countByChoice' && typeof figure === 'object' && figure !== null;
      return [rule.key, isCounts ? { ...(nothing as Record<string, number>), ...figure } : figure];
    }),
  );
}

async function readFigures(db: Sql, known: RawBuilder<unknown>, rules: readonly AggregateRule[]): Promise<Figures> {
  const { rows } = await sql<{ territory: string; key: string; figure: Figure }>`
    with known as materialized (select * from (${known}) k where k.number is not null and k.not_concerned is null),
    ${numbers(rules)}, ${texts(rules)}
    select territory, key, figure from numbers union all select territory, key, figure from texts`.execute(db);
  const figures = new Map<string, Map<string, Figure>>();
  for (const { territory, key, figure } of rows) {
    const own = figures.get(territory) ?? new Map<string, Figure>();
    figures.set(territory, own.set(key, figure));
  }
  return figures;
}

interface Path {
  readonly key: string;
  readonly kind: string;
  readonly decimals: number;
  readonly path: readonly string[];
  /** Weight of a mean, denominator of a ratio; null: none. */
  readonly other: readonly string[] | null;
}

const steps = (path: string): readonly string[] => path.split('.');

function pathsOf(rule: AggregateRule): readonly Path[] {
  const { key, kind } = rule;
  if (kind === 'ratio') {
    const { decimals, percent, numerator, denominator } = rule;
    const own = { key, kind: percent ? 'percent' : 'ratio', decimals };
    return [{ ...own, path: steps(numerator), other: steps(denominator) }];
  }
  if (!('of' in rule)) return [];
  const weights = kind === 'mean' ? rule.weights : null;
  return rule.of.map((path, index) => {
    const weight = weights?.[index];
    return {
      key,
      kind,
      decimals: rule.decimals,
      path: steps(path),
      other: weight === undefined ? null : steps(weight),
    };
  });
}

const at = (path: string): RawBuilder<unknown> =>
  sql`case when jsonb_typeof(known.values #> ${sql.ref(path)}) = 'number' then (known.values #>> ${sql.ref(path)})::numeric end`;

/** Sums, means, extremes, counts of numbers and ratios; a pair without its other half counts nowhere. */
const numbers = (rules: readonly AggregateRule[]): RawBuilder<unknown> => sql`
  numbers as (
    select territory, key, case kind
        when 'sum' then to_jsonb(sum(x)) when 'max' then to_jsonb(max(x)) when 'min' then to_jsonb(min(x))
        when 'count' then to_jsonb(count(x))
        when 'mean' then to_jsonb(round(sum(x * w) / nullif(sum(w) filter (where x is not null), 0), decimals))
        when 'ratio' then to_jsonb(round(sum(x) filter (where w is not null) / nullif(sum(w) filter (where x is not null), 0), decimals))
        else to_jsonb(round(100 * sum(x) filter (where w is not null) / nullif(sum(w) filter (where x is not null), 0), decimals))
      end as figure
    from (
      select known.territory, rule.key, rule.kind, rule.decimals, ${at('rule.path')} as x,
        case when rule.other is null then 1 else ${at('rule.other')} end as w
      from known cross join (
        select key, kind, decimals, array(select jsonb_array_elements_text(path)) as path,
          case when jsonb_typeof(other) = 'array' then array(select jsonb_array_elements_text(other)) end as other
        from jsonb_to_recordset(${toJson(rules.flatMap(pathsOf))}::jsonb)
          as one (key text, kind text, decimals int, path jsonb, other jsonb)
      ) rule
    ) pairs group by territory, key, kind, decimals
  )`;

const textRulesOf = (rules: readonly AggregateRule[]): readonly object[] =>
  rules.flatMap((rule) => ('question' in rule ? [{ key: rule.key, kind: rule.kind, question: rule.question }] : []));

/** Choices counted one by one, first and last days, and how many have answered. */
const texts = (rules: readonly AggregateRule[]): RawBuilder<unknown> => sql`
  said as (
    select known.territory, rule.key, rule.kind, said.text
    from known cross join jsonb_to_recordset(${toJson(textRulesOf(rules))}::jsonb) as rule (key text, kind text, question text)
    cross join lateral (select known.values -> rule.question as value) found
    cross join lateral (
      select found.value #>> '{}' as text where jsonb_typeof(found.value) = 'string'
      union all
      select one from jsonb_array_elements_text(case when jsonb_typeof(found.value) = 'array' then found.value else '[]' end) one
    ) said
  ),
  texts as (
    select territory, key, case kind when 'earliest' then to_jsonb(min(text collate "C"))
      when 'latest' then to_jsonb(max(text collate "C")) else to_jsonb(count(*)) end as figure
    from said where kind <> 'countByChoice' group by territory, key, kind
    union all
    select territory, key, jsonb_object_agg(text, n) from (
      select territory, key, text, count(*) as n from said where kind = 'countByChoice' group by territory, key, text
    ) counted group by territory, key
  )`;
