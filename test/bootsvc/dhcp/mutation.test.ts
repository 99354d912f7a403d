// Messages with random bytes in them, the same ones in each run: they are answered or refused, and nothing else happens.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePacket, encodePacket } from '../../../bootsvc/dhcp/packet.ts';
import { DhcpPacketError } from '../../../bootsvc/dhcp/packet-error.ts';
import { respond } from '../../../bootsvc/dhcp/respond.ts';
import { ipv4 } from '../../../schema/ipv4.ts';
import { ipxeDiscover, ovmfDiscover, ovmfRequest } from './firmware.ts';
import { httpX64, request, tables } from './site.ts';

const rounds = 40_000;
const giaddrAt = 24;
const optionsAt = 240;
const largestMessageBytes = 65_535;

/** Numbers from 0 up to below a limit: a linear congruential generator. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function relayed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(ipv4('10.69.0.65'), giaddrAt);
  return copy;
}

const relayAgent = Buffer.from('0104737770330202beef', 'hex');
const seeds = [
  relayed(ovmfDiscover),
  relayed(ovmfRequest),
  relayed(ipxeDiscover),
  encodePacket(request({ messageType: 'REQUEST', requestedAddress: ipv4('10.69.0.68'), ...httpX64, relayAgent })),
  encodePacket(request({ messageType: 'INFORM', overload: 3 }, { ciaddr: '10.69.0.68' })),
];

/** Read, answer and write; what came of it. */
function exchange(bytes: Buffer): string {
  try {
    const message = decodePacket(bytes);
    encodePacket(message, largestMessageBytes);
    const reply = respond(message, tables, { linkAddress: ipv4('10.69.0.80') });
    if ('drop' in reply) return reply.drop;
    decodePacket(encodePacket(reply.packet, reply.limitBytes));
    return reply.packet.options.messageType;
  } catch (error) {
    if (error instanceof DhcpPacketError) return error.code;
    throw error;
  }
}

test(`${rounds} mutated messages`, () => {
  const random = randomNumbers(20131);
  const outcomes = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    const bytes = Buffer.from(seeds[round % seeds.length] ?? ovmfDiscover);
    for (let left = 1 + random(6); left > 0; left -= 1) {
      const at = random(4) === 0 ? random(bytes.length) : Math.min(optionsAt + random(120), bytes.length - 1);
      bytes.writeUInt8(random(256), at);
    }
    const outcome = exchange(random(5) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const common = ['OFFER', 'ACK', 'NAK', 'unknown-relay', 'unknown-machine', 'other-server'];
  for (const outcome of [...common, 'short', 'truncated-option', 'message-type', 'option-value']) {
    assert.ok((outcomes.get(outcome) ?? 0) > 50, `${outcome} came out ${outcomes.get(outcome) ?? 0} times`);
  }
});

test.run();
