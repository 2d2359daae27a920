// An SMTP server in a process of its own that takes every mail and keeps none. Prints its port, and a count on request.
import { createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';

let taken = 0;
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, _session, done) {
    stream.resume();
    stream.on('end', () => {
      taken += 1;
      done();
    });
  },
});
const counter = createServer((socket) => socket.end(String(taken)));
await Promise.all([
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
  new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve)),
]);
const portOf = (address: unknown): number => (address as { port: number }).port;
process.stdout.write(
  `${JSON.stringify({ smtp: portOf(server.server.address()), counter: portOf(counter.address()) })}\n`,
);
