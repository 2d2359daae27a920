import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * Recording a turn, first try: a local activity, half the history events of an ordinary one.
 * - 4 s: a transaction of 500 follow-ups takes well under one; a database that has not answered by then is ill.
 * - 3 attempts: a local activity that keeps retrying holds the Updates of its workflow for ever, and
 *   `scheduleToCloseTimeout` does not end it. A restarted PostgreSQL or a lost connection is over in one more try.
 * - 200 ms, then 400 ms: a serialisation failure goes away at once; three timeouts end after 13 s.
 */
export const QUICK_RECORDING: LocalActivityOptions = {
  startToCloseTimeout: '4 s',
  retry: { maximumAttempts: 3, initialInterval: '200 ms', backoffCoefficient: 2 },
};

/**
 * Recording a turn when the database is away: an ordinary activity, seen in the Temporal UI with its last failure.
 * - unlimited attempts: what a workflow has decided is recorded, however long the outage.
 * - 30 s at most between two: after the outage nobody waits longer than that.
 * - 20 s: five times the quick one's, for a database that is up again but slow.
 */
export const PATIENT_RECORDING: ActivityOptions = {
  startToCloseTimeout: '20 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s' },
};

/**
 * Sending what is planned of one instruction, one mail after the other.
 * - heartbeat 8 s: a killed worker is noticed within 8 s, and its mails leave from another; a beat costs no history.
 * - 1 h: 500 recipients at the 5 s that a slow relay takes for a mail, and half as much again; the heartbeat watches meanwhile.
 * - unlimited attempts, 30 s at most between two: a mail planned is a mail sent, and a relay that is back is used at once.
 */
export const DISPATCH: ActivityOptions = {
  startToCloseTimeout: '1 h',
  heartbeatTimeout: '8 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s' },
};

/**
 * One slice of a mailing, some hundred mails; then whoever else mails gets its turn.
 * - heartbeat 8 s, unlimited attempts, 30 s at most between two: as for sending.
 * - 1 h: 400 mails over two lines at the 5 s that a slow relay takes for a mail are 17 minutes.
 */
export const MAILING: ActivityOptions = {
  startToCloseTimeout: '1 h',
  heartbeatTimeout: '8 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s' },
};

/**
 * Reading a mail, first try: a local activity.
 * - 15 s: one second of parsing for any mail and five more for a small one on a machine short of breath, 25 MB out of the
 *   database, a few small statements.
 * - 3 attempts, as for recording: then the same as an ordinary activity, for as long as the database is away.
 */
export const QUICK_READING: LocalActivityOptions = {
  startToCloseTimeout: '15 s',
  retry: { maximumAttempts: 3, initialInterval: '200 ms', backoffCoefficient: 2 },
};

/** The same when the database is away: seen in the Temporal UI, without end, 30 s at most between two. */
export const PATIENT_READING: ActivityOptions = {
  startToCloseTimeout: '60 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s' },
};

/**
 * Copying histories that have ended, a few milliseconds each.
 * - heartbeat 30 s: one history of 50 000 events is read well within it.
 * - 6 h: the Schedule's own interval; what is left then is taken by the next.
 * - unlimited attempts, 5 min at most between two: the engine remembers for weeks, nothing hurries.
 */
export const ARCHIVING: ActivityOptions = {
  startToCloseTimeout: '6 h',
  heartbeatTimeout: '30 s',
  retry: { initialInterval: '5 s', backoffCoefficient: 2, maximumInterval: '5 min' },
};

/**
 * Rooting the audit and mailing the root.
 * - 5 min: all heads of years are read within seconds; a relay that is slow takes less than one.
 * - 20 h: then the next day's root is near, which commits to this one; a relay that is away shows in the Temporal UI.
 */
export const ROOTING: ActivityOptions = {
  startToCloseTimeout: '5 min',
  scheduleToCloseTimeout: '20 h',
  retry: { initialInterval: '5 s', backoffCoefficient: 2, maximumInterval: '10 min' },
};

/**
 * Sending notices of duty, one after the other.
 * - heartbeat 60 s after each mail: a silent relay is given up after 45 s, so a living worker always beats.
 * - 30 min: forty hand-overs at the 45 s of a relay that does not answer.
 * - 5 attempts, then its workflow asks again by its own timer.
 */
export const NOTICE_SENDING: ActivityOptions = {
  startToCloseTimeout: '30 min',
  heartbeatTimeout: '60 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s', maximumAttempts: 5 },
};
