import '../config/node-version.ts';
import { rename, writeFile } from 'node:fs/promises';
import { bundleWorkflows } from './bundle-workflows.ts';

/* A job of its own: the bundler takes 200 MB, which a worker that had it in its own process would keep for good. */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: make-bundle.ts <file>');
const part = `${path}.${process.pid}`;
await writeFile(part, await bundleWorkflows());
await rename(part, path);
