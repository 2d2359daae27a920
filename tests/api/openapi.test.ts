import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeApi } from '../../api/describe.ts';

test('the description is valid OpenAPI 3.1 and equal to docs/openapi.json (`npm run openapi` writes it)', async () => {
  const document = JSON.parse(JSON.stringify(await describeApi())) as { openapi: string };
  expect(document.openapi).toBe('3.1.0');
  const validity = await new Validator().validate(structuredClone(document));
  expect(validity).toMatchObject({ valid: true });
  const file = join(import.meta.dirname, '../../docs/openapi.json');
  expect(document).toEqual(JSON.parse(await readFile(file, 'utf8')));
});
