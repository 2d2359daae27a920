import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { signalsToFollow } from '../db/stores/desk/early-signals.ts';
import { mailsToUnderstand } from '../db/stores/desk/inbound-mail.ts';
import { seriesToSchedule } from '../db/stores/desk/survey-series.ts';
import { lookAtAnswers } from '../db/stores/desk/survey-watch.ts';
import { eachInTurn } from '../domain/each-in-turn.ts';
import type { StartReading } from './starting.ts';

const EVERY_MS = 15_000;
/** Younger ones are being started by whoever took them. */
const AGE_MS = 5_000;
const PAGE = 100;

export interface SweepSettings {
  readonly database: Database;
  readonly log: Logger;
  readonly start: StartReading;
  /** Between two sweeps, ms. */
  readonly everyMs?: number;
}

interface Sweeping {
  stop(): Promise<void>;
}

/** Starts the reading of stored mails whose start was lost (Temporal away, intake killed): at once, then every 15 s. */
export const startSweep = (settings: SweepSettings): Sweeping =>
  repeat('received mails', settings, (isStopped) => sweep(settings, isStopped));

export interface SignalSweepSettings extends Pick<SweepSettings, 'database' | 'log' | 'everyMs'> {
  readonly follow: (signal: string) => Promise<void>;
}

/** Has early signals followed that were stored while Temporal was away: at once, then every 15 s. */
export const startSignalSweep = (settings: SignalSweepSettings): Sweeping =>
  repeat('early signals', settings, (isStopped) => sweepSignals(settings, isStopped));

export interface SeriesSweepSettings extends Pick<SweepSettings, 'database' | 'log' | 'everyMs'> {
  readonly keep: (series: string) => Promise<void>;
}

/** Tells Schedules of series of surveys what was written while Temporal was away: at once, then every 15 s. */
export const startSeriesSweep = ({ keep, ...settings }: SeriesSweepSettings): Sweeping =>
  repeat('series of surveys', settings, async (isStopped) => {
    await eachInTurn(await seriesToSchedule(settings.database.sql, true), isStopped, keep);
  });

export interface ThresholdSweepSettings extends Pick<SweepSettings, 'database' | 'log' | 'everyMs'> {
  readonly nudge: (survey: string) => Promise<void>;
}

/** Has surveys told of figures that have crossed a threshold, or come back: at once, then every 15 s. */
export const startThresholdSweep = ({ nudge, ...settings }: ThresholdSweepSettings): Sweeping =>
  repeat('thresholds of surveys', settings, (isStopped) =>
    lookAtAnswers(settings.database.sql, Date.now(), nudge, isStopped),
  );

function repeat(
  what: string,
  { log, everyMs }: Pick<SweepSettings, 'log' | 'everyMs'>,
  pass: (isStopped: () => boolean) => Promise<unknown>,
): Sweeping {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  const run = (): void => {
    current = pass(() => stopped)
      .catch((error: unknown) => log.warn({ err: error }, `sweep of ${what} broken off`))
      .then(() => {
        if (!stopped) timer = setTimeout(run, everyMs ?? EVERY_MS);
      });
  };
  run();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

/** One pass over all of them; ends at the first that cannot be started, for Temporal is away then. */
export async function sweep(settings: SweepSettings, isStopped: () => boolean = () => false): Promise<number> {
  const before = Date.now() - (settings.everyMs === undefined ? AGE_MS : 0);
  let started = 0;
  let after: { readonly at: Date; readonly id: string } | null = null;
  for (;;) {
    const page = await mailsToUnderstand(settings.database, { before, after, limit: PAGE });
    for (const mail of page) {
      if (isStopped()) return started;
      await settings.start(mail);
      started += 1;
    }
    after = page.at(-1) ?? null;
    if (after === null) return started;
  }
}

/** One pass over the oldest of them; ends at the first that cannot be started, for Temporal is away then. */
async function sweepSignals(settings: SignalSweepSettings, isStopped: () => boolean): Promise<void> {
  const before = Date.now() - (settings.everyMs === undefined ? AGE_MS : 0);
  for (const { id } of await signalsToFollow(settings.database, before, PAGE)) {
    if (isStopped()) return;
    await settings.follow(id);
  }
}
