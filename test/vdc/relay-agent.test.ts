import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeClientPacket } from '../../vdc/dhcp-client.ts';
import { addresseeOf, relayToClient, relayToServer } from '../../vdc/relay-agent.ts';

const segment = { giaddr: '10.69.0.1', circuitId: 'port4', remoteId: 'tor1' };
const mac = '52:54:00:0a:00:00';
const discover = writeClientPacket(
  { program: 'firmware', mac, uuid: '4c4c4544-0000-2010-8020-80c04f202000' },
  1,
  0,
  null,
);

/** What a server makes of a relayed packet when it echoes all there is. */
function echo(relayed: Buffer): Buffer {
  const answer = Buffer.from(relayed);
  answer.writeUInt8(2, 0);
  return answer;
}

test('a packet to the server has one hop more, giaddr, and option 82 last', () => {
  const relayed = relayToServer(discover, segment);
  assert.is(relayed.readUInt8(3), 1, 'hops');
  assert.is(relayed.readUInt32BE(24), 0x0a450001, 'giaddr');
  const information = `520d0105${Buffer.from('port4').toString('hex')}0204${Buffer.from('tor1').toString('hex')}ff`;
  assert.is(relayed.subarray(discover.length - 1).toString('hex'), information);
  assert.equal(relayed.subarray(28, discover.length - 1), discover.subarray(28, -1), 'the rest is as it was');
  assert.is(discover.readUInt8(3), 0, 'the packet that came in is not touched');
});

test('an answer to the client has lost option 82', () => {
  const answer = echo(relayToServer(discover, segment));
  assert.equal(addresseeOf(answer), { giaddr: '10.69.0.1', mac });
  const delivered = relayToClient(answer, segment);
  assert.equal(delivered.subarray(28), discover.subarray(28));
});

test('an answer with option 82 missing or changed is kept back', () => {
  const changed = echo(relayToServer(discover, { ...segment, circuitId: 'port5' }));
  assert.throws(() => relayToClient(changed, segment), /came back changed/);
  assert.throws(() => relayToClient(echo(discover), segment), /did not come back/);
});

test('requests and scraps have no addressee', () => {
  assert.is(addresseeOf(discover), null);
  assert.is(addresseeOf(Buffer.alloc(20)), null);
});

test.run();
