import {
  ApplicationFailure,
  getExternalWorkflowHandle,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { InboundActivities } from '../activities/contract.ts';
import type { MailNotice } from '../domain/mail-notice.ts';
import type { MailSignal } from '../domain/mail-reading.ts';
import { PATIENT_READING, QUICK_READING } from './activity-profiles.ts';
import { instructionWorkflowId, MAIL_SIGNAL, type InboundInput } from './contract.ts';
import { isActivityTrouble, quickThenPatient } from './recording.ts';

const quick = proxyLocalActivities<InboundActivities>(QUICK_READING);
const patient = proxyActivities<InboundActivities>(PATIENT_READING);

/**
 * One received mail: understood, stored and told to its instruction by one local activity; what could not be told then is
 * told by a signal of the workflow's own, for as long as Temporal is away from the worker.
 */
export async function inboundMail({ version, mail }: InboundInput): Promise<void> {
  // A later version than this code knows is left to a later code.
  if ((version as number) !== 1) throw ApplicationFailure.retryable(`InboundInput of version ${String(version)}`);
  const now = Date.now();
  const signal = await quickThenPatient(
    () => quick.understandMail(mail, now),
    () => patient.understandMail(mail, now),
  );
  if (signal !== null && !(await tell(signal))) await patient.setMailAside(mail);
}

/** @returns false when nobody follows that instruction any more */
async function tell({ instruction, notice }: MailSignal): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(instructionWorkflowId(instruction)).signal<[MailNotice]>(MAIL_SIGNAL, notice);
    return true;
  } catch (error) {
    if (!isActivityTrouble(error)) throw error;
    return false;
  }
}
