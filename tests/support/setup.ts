import { jest } from '@jest/globals';

// Whole systems on a busy machine: a test is tried a second time, and its first failure stays in the output to be looked into.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
