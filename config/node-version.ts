/**
 * First import of every entry point: an older Node would fail later with a message about types or about `import.meta`.
 * npm scripts run on the Node that `npm ci` installs; outside them the system's own runs.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(
    `Vigie needs Node 24.9 or later; this is ${process.versions.node} (${process.execPath}).\n` +
      'Start it with an npm script (npm start, npm run api, …): npm ci installs the right Node on Linux.\n' +
      'Elsewhere, install Node 24 from https://nodejs.org.\n',
  );
  process.exit(1);
}

export {};
