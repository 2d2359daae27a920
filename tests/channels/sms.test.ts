import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { smsGateway } from '../../channels/sms.ts';

let server: Server;
let url: string;
let status = 200;
const received: { headers: IncomingMessage['headers']; body: unknown }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (status === 0) {
        request.socket.destroy();
        return;
      }
      received.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://user:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}/sms`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const SMS = { to: '+33612345678', text: 'à lire', messageId: 'd1@reply.vigie.example' };

test('the gateway gets the number, the words and a key that is the same for every attempt', async () => {
  expect(await smsGateway(url).send(SMS)).toEqual({ outcome: 'sent' });
  expect(received[0]!.body).toEqual({ to: SMS.to, text: SMS.text, id: SMS.messageId });
  expect(received[0]!.headers).toMatchObject({
    'idempotency-key': SMS.messageId,
    authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
  });
});

test.each([
  [400, 'refused'],
  [422, 'refused'],
  [401, 'later'],
  [429, 'later'],
  [503, 'later'],
  [0, 'doubt'],
] as const)('an answer of %d is «%s» (0: the connection is lost)', async (answer, outcome) => {
  status = answer;
  expect(await smsGateway(url).send(SMS)).toMatchObject({ outcome });
});

test('a gateway that is away is «later», a number that is none is refused', async () => {
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  expect(await smsGateway(`http://127.0.0.1:${port}/`).send(SMS)).toMatchObject({ outcome: 'later' });
  expect(await smsGateway(url).send({ ...SMS, to: '0612' })).toMatchObject({ outcome: 'refused' });
});
