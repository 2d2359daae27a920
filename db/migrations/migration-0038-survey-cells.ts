import { Migration } from '@mikro-orm/migrations';
import { NO_FIGURE } from '../survey-figures.ts';

/**
 * The figures of each answer once more, as they are read one by one: writing 3 000 × 60 of them out of `bigint[]` took PostgreSQL
 * longer than finding them (docs/PERFORMANCE.md).
 */
export class Migration0038SurveyCells extends Migration {
  override up(): void {
    this.addSql(`
alter table survey_answer_version disable trigger survey_answer_version_kept;
alter table survey_answer_version add column cells json; -- the figures, null where nothing stands
update survey_answer_version set cells = to_json(array(
  select nullif(figure, ${NO_FIGURE}) from unnest(figures) with ordinality as one (figure, place) order by place));
alter table survey_answer_version alter column cells set not null;
alter table survey_answer_version enable trigger survey_answer_version_kept;`);
  }
}
