import '../config/node-version.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeApi } from './describe.ts';

// `npm run openapi`: docs/openapi.json from the routes, for whoever generates a client. A test holds the two equal.
const file = join(import.meta.dirname, '../docs/openapi.json');
await writeFile(file, `${JSON.stringify(await describeApi(), null, 2)}\n`);
process.stdout.write(`${file}\n`);
