import '../../config/node-version.ts';
import { readAddresses } from '../addresses.ts';
import { closing, deadlines, openInstruction, refusal, silence, threeDoors } from './chapters.ts';
import { deskClient, type DeskClient } from './desk-client.ts';
import { teller, type Teller } from './tell.ts';
import { close, consolidate, openTuesday, receive, remind, review } from './tuesday.ts';

// Plays an instruction, then a survey, on the desk that runs: everything is asked as its users ask it.
try {
  const addresses = await readAddresses();
  if (!(await answers(addresses.api)))
    throw new Error(`Aucun bureau ne répond à ${addresses.api} : lancez d’abord « npm start ».`);
  const tell = teller((line) => console.log(line), process.stdout.isTTY);
  const desk = deskClient(addresses);
  await playInstruction(desk, tell);
  await playTuesday(desk, tell);
  console.log('\nTout s’est passé comme prévu.');
} catch (error) {
  console.error(`\nLa démonstration s’arrête : ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function playInstruction(desk: DeskClient, tell: Teller): Promise<void> {
  console.log('Une instruction « pour action », du projet à la clôture, en deux minutes environ.');
  const stage = await openInstruction(desk, tell);
  await threeDoors(stage);
  await refusal(stage);
  await silence(stage);
  await deadlines(stage);
  await closing(stage);
}

async function playTuesday(desk: DeskClient, tell: Teller): Promise<void> {
  console.log('\nUn mardi de BACH, de l’ouverture à l’acceptation nationale, en une demi-minute environ.');
  const tuesday = await openTuesday(desk, tell);
  await receive(tuesday);
  await remind(tuesday);
  await review(tuesday);
  await close(tuesday);
  await consolidate(tuesday);
}

async function answers(api: string): Promise<boolean> {
  try {
    return (await fetch(`${api}/healthz`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false; // nobody listens
  }
}
