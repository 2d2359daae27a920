import '../../config/node-version.ts';
import { readAddresses } from '../addresses.ts';
import { closing, deadlines, openInstruction, refusal, silence, threeDoors } from './chapters.ts';
import { deskClient } from './desk-client.ts';
import { teller } from './tell.ts';

// Plays one instruction, from draft to closure, on the desk that runs: everything is asked as its users ask it.
try {
  const addresses = await readAddresses();
  if (!(await answers(addresses.api)))
    throw new Error(`Aucun bureau ne répond à ${addresses.api} : lancez d’abord « npm start ».`);
  const tell = teller((line) => console.log(line), process.stdout.isTTY);
  console.log('Une instruction « pour action », du projet à la clôture, en deux minutes environ.');
  const stage = await openInstruction(deskClient(addresses), tell);
  await threeDoors(stage);
  await refusal(stage);
  await silence(stage);
  await deadlines(stage);
  await closing(stage);
  console.log('\nTout s’est passé comme prévu.');
} catch (error) {
  console.error(`\nLa démonstration s’arrête : ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function answers(api: string): Promise<boolean> {
  try {
    return (await fetch(`${api}/healthz`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false; // nobody listens
  }
}
