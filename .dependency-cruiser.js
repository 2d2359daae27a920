// The arrows of docs/ARCHITECTURE.md, as rules that fail. `only(folder, allowed)` forbids everything of ours that is not listed.
const OURS = '^(config|domain|workflows|activities|channels|db|gateway|api|intake|worker|stack|web|bench|tests)/';
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: OURS, pathNot: allowed },
});

export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: { pathNot: '^tests/guards/' }, to: { couldNotResolve: true } },
    { name: 'declared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
    only('config-stands-alone', '^config/', '^config/'),
    only('domain-is-pure', '^domain/', '^domain/'),
    {
      name: 'domain-without-io',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: ['^domain/', '(^|/)node_modules/((@types/)?luxon|date-easter|fraction\\.js|jsep)/'] },
    },
    {
      name: 'formulas-of-surveys-only',
      comment: 'jsep has one grammar for its process: one file cuts it down, nobody else parses with it.',
      severity: 'error',
      from: { path: '^(domain|workflows)/', pathNot: '^domain/survey/(expression|exact)\\.ts$' },
      to: { path: '(^|/)node_modules/(fraction\\.js|jsep)/' },
    },
    {
      name: 'one-door-to-the-holidays',
      severity: 'error',
      from: { path: '^domain/', pathNot: '^domain/holidays\\.ts$' },
      to: { path: '(^|/)node_modules/date-easter/' },
    },
    {
      name: 'workflows-without-holidays',
      comment: 'A table of holidays changes with the law; histories do not. Activities ask it.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^domain/holidays\\.ts$', reachable: true },
    },
    only('workflow-contract', '^workflows/contract\\.ts$', '^(domain/|activities/contract\\.ts$)'),
    only('workflows', '^workflows/', '^(workflows/|domain/|activities/contract\\.ts$)'),
    {
      name: 'workflows-in-the-sandbox',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-without-packages',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '(^|/)node_modules/',
        pathNot: '(^|/)node_modules/(@temporalio/(workflow|common)|luxon|@types/luxon)/',
      },
    },
    only('activity-contract', '^activities/contract\\.ts$', '^domain/'),
    only(
      'activities',
      '^activities/',
      '^(activities/|domain/|db/(stores|database|schema)|channels/|config/(keys|tokens)\\.ts$)',
    ),
    only('channels', '^channels/', '^(channels/|domain/|config/(keys|tokens)\\.ts$)'),
    only('db', '^db/', '^(db/|domain/|activities/contract\\.ts$|config/)'),
    only(
      'gateway',
      '^gateway/',
      '^(gateway/|workflows/contract\\.ts$|activities/contract\\.ts$|domain/|config/(keys|env)\\.ts$)',
    ),
    only(
      'api',
      '^api/',
      '^(api/|gateway/|db/(read-models|stores/desk|database|schema)|domain/|channels/(compose|views|preview|address|file-kind|templates|markdown|spreadsheets)|workflows/contract\\.ts$|config/)',
    ),
    only(
      'intake',
      '^intake/',
      '^(intake/|gateway/|db/(stores/desk|database|group-commit|schema)|domain/|channels/|workflows/contract\\.ts$|config/)',
    ),
    {
      name: 'nobody-imports-a-root',
      severity: 'error',
      from: { pathNot: '^(api|worker|intake|stack|tests|bench)/' },
      to: { path: '^(api|worker|intake|stack)/' },
    },
    { name: 'nobody-imports-tests', severity: 'error', from: { pathNot: '^tests/' }, to: { path: '^tests/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.vigie|coverage|docs)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
