// Heavy tests (whole stacks, kills) start many processes each: two files at a time fill two cores.
export default {
  // Node itself loads the tests and what they test, once a worker (docs/adr/0044).
  testEnvironment: '<rootDir>/tests/support/bare-environment.ts',
  runtime: '<rootDir>/tests/support/bare-runtime.ts',
  transform: {},
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  testSequencer: '<rootDir>/tests/support/longest-first.js',
  maxWorkers: 2,
  // What a test file has made stays with its module: a worker that holds much begins anew.
  workerIdleMemoryLimit: '512MB',
  testTimeout: 60_000,
};
