import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareDiagnostics, type Diagnostic } from '../../schema/diagnostic.ts';
import { maxFindingsPerFile, parseDocument } from '../../schema/document.ts';
import type { DocumentKinds } from '../../schema/document-kinds.ts';
import { validateDocument } from '../../schema/validate.ts';
import { marked, placeText } from './marked-source.ts';

type Kind = keyof DocumentKinds;

function validate(kind: Kind, source: string): readonly Diagnostic[] {
  const parsed = parseDocument('x.yaml', Buffer.from(source));
  assert.ok(parsed.document, parsed.diagnostics[0]?.message);
  return [...validateDocument(kind, parsed.document).diagnostics].sort(compareDiagnostics);
}

const role = 'os: flatcar\nignition: [common]\n';
const asset = `{ source: https://x.example/a, sha256: ${'a'.repeat(64)}, sizeBytes: 1 }`;
const machine = 'serial: S1, slot: 4, role: cs, macs: [02:00:00:00:00:01], bmc: { type: redfish }';
const rack = (member: string): string => `rack: 1
powerFeed: A
tors: [{ name: r1-tor1, links: { spine1: 0 } }]
machines:
  - { ${member} }
`;
const file = (member: string): string => `storage:\n  files:\n    - { path: /a, ${member} }\n`;

/** Each finding: its rule, its message, and its hint if it has one. */
type Finding = readonly [rule: string, message: string, hint?: string];

/** The findings of a row stand in the order of their places, which the source marks. */
const rows: readonly (readonly [name: string, kind: Kind, source: string, found: readonly Finding[]])[] = [
  ['nothing wrong', 'role', role, []],
  [
    'an unknown key that is nearly a known one',
    'role',
    `${role}▸lables: {}\n`,
    [['BERTH-005', 'unknown key lables in the document', 'did you mean labels?']],
  ],
  [
    'an unknown key that is like none',
    'cluster',
    'name: k8s\nversion: 1.31.6\ncontrolPlane: { role: cs, count: 3, ▸flavour: sweet }\n',
    [['BERTH-005', 'unknown key flavour in controlPlane', 'known keys: role, count']],
  ],
  [
    'a missing key, in a list',
    'signers',
    'signers:\n  - ▸openpgp: trust/keys/a.asc\n    paths: [x]\n',
    [
      [
        'BERTH-006',
        'signers.0 lacks the key name',
        'Who it is: shown in plans and history, and counted once, however many keys they have.',
      ],
    ],
  ],
  [
    'a misspelt key is unknown and missing',
    'role',
    '▸os: flatcar\n▸ignitoin: [common]\n',
    [
      [
        'BERTH-006',
        'the document lacks the key ignition',
        'Folders of ignition/ whose ignition.yaml files are merged in this order.',
      ],
      ['BERTH-005', 'unknown key ignitoin in the document', 'did you mean ignition?'],
    ],
  ],
  [
    'a number where text is expected',
    'rack',
    rack(`${machine}, labels: { generation: ▸7 }`),
    [['BERTH-007', 'machines.0.labels.generation is 7, not of type string', 'put the value into quotes']],
  ],
  [
    'a fraction where text or a whole number is expected',
    'role',
    `${role}variables: { version: ▸1.5 }\n`,
    [['BERTH-007', 'variables.version is 1.5, not of type string or integer or boolean', 'put the value into quotes']],
  ],
  [
    'text where a number is expected',
    'rack',
    rack(machine.replace('slot: 4', 'slot: ▸four')),
    [['BERTH-007', 'machines.0.slot is "four", not of type integer']],
  ],
  ['a key without a value', 'role', 'os:▸\nignition: [common]\n', [['BERTH-007', 'os is empty, not of type string']]],
  ['an empty file', 'role', '▸', [['BERTH-007', 'the document is empty, not of type object']]],
  [
    'a list for a map, cut short',
    'role',
    `${role}labels: ▸[${'abcdefghij, '.repeat(10)}]\n`,
    [['BERTH-007', `labels is [${'"abcdefghij",'.repeat(4)}"abc…, not of type object`]],
  ],
  [
    'a map for text',
    'role',
    'os: ▸{ flatcar: 1 }\nignition: [common]\n',
    [['BERTH-007', 'os is {"flatcar":1}, not of type string']],
  ],
  [
    'mode bits without quotes',
    'ignition',
    file('mode: ▸644, contents: { inline: x }'),
    [['BERTH-007', 'storage.files.0.mode is 644, not of type string', 'put the value into quotes']],
  ],
  [
    'a template for mode bits',
    'ignition',
    file('mode: ▸"{{ variables.mode }}", contents: { inline: x }'),
    [
      [
        'BERTH-008',
        'storage.files.0.mode is "{{ variables.mode }}": it must match pattern "^0?[0-7]{3}$"',
        'Permission bits as an octal string, such as "0644".',
      ],
    ],
  ],
  [
    'a pattern',
    'rack',
    rack(machine.replace('02:00:00:00:00:01', '▸02-00-00-00-00-01')),
    [
      [
        'BERTH-008',
        'machines.0.macs.0 is "02-00-00-00-00-01": it must match pattern "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"',
        'Lower-case, with colons.',
      ],
    ],
  ],
  [
    'an enum',
    'rack',
    rack(machine.replace('redfish', '▸ipmi')),
    [['BERTH-008', 'machines.0.bmc.type is "ipmi": it must be one of "redfish"', 'How berth talks to it.']],
  ],
  [
    'a minimum',
    'rack',
    rack(machine).replace('rack: 1', 'rack: ▸-1'),
    [
      [
        'BERTH-008',
        'rack is -1: it must be >= 0',
        'Every address in the rack follows from it. It never changes while machines stand in the rack.',
      ],
    ],
  ],
  [
    'too few items',
    'role',
    'os: flatcar\nignition: ▸[]\n',
    [
      [
        'BERTH-008',
        'ignition is []: it must NOT have fewer than 1 items',
        'Folders of ignition/ whose ignition.yaml files are merged in this order.',
      ],
    ],
  ],
  [
    'both of two that exclude each other',
    'ignition',
    file('contents: ▸{ inline: x, local: z }'),
    [
      [
        'BERTH-008',
        'storage.files.0.contents is {"inline":"x","local":"z"}: it must NOT have more than 1 properties',
        'Exactly one of inline and local.',
      ],
    ],
  ],
  [
    'a name in a map that must match a pattern',
    'releases',
    `os:\n  ▸Flatcar: { kernel: ${asset}, initrd: ${asset} }\nbootPrograms: { x64: ${asset} }\n`,
    [['BERTH-008', 'the name Flatcar in os: it must match pattern "^[a-z0-9][a-z0-9._-]{0,62}$"']],
  ],
  [
    'a value under a name with a slash',
    'role',
    `${role}labels:\n  berth.dev/a: ▸{ x: 1 }\n`,
    [['BERTH-007', 'labels.berth.dev/a is {"x":1}, not of type string']],
  ],
  [
    'a value under a name with a tilde',
    'cluster',
    `name: tokyo0\nversion: 1.31.6\ncontrolPlane: { role: cs, count: 3 }\nscheduler: { extraArguments: { ▸a~b: "1" } }\n`,
    [['BERTH-008', 'the name a~b in scheduler.extraArguments: it must match pattern "^[a-z][a-z0-9-]{0,62}$"']],
  ],
];

for (const [name, kind, text, expected] of rows) {
  test(`${kind}: ${name}`, () => {
    const { source, places } = marked(text);
    const found = validate(kind, source);
    assert.equal(
      found.map(({ place }) => placeText(place)),
      places,
    );
    assert.equal(
      found.map(({ rule, message, hint }) => (hint === undefined ? [rule, message] : [rule, message, hint])),
      expected,
    );
  });
}

const address = 'it must be an IPv4 address such as 10.0.0.1';
const network = 'it must be an IPv4 network such as 10.0.0.0/8, its host bits zero';
const formats: readonly (readonly [source: string, message: string])[] = [
  ['dns: [▸10.0.0.256]', `dns.0 is "10.0.0.256": ${address}`],
  ['dns: [10.0.0.1, ▸10.0.0.01]', `dns.1 is "10.0.0.01": ${address}`],
  ['network: { pods: ▸10.0.0.1/8 }', `network.pods is "10.0.0.1/8": ${network}`],
  ['network: { pods: ▸10.0.0.0/33 }', `network.pods is "10.0.0.0/33": ${network}`],
  ['format: ▸2', 'format is 2: it must be 1'],
];

for (const [text, message] of formats) {
  test(`site: ${message}`, () => {
    const { source, places } = marked(text);
    // The rest of the document is missing, which is not what is looked at here.
    const found = validate('site', source).filter(({ rule }) => rule === 'BERTH-008');
    assert.equal(
      found.map((diagnostic) => [placeText(diagnostic.place), diagnostic.message]),
      [[places[0], message]],
    );
    assert.ok(found[0]?.hint);
  });
}

test('a document of nothing but faults gives a readable number of findings', () => {
  const labels = Array.from({ length: 5000 }, (_, index) => `  k${index}: ${index}\n`).join('');
  assert.is(validate('role', `${role}labels:\n${labels}`).length, maxFindingsPerFile);
});

test('every schema in schema/site is a kind of document, and takes no key that it does not know', () => {
  const folder = fileURLToPath(new URL('../../schema/site', import.meta.url));
  // A Kubernetes object has whatever its kind has.
  for (const name of readdirSync(folder).filter((name) => name !== 'resource.schema.json')) {
    const found = validate(name.replace('.schema.json', '') as Kind, 'no-such-key: 1\n');
    assert.ok(
      found.some(({ rule }) => rule === 'BERTH-005'),
      name,
    );
  }
});

test.run();
