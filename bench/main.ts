import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { auditAt } from './audit-at.ts';
import { idle } from './idle.ts';
import { instruction } from './instruction.ts';
import { intake } from './intake.ts';
import { invitations } from './invitations.ts';
import { lists } from './lists.ts';
import { recovery } from './recovery.ts';
import { replyLatency } from './reply.ts';
import { sites } from './sites.ts';
import { start } from './start.ts';
import { surveyAnswers } from './survey-answers.ts';
import { surveyResults } from './survey-results.ts';

const BENCHES: Readonly<Record<string, (quick: boolean) => Promise<void>>> = {
  instruction,
  reply: replyLatency,
  idle,
  lists,
  recovery,
  start,
  intake,
  invitations,
  'audit-at': auditAt,
  sites,
  'survey-answers': surveyAnswers,
  'survey-results': surveyResults,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const bench = BENCHES[positionals[0] ?? ''];
if (bench === undefined) {
  console.error(`npm run bench -- <${Object.keys(BENCHES).join('|')}> [--quick]`);
  process.exitCode = 1;
} else {
  console.log(
    `${positionals[0] ?? ''}: ${cpus().length} cores (${cpus()[0]?.model ?? '?'}), Node ${process.versions.node}, Temporal's SQLite synchronous=2`,
  );
  await bench(values.quick);
}
