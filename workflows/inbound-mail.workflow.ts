import {
  ApplicationFailure,
  condition,
  getExternalWorkflowHandle,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { InboundActivities } from '../activities/contract.ts';
import type { MailNotice } from '../domain/mail-notice.ts';
import type { MailAnswered, MailSignal } from '../domain/mail-reading.ts';
import { PATIENT_READING, QUICK_READING } from './activity-profiles.ts';
import { instructionWorkflowId, MAIL_SIGNAL, NUDGE_SIGNAL, surveyWorkflowId, type InboundInput } from './contract.ts';
import { Mailings } from './mailing.ts';
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
  const sequel = await quickThenPatient(
    () => quick.understandMail(mail, now),
    () => patient.understandMail(mail, now),
  );
  if (sequel === null) return;
  if ('mailing' in sequel) await answer(sequel);
  else if (!(await tell(sequel))) await patient.setMailAside(mail);
}

/** The letter that answers a mail leaves by the one path of mailings, for as long as the relay is away. */
async function answer({ mailing, complete }: MailAnswered): Promise<void> {
  const mailings = new Mailings();
  if (mailing !== null) mailings.ask([mailing]);
  if (complete !== null) await nudge(complete);
  await condition(() => mailings.isIdle);
}

/** Lost where the survey has ended: its calendar reads the table as well. */
async function nudge(survey: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(surveyWorkflowId(survey)).signal(NUDGE_SIGNAL);
  } catch (error) {
    if (!isActivityTrouble(error)) throw error;
  }
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
