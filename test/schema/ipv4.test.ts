import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, formatIpv4, ipv4, network, overlaps, parseIpv4, parseNetwork } from '../../schema/ipv4.ts';
import { randomNumbers } from '../random.ts';

const addresses: readonly (readonly [text: string, address: number])[] = [
  ['0.0.0.0', 0],
  ['0.0.0.1', 1],
  ['10.69.0.3', 0x0a450003],
  ['127.255.255.255', 0x7fffffff],
  ['128.0.0.0', 0x80000000],
  ['255.255.255.255', 0xffffffff],
];

for (const [text, address] of addresses) {
  test(`${text} is ${address}`, () => {
    assert.is(parseIpv4(text), address);
    assert.is(ipv4(text), address);
    assert.is(formatIpv4(address), text);
  });
}

const noAddresses = [
  '',
  '10.0.0',
  '10.0.0.0.0',
  '10.0.0.256',
  '10.0.0.1000',
  '010.0.0.1',
  '10.0.0.01',
  '10.0.0.00',
].concat(
  [
    '-1.0.0.0',
    '10.0.0.1 ',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '0x0a.0.0.1',
    '1e1.0.0.1',
    '10.0.0.1/32',
    '::1',
    '::ffff:10.0.0.1',
  ],
  ['10.0.0.1%eth0', '10..0.1', '167772161', '١.٠.٠.١'],
);

for (const text of noAddresses) {
  test(`${JSON.stringify(text)} is no address`, () => {
    assert.is(parseIpv4(text), null);
    assert.throws(
      () => ipv4(text),
      (error: unknown) => error instanceof RangeError,
    );
  });
}

const networks: readonly (readonly [text: string, first: string, last: string, prefixLength: number])[] = [
  ['10.69.0.0/20', '10.69.0.0', '10.69.15.255', 20],
  ['10.72.49.0/25', '10.72.49.0', '10.72.49.127', 25],
  ['10.64.0.0/14', '10.64.0.0', '10.67.255.255', 14],
  ['192.0.2.1/32', '192.0.2.1', '192.0.2.1', 32],
  ['192.0.2.2/31', '192.0.2.2', '192.0.2.3', 31],
  ['128.0.0.0/1', '128.0.0.0', '255.255.255.255', 1],
  ['0.0.0.0/0', '0.0.0.0', '255.255.255.255', 0],
];

for (const [text, first, last, prefixLength] of networks) {
  test(`${text} goes from ${first} to ${last}`, () => {
    assert.equal(parseNetwork(text), { first: ipv4(first), last: ipv4(last), prefixLength });
    assert.equal(network(text), parseNetwork(text));
  });
}

const noNetworks = [
  '10.0.0.0',
  '10.0.0.0/',
  '/8',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/08',
  '10.0.0.0/00',
  '10.0.0.0/8 ',
].concat([
  '10.0.0.1/8',
  '10.69.8.0/20',
  '128.0.0.0/0',
  '10.0.0.0/255.0.0.0',
  '10.0.0/8',
  '10.0.0.0/8/8',
  '10.0.0.0/1e1',
  '::/0',
]);

for (const text of noNetworks) {
  test(`${JSON.stringify(text)} is no network`, () => {
    assert.is(parseNetwork(text), null);
    assert.throws(
      () => network(text),
      (error: unknown) => error instanceof RangeError,
    );
  });
}

test('numbers outside the address space have no text', () => {
  for (const address of [-1, 2 ** 32, 1.5, Number.NaN]) {
    assert.throws(
      () => formatIpv4(address),
      (error: unknown) => error instanceof RangeError,
    );
  }
});

test('text and number are the same address', () => {
  const random = randomNumbers(4);
  for (let round = 0; round < 1000; round++) {
    const bytes = Array.from({ length: 4 }, () => random.below(256));
    const text = bytes.join('.');
    assert.is(formatIpv4(ipv4(text)), text);
    assert.is(ipv4(text), Buffer.from(bytes).readUInt32BE());
  }
});

test('a network contains its first and last address, and neither neighbour', () => {
  const net = network('10.69.0.64/26');
  assert.equal(
    ['10.69.0.63', '10.69.0.64', '10.69.0.127', '10.69.0.128'].map((text) => contains(net, ipv4(text))),
    [false, true, true, false],
  );
});

const pairs: readonly (readonly [a: string, b: string, overlap: boolean])[] = [
  ['10.0.0.0/8', '10.255.0.0/16', true],
  ['10.0.0.0/25', '10.0.0.128/25', false],
  ['10.0.0.0/24', '10.0.0.255/32', true],
  ['10.0.0.0/24', '10.0.1.0/32', false],
  ['0.0.0.0/0', '255.255.255.255/32', true],
  ['10.1.0.0/16', '10.1.0.0/16', true],
];

for (const [a, b, overlap] of pairs) {
  test(`${a} and ${b} ${overlap ? 'overlap' : 'stand apart'}`, () => {
    assert.is(overlaps(network(a), network(b)), overlap);
    assert.is(overlaps(network(b), network(a)), overlap);
  });
}

test.run();
