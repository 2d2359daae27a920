import { Migration } from '@mikro-orm/migrations';
import { aggregatesOf } from '../../domain/survey/aggregate.ts';
import { type Cells, planConsolidation } from '../../domain/survey/consolidate.ts';
import { figureCells } from '../../domain/survey/figure-cells.ts';
import type { Form } from '../../domain/survey/form.ts';
import { type TallyLayout, tallyLayout } from '../../domain/survey/tally.ts';
import { consolidatedColumns } from '../survey-figures.ts';

interface FormVersion {
  readonly form_id: string;
  readonly number: number;
  readonly document: Form;
}

interface Kept {
  readonly respondent_id: string;
  readonly number: number;
  readonly cells: Cells;
  readonly form_id: string;
  readonly form_version: number;
}

/** Read and written at once. */
const MANY = 2_000;

/** What each answer adds to the sums of its survey, in one number, and beside it what is no sum (docs/adr/0048-tallies.md). */
export class Migration0040SurveyTallies extends Migration {
  override async up(): Promise<void> {
    await this.execute(`
alter table survey_answer_version disable trigger survey_answer_version_kept;
alter table survey_answer_version
  add column tally numeric[],                   -- domain/survey/tally.ts
  add column extremes bigint[];                 -- of its cells, those of which the least or the greatest is told; the smallest bigint: nothing
-- Every consolidation reads versions whole: as long as one fits a page it is neither compressed nor kept elsewhere.
alter table survey_answer_version set (toast_tuple_target = 8160);`);
    const layouts = await this.layouts();
    let last: Kept | undefined;
    do {
      const rows = await this.next(last);
      await this.keep(layouts, rows);
      last = rows.at(-1);
    } while (last !== undefined);
    await this.execute(`
alter table survey_answer_version
  alter column tally set not null, alter column extremes set not null,
  drop column figures;                          -- cells has them
alter table survey_answer_version enable trigger survey_answer_version_kept;`);
  }

  /** Of every form that was published, by its id and version. */
  private async layouts(): Promise<ReadonlyMap<string, TallyLayout>> {
    const rows = await this.execute('select form_id, number, document from survey_form_version');
    return new Map(
      (rows as unknown as readonly FormVersion[]).map(({ form_id, number, document }) => {
        const { parts } = planConsolidation(aggregatesOf(document), figureCells(document));
        return [`${form_id} ${number}`, tallyLayout(parts)];
      }),
    );
  }

  private async next(after: Kept | undefined): Promise<readonly Kept[]> {
    const rows = await this.execute(
      `select v.respondent_id, v.number, v.cells, s.form_id, s.form_version from survey_answer_version v
       join survey_respondent r on r.id = v.respondent_id join survey s on s.id = r.survey_id
       where (v.respondent_id, v.number) > (?::uuid, ?::int) order by v.respondent_id, v.number limit ${MANY}`,
      [after?.respondent_id ?? '00000000-0000-0000-0000-000000000000', after?.number ?? 0],
    );
    return rows as unknown as readonly Kept[];
  }

  private async keep(layouts: ReadonlyMap<string, TallyLayout>, rows: readonly Kept[]): Promise<void> {
    const said = rows.map(({ respondent_id, number, cells, form_id, form_version }) => {
      const layout = layouts.get(`${form_id} ${form_version}`);
      if (layout === undefined)
        throw new Error(`an answer to the form ${form_id}, version ${form_version}: there is none`);
      return { respondent_id, number, ...consolidatedColumns(layout, cells) };
    });
    await this.execute(
      `update survey_answer_version v set tally = one.tally::numeric[], extremes = one.extremes::bigint[]
       from jsonb_to_recordset(?::jsonb) as one (respondent_id uuid, number int, tally text, extremes text)
       where v.respondent_id = one.respondent_id and v.number = one.number`,
      [JSON.stringify(said)],
    );
  }
}
