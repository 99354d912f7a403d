import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { IgnitionError, type IgnitionFault, ignitionScope, prepareIgnition } from '../../renderers/ignition.ts';
import { canonicalJson } from '../../schema/canonical.ts';
import type { IgnitionSource } from '../../schema/types/ignition-object.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { RackObject } from '../../schema/types/rack-object.ts';
import { randomNumbers } from '../random.ts';

function source(config: Record<string, unknown>): IgnitionSource {
  return { kind: 'ignition', role: 'cs', version: '3.3.0', variables: {}, config };
}

function render(config: Record<string, unknown>, scope = {}): unknown {
  const text = prepareIgnition(source(config))(scope);
  const value: unknown = JSON.parse(text);
  assert.is(text, canonicalJson(value), 'canonical');
  return value;
}

const ignition = { version: '3.3.0' };

test('an empty config is one that Ignition takes', () => {
  assert.equal(render({}), { ignition });
});

test('sections and members are in their order, whatever the order in the source', () => {
  const text = prepareIgnition(source({ systemd: { units: [{ name: 'b', enabled: true }] }, passwd: { users: [] } }))(
    {},
  );
  assert.is(
    text,
    '{"ignition":{"version":"3.3.0"},"passwd":{"users":[]},"systemd":{"units":[{"enabled":true,"name":"b"}]}}',
  );
});

test('file contents become data URLs, and are the same bytes when they are read back', () => {
  const inline = 'a b%+\n\t"\'<é\u{1f600}>#?;,\\\0\ufeff{x}';
  const rendered = render({ storage: { files: [{ path: '/a', mode: 420, contents: { inline } }] } });
  const { storage } = rendered as {
    storage: { files: { path: string; mode: number; contents: { source: string } }[] };
  };
  const [file] = storage.files;
  assert.equal([file?.path, file?.mode], ['/a', 420]);
  const url = file?.contents.source ?? '';
  assert.match(url, /^data:,[A-Za-z0-9\-_.!~*'()%]+$/);
  assert.is(decodeURIComponent(url.slice('data:,'.length)), inline);
});

test('an empty file has an empty data URL', () => {
  assert.equal(render({ storage: { files: [{ contents: { inline: '' } }] } }), {
    ignition,
    storage: { files: [{ contents: { source: 'data:,' } }] },
  });
});

test('values are escaped where they stand: in JSON, and in a data URL', () => {
  const value = '"\\\n\u0001{{ x }}%22,é';
  const config = {
    systemd: { units: [{ name: '{{ v }}', contents: '"{{ v }}"' }] },
    storage: { files: [{ contents: { inline: '{{ v }}' } }] },
  };
  assert.equal(render(config, { v: value }), {
    ignition,
    systemd: { units: [{ name: value, contents: `"${value}"` }] },
    storage: { files: [{ contents: { source: `data:,${encodeURIComponent(value)}` } }] },
  });
});

test('a value is no template: what it holds is not filled in again', () => {
  assert.equal(render({ x: { b: ['{{ v }}'] } }, { v: '{{ v }}' }), { ignition, x: { b: ['{{ v }}'] } });
});

test('lists in templates, in both encodings', () => {
  const text = '{{ each ntp }}\nserver "{{ item }}"\n{{ end }}\n';
  const rendered = 'server "a b"\nserver "c"\n';
  assert.equal(render({ x: { files: [{ text, contents: { inline: text } }] } }, { ntp: ['a b', 'c'] }), {
    ignition,
    x: { files: [{ text: rendered, contents: { source: `data:,${encodeURIComponent(rendered)}` } }] },
  });
});

function faults(action: () => unknown): readonly IgnitionFault[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof IgnitionError)) throw error;
    assert.is(error.code, 'IGNITION');
    assert.is(error.message, error.faults[0]?.message);
    return error.faults;
  }
  throw new Error('nothing was wrong');
}

const broken = {
  storage: {
    files: [
      { path: '/{{ a', contents: { inline: 'ok' } },
      { path: '/ok', contents: { inline: 'x\n{{ each b }}' } },
    ],
  },
  systemd: { units: [{ name: 'ok', dropins: [{ contents: '{{ 1 }}' }] }] },
};

test('every text that is no template is found at once', () => {
  assert.equal(
    faults(() => prepareIgnition(source(broken))),
    [
      { message: 'this {{ has no }}', pointer: '/storage/files/0/path', offset: 1, variable: null },
      { message: 'this each has no end', pointer: '/storage/files/1/contents/inline', offset: 2, variable: null },
      { message: '1 is no variable', pointer: '/systemd/units/0/dropins/0/contents', offset: 0, variable: null },
    ],
  );
});

test('every text that cannot be filled in is found at once, and a scope that has all is rendered after that', () => {
  const renderer = prepareIgnition(source({ x: { b: ['x {{ p.q }}', '{{ r }}', 'ok'] } }));
  assert.equal(
    faults(() => renderer({ p: {} })).map(({ pointer, offset, variable }) => [pointer, offset, variable]),
    [
      ['/x/b/0', 2, 'p.q'],
      ['/x/b/1', 0, 'r'],
    ],
  );
  assert.is(renderer({ p: { q: 1 }, r: 2 }), '{"ignition":{"version":"3.3.0"},"x":{"b":["x 1","2","ok"]}}');
});

/** The same by other means: values first, then data URLs, then JSON as a whole. */
function renderPlainly(value: unknown, scope: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return value.replaceAll(/\{\{ (\w+) \}\}/g, (_, name: string) => scope[name] ?? '');
  if (Array.isArray(value)) return value.map((item) => renderPlainly(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    return name === 'inline'
      ? (['source', `data:,${encodeURIComponent(String(renderPlainly(member, scope)))}`] as const)
      : ([name, renderPlainly(member, scope)] as const);
  });
  return Object.fromEntries(members);
}

test('random texts, rendered in two ways', () => {
  const random = randomNumbers(8);
  const characters = [...' abc\n\t\r"\'\\/%&<>{}#\u0000\u0007\u007f\u2028é\u{1f600}漢'];
  const text = (length: number): string => {
    return Array.from({ length: random.below(length) }, () => random.pick(characters)).join('');
  };
  const template = (): string => {
    const parts = Array.from({ length: random.below(6) }, () => {
      // Braces of the text itself would be taken for tags.
      return random.below(3) === 0 ? `{{ ${random.pick(['one', 'two'])} }}` : text(12).replaceAll('{', '(');
    });
    return parts.join('');
  };
  for (let round = 0; round < 300; round++) {
    const scope = { one: text(10), two: text(10) };
    const config = {
      systemd: {
        units: Array.from({ length: random.below(3) }, () => ({
          name: template(),
          enabled: true,
          contents: template(),
        })),
      },
      storage: {
        files: Array.from({ length: random.below(3) }, () => ({
          path: template(),
          mode: 420,
          contents: { inline: template() },
        })),
        links: [{ target: template(), path: template(), hard: false }],
      },
    };
    const plain = { ignition, ...(renderPlainly(config, scope) as object) };
    assert.is(prepareIgnition(source(config))(scope), canonicalJson(plain));
  }
});

const digest = '0'.repeat(64);
const machine: MachineObject = {
  kind: 'machine',
  serial: 'S1',
  name: 'r0-04',
  rack: 'r0',
  slot: 4,
  role: 'cs',
  macs: ['02:00:00:00:00:01'],
  node: '10.69.0.4',
  links: [1, 2].map((k) => ({ tor: `r0-tor${k}`, address: `10.69.${k}.4`, prefixLength: 26, gateway: `10.69.${k}.1` })),
  bmc: { type: 'redfish', address: '10.72.17.4', prefixLength: 20, gateway: '10.72.16.1' },
  labels: { gpu: 'l4', 'berth.dev/role': 'compute' },
  boot: { os: 'flatcar', kernel: digest, initrd: digest, arguments: [], ignitionSource: digest, ignition: digest },
  bootDigest: digest,
};
const rack: RackObject = { kind: 'rack', name: 'r0', rack: 0, asn: 64600, powerFeed: 'A', tors: [], machines: {} };
const site = {
  kind: 'site',
  site: 'tokyo0',
  domain: 'tokyo0.example.com',
  dns: ['10.69.0.3'],
  ntp: ['10.69.0.3', '10.69.0.195'],
  leaseSeconds: 3600,
  servers: [
    { name: 'boot-0', rack: 0, joined: true, node: '10.69.0.3', links: [] },
    { name: 'boot-1', rack: 1, joined: false, node: '10.69.0.195', links: [] },
  ],
  rollout: { racksAtOnce: 1, maxUnavailablePerRack: 1, canaries: 1, deadlineSeconds: 600 },
  releases: digest,
  ignition: {},
} as const;

const scopeOf = (changes: object = {}) => {
  const head = { ...structuredClone(site), ...changes } as unknown as Parameters<typeof ignitionScope>[0];
  return ignitionScope(head, rack, machine, { ...source({}), variables: { disk: '/dev/sda', count: 3 } });
};

test('all that templates can name', () => {
  assert.equal(scopeOf(), {
    site: { name: 'tokyo0', domain: 'tokyo0.example.com', dns: ['10.69.0.3'], ntp: ['10.69.0.3', '10.69.0.195'] },
    bootServers: [{ name: 'boot-0', node: '10.69.0.3' }],
    rack: { number: 0, name: 'r0', asn: 64600, powerFeed: 'A' },
    machine: {
      serial: 'S1',
      name: 'r0-04',
      role: 'cs',
      slot: 4,
      node: '10.69.0.4',
      macs: ['02:00:00:00:00:01'],
      links: [
        { tor: 'r0-tor1', address: '10.69.1.4', prefixLength: 26, gateway: '10.69.1.1', mac: '02:00:00:00:00:01' },
        { tor: 'r0-tor2', address: '10.69.2.4', prefixLength: 26, gateway: '10.69.2.1' },
      ],
      bmc: { address: '10.72.17.4', prefixLength: 20, gateway: '10.72.16.1' },
      labels: { gpu: 'l4', 'berth.dev/role': 'compute' },
    },
    os: { name: 'flatcar' },
    variables: { disk: '/dev/sda', count: 3 },
  });
});

test('a proxy is there only where the site has one', () => {
  assert.equal((scopeOf({ proxy: 'http://p' }).site as { proxy?: string }).proxy, 'http://p');
  assert.not('proxy' in (scopeOf().site as object));
});

test.run();
