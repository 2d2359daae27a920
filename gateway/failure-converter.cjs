/* global require, exports */
// CommonJS, because the SDK loads it by require(), in the worker and in the workflow bundle alike.
// Messages and stack traces of failures may quote data: they are sealed by the codec like every payload.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
