// npm run reconcile: after PostgreSQL and Temporal were restored to different instants, lists what differs and mends it.
// With `-- --list` it only lists. Exit code 1 where a difference stays.
import '../config/node-version.ts';
import { readEnv } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { connectGateway } from '../gateway/connection.ts';
import { SUPERSEDED_WORDS } from '../domain/relation.ts';
import { earlySignalGateway } from '../gateway/early-signal-gateway.ts';
import { instructionGateway } from '../gateway/instruction-gateway.ts';
import { relayGateway } from '../gateway/relay-gateway.ts';
import { surveyGateway } from '../gateway/survey-gateway.ts';
import { surveySeriesGateway } from '../gateway/survey-series-gateway.ts';
import { differences, mend, type Difference } from './reconciliation.ts';
import { mendSeries, type SeriesDifference, seriesDifferences } from './series-reconciliation.ts';
import { mendSignal, signalDifferences, type SignalDifference } from './signal-reconciliation.ts';
import { mendSurvey, type SurveyDifference, surveyDifferences } from './survey-reconciliation.ts';

const env = readEnv();
const listOnly = process.argv.includes('--list');
const database = await openDatabase(env.databaseUrl, { poolSize: 2 });
const temporal = await connectGateway({ ...env.temporal, keys: env.keys });
const reconciler = {
  recorder: { sql: database.sql, keys: env.keys, mailReplyDomain: env.mailReplyDomain },
  client: temporal.client,
  gateway: instructionGateway(temporal),
  relays: relayGateway(temporal),
};
const series = { database, client: temporal.client, gateway: surveySeriesGateway(temporal) };
const { recorder: store, client } = reconciler;
const signals = { store, client, gateway: earlySignalGateway(temporal) };
const surveys = { sql: database.sql, client, gateway: surveyGateway(temporal) };
try {
  const found = await differences(reconciler);
  const ofSignals = await signalDifferences(signals);
  const ofSeries = await seriesDifferences(series);
  const ofSurveys = await surveyDifferences(surveys);
  if (found.length + ofSignals.length + ofSeries.length + ofSurveys.length === 0)
    console.log('La base et les processus disent la même chose.');
  for (const difference of found) await settle(words(difference), () => mend(reconciler, difference));
  for (const difference of ofSignals) await settle(signalWords(difference), () => mendSignal(signals, difference));
  for (const difference of ofSeries) await settle(seriesWords(difference), () => mendSeries(series, difference));
  for (const difference of ofSurveys) await settle(surveyWords(difference), () => mendSurvey(surveys, difference));
} finally {
  await Promise.all([temporal.close(), database.close()]);
}

async function settle(said: string, mending: () => Promise<boolean>): Promise<void> {
  const mended = !listOnly && (await mending());
  if (!mended) process.exitCode = 1;
  console.log(`${said}${mended ? ' → rétabli' : listOnly ? '' : ' → À TRAITER À LA MAIN'}`);
}

function signalWords(difference: SignalDifference): string {
  const name = `Signal précoce ${difference.id}`;
  if (difference.kind === 'noWorkflow')
    return `${name} : plus aucun processus ne le suit, la base en est au tour ${difference.database}`;
  if (difference.kind === 'noRow') return `${name} : inconnu de la base`;
  return `${name} : la base en est au tour ${difference.database}, le processus au tour ${difference.state.seq}`;
}

function seriesWords({ kind, id }: SeriesDifference): string {
  const said = {
    missing: 'rien ne l’ouvre plus à ses heures',
    left: 'terminée, et pourtant toujours programmée',
    other: 'programmée autrement que la base ne le dit',
    noRow: 'inconnue de la base, et pourtant programmée',
    pending: 'une ouverture commencée que plus aucun processus ne finit',
  };
  return `Série d’enquêtes ${id} : ${said[kind]}`;
}

function surveyWords(difference: SurveyDifference): string {
  if (difference.kind === 'noRow') return `Enquête ${difference.id} : inconnue de la base, et pourtant suivie`;
  const said = {
    noWorkflow: 'plus aucun processus ne tient son calendrier ni n’envoie ses courriels',
    other: 'son processus attend autre chose que ce que dit la base',
  };
  return `Enquête « ${difference.title} » (${difference.id}) : ${said[difference.kind]}`;
}

function words(difference: Difference): string {
  if (difference.kind === 'noRelay') {
    const { number, organisation } = difference.left;
    return `${number}, relais de ${organisation} : plus aucun processus n’envoie ce qui reste`;
  }
  if (difference.kind === 'noRelayRow')
    return `relais de ${difference.organisation} (${difference.instruction}) : inconnu de la base, son processus attend`;
  const { number, seq } = difference.process;
  const name = `${number} (${difference.id})`;
  if (difference.kind === 'noWorkflow')
    return `${name} : plus aucun processus ne la suit, la base en est au tour ${seq}`;
  if (difference.kind === 'noRow') return `${name} : inconnue de la base, le processus en est au tour ${seq}`;
  if (difference.kind === 'untold') {
    const { relation, number: other } = difference.by;
    return `${name} : son processus n’a pas appris qu’elle a été ${SUPERSEDED_WORDS[relation]} ${other}`;
  }
  return `${name} : la base en est au tour ${difference.database}, le processus au tour ${seq}`;
}
