import { proxyActivities } from '@temporalio/workflow';
import type { HistoryActivities } from '../activities/contract.ts';
import { ARCHIVING } from './activity-profiles.ts';

const { archiveHistories } = proxyActivities<HistoryActivities>(ARCHIVING);

/** Started by its Schedule: keeps what the engine will forget. @returns how many histories were copied */
export const historyArchive = (): Promise<number> => archiveHistories();
