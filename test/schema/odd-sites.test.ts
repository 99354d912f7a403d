// Sites that the schemas let through and nobody would write, the same in each run: no rule throws on any of them, and
// each finding has a place that exists and a message that a person can read.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { formatDiagnostic } from '../../schema/diagnostic.ts';
import { parseDocuments } from '../../schema/document.ts';
import type { DocumentKinds } from '../../schema/document-kinds.ts';
import { loadSite, type Site, type SiteFile, type SiteFiles } from '../../schema/load.ts';
import type { Finding } from '../../schema/rules/rule.ts';
import { rules } from '../../schema/rules/rules.ts';
import { transitions } from '../../schema/rules/transitions/transitions.ts';
import { validateDocument } from '../../schema/validate.ts';
import { type RandomNumbers, randomNumbers } from '../random.ts';
import { type Change, changed, example, fileOf, siteOf, textOf } from './example-site.ts';

const rounds = 60;

/** What the example leaves out, so that each rule has something to look at. */
const more: readonly Change[] = [
  [
    'site.yaml',
    '  maxDestructivePerDay: 1\n',
    `  waves: [{ name: first, racks: [r0], roles: [cs] }, { name: second, machines: [H2RQP02] }]
  windows: [{ roles: [ss], days: [sat, sun], from: "22:00", to: "04:00" }, { days: [mon], from: "01:00", to: "05:00" }]
  freezes: [{ from: 2026-12-24T00:00, to: 2027-01-04T00:00, reason: holidays, roles: [cs] }]
  budgets: { site: 8, powerFeed: 8, roles: { ss: 1 } }
`,
  ],
  [
    'trust/signers.yaml',
    "paths: ['**']",
    `paths: ['**', racks/]
    validAfter: 2026-01-01T00:00:00Z
  - name: Ada
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr
    paths: ['racks/r*.yaml']
    revoked: { reason: lost, from: 2026-02-01T00:00:00Z }
groups: [{ name: team, members: [Ada], allowedSigners: trust/allowed_signers, paths: [roles/] }]
thresholds: [{ paths: [trust/], signatures: 1 }, { paths: [roles/], signatures: 1, group: team }]
mergeKeys:
  - name: Host
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHzaSb44vO2WLrk+0X9XCXD3z8RG93JB23f1Z0hlx5f5
    paths: [racks/]`,
  ],
  [
    'trust/recipients.yaml',
    '',
    `recipients:
  - { name: servers, key: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p, servers: true }
  - { name: Ada, key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s }
`,
  ],
  [
    'trust/allowed_signers',
    '',
    'ada@example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNl8sXZLgNN3p1hq4gM/M2JYgIaIQqadbSTw4ln5dcK\n',
  ],
  ['kubernetes/cluster.yaml', 'podsPerNode: 110', 'podsPerNode: 110\nkubelet: { extraArguments: { v: "2" } }'],
  [
    'kubernetes/resources/30-more/more.yaml',
    '',
    `{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: robots.example.com },
  spec: { group: example.com, names: { kind: Robot }, scope: Namespaced, versions: [{ name: v1, served: true }] } }
---
{ apiVersion: example.com/v1, kind: Robot, metadata: { name: r, namespace: default } }
---
{ apiVersion: v1, kind: Service, metadata: { name: s, namespace: default, annotations: { lbipam.cilium.io/ips: 10.72.32.1 } },
  spec: { type: LoadBalancer, loadBalancerIP: 10.72.32.2, clusterIPs: [10.68.0.11] } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: t, namespace: default }, data: {} }
---
{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: p, namespace: default } }
`,
  ],
];
const rich = changed(example, ...more);
const richSite = siteOf(rich);

const oddNames = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];
const oddTexts = [
  ...oddNames,
  ...['__proto__', '', ' ', '**', '/', '../x', 'a/', '.', '*', 'None', 'Cluster', 'List', 'Secret', 'v1', '\u{1f600}'],
  ...['0.0.0.0/0', '255.255.255.255/32', '10.0.0.0/31', '0.0.0.0', '255.255.255.255', '10.68.0.1', 'fd00::1'],
  ...['2026-02-30T00:00', '0000-01-01T00:00', '9999-12-31T23:59', '00:00', '23:59', '2026-02-30', 'UTC', 'Nowhere/No'],
];
const oddNumbers = [0, 1, 2, 3, 5, 8, 31, 32, 62, 63, 255, 1000, 4095, 65_535, 86_400, 604_800, 4_294_967_294, -1];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A value with what holds it. */
interface Spot {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string;
  readonly value: Json;
}

function* spotsIn(value: Json): Generator<Spot> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield { holder: value, key, value: member };
    yield* spotsIn(member);
  }
}

/** The documents of a site by path; JSON is YAML, too. */
type Documents = Map<string, Json[]>;

const original: Documents = new Map(
  [...rich.keys()]
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, parseAllDocuments(textOf(rich, name)).map((document) => document.toJS() as Json)]),
);
/** Values by their key: what stands in one place is likely of the shape that another one of that name asks for. */
const valuesByKey = new Map<string, Json[]>();
for (const { holder, key, value } of [...original.values()].flatMap((documents) => [...spotsIn(documents)])) {
  if (!Array.isArray(holder)) valuesByKey.set(key, [...(valuesByKey.get(key) ?? []), value]);
}

/** One value becomes another, goes, is doubled, or gets another name. */
function makeOdd(documents: Json[], random: RandomNumbers): void {
  const spots = [...spotsIn(documents)].filter(({ holder }) => holder !== documents);
  // A document of one key may have lost it.
  if (spots.length === 0) return;
  const { holder, key, value } = random.pick(spots);
  const at = Number(key);
  const set = (other: Json): void => {
    if (Array.isArray(holder)) holder[at] = other;
    else holder[key] = other;
  };
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(at, 1);
      else delete holder[key];
      return;
    case 1:
      if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, structuredClone(value));
      else set(structuredClone(random.pick(valuesByKey.get(key) ?? [null])));
      return;
    case 2:
      if (Array.isArray(holder)) return;
      delete holder[key];
      holder[random.pick(oddNames)] = value;
      return;
    case 3:
      set(random.pick<Json>([null, true, 0, '', [], {}, [null], { constructor: 1 }]));
      return;
    default:
      if (typeof value === 'number') set(random.pick(oddNumbers));
      else if (typeof value === 'string') set(random.pick(oddTexts));
      else if (!Array.isArray(holder)) set(structuredClone(random.pick(valuesByKey.get(key) ?? [null])));
  }
}

const kinds: Readonly<Record<string, keyof DocumentKinds>> = {
  'site.yaml': 'site',
  'releases.yaml': 'releases',
  'trust/signers.yaml': 'signers',
  'trust/recipients.yaml': 'recipients',
  'kubernetes/cluster.yaml': 'cluster',
  ignition: 'ignition',
  kubernetes: 'resource',
  racks: 'rack',
  roles: 'role',
};

/** An odd form of a file that its schema lets through; null when none was found. */
function oddFile(name: string, random: RandomNumbers): SiteFile | null {
  const kind = kinds[name] ?? kinds[name.replace(/\/.*/, '')];
  assert.ok(kind, name);
  for (let tries = 0; tries < 6; tries++) {
    const documents = structuredClone(original.get(name) ?? []);
    for (let change = random.below(3); change >= 0; change--) makeOdd(documents, random);
    const file = fileOf(`${documents.map((document) => JSON.stringify(document, null, 1)).join('\n---\n')}\n`);
    const parsed = parseDocuments(name, file.bytes);
    const isSound = parsed.documents.every((document) => validateDocument(kind, document).document !== null);
    if (parsed.diagnostics.length === 0 && isSound) return file;
  }
  return null;
}

function oddSite(random: RandomNumbers): SiteFiles {
  const files = new Map(rich);
  for (let count = random.below(4); count >= 0; count--) {
    const name = random.pick([...original.keys()]);
    files.set(name, oddFile(name, random) ?? fileOf(textOf(rich, name)));
  }
  if (random.below(10) === 0) files.delete(random.pick(['kubernetes/cluster.yaml', 'racks/r3.yaml', 'roles/ss.yaml']));
  return files;
}

/** @throws {Error} that names the rule, when it throws or finds what cannot be shown */
function run(id: string, files: SiteFiles, check: () => Iterable<Finding>): number {
  let count = 0;
  try {
    for (const { place, message, hint = '' } of check()) {
      count++;
      const shown = formatDiagnostic({ rule: id, severity: 'error', place, message, hint });
      const lines = files.has(place.file) ? textOf(files, place.file).split('\n') : [''];
      assert.ok(place.column >= 1 && place.column <= (lines[place.line - 1]?.length ?? -1) + 1, shown);
      assert.not.match(`${message} ${hint}`.replaceAll(/\b(constructor|prototype)\b/g, ''), /undefined|NaN|\[object/);
    }
  } catch (error) {
    const changes = [...files].flatMap(([name, { bytes }]) => (rich.get(name)?.bytes === bytes ? [] : [name]));
    const texts = changes.map((name) => `${name}\n${textOf(files, name)}`);
    throw new Error(`${id}: ${error instanceof Error ? error.stack : error}\n${texts.join('\n')}`, { cause: error });
  }
  return count;
}

function runAll(site: Site, files: SiteFiles): number {
  let findings = 0;
  for (const rule of rules) findings += run(rule.id, files, () => rule.check(site));
  for (const { id, check } of transitions) {
    findings += run(id, files, () => check(richSite, site));
    // Places of these lie in the other site.
    for (const _ of check(site, richSite)) findings++;
  }
  return findings;
}

test('no rule throws on any site that the schemas let through', () => {
  const random = randomNumbers(13);
  const outcomes = { loaded: 0, refused: 0, broken: 0 };
  for (let round = 0; round < rounds; round++) {
    const files = oddSite(random);
    const { site } = loadSite(files);
    if (!site) outcomes.refused++;
    else {
      outcomes.loaded++;
      if (runAll(site, files) > 0) outcomes.broken++;
    }
  }
  assert.ok(outcomes.loaded > rounds * 0.8 && outcomes.broken > rounds / 2, JSON.stringify(outcomes));
});

test.run();
