import { Client, Connection } from '@temporalio/client';
import { expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { SEARCH_ATTRIBUTES } from '../../stack/temporal-server.ts';
import { testServers } from '../support/servers.ts';

test('the Temporal server of the run has the desk’s search attributes', async () => {
  const connection = await Connection.connect({ address: testServers().temporalAddress });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(customAttributes).toMatchObject(SEARCH_ATTRIBUTES);
    expect(await new Client({ connection }).workflow.count()).toMatchObject({ count: expect.any(Number) });
  } finally {
    await connection.close();
  }
});

test('the PostgreSQL of the run takes connections', async () => {
  const { hostname, port, username } = new URL(testServers().postgresUrl);
  expect(username).toBe('vigie');
  const socket = connect({ host: hostname, port: Number(port) });
  // The SSLRequest of the protocol; a server without TLS answers N.
  socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const answer = await new Promise<Buffer>((resolve, reject) => socket.once('data', resolve).once('error', reject));
  expect(answer.toString()).toBe('N');
  socket.destroy();
});
