// What is shown of a plan: its disruption, whom it reaches, and nothing that it quotes gets out of its place. Whole
// previews are in the transcripts.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffParts } from '../../../../reconciler/plan/diff/parts.ts';
import { originsOf } from '../../../../reconciler/plan/origin.ts';
import { previewMarkdown } from '../../../../reconciler/plan/show/markdown.ts';
import { previewBetween } from '../../../../reconciler/plan/show/offline.ts';
import type { Preview } from '../../../../reconciler/plan/show/preview.ts';
import type { Disruption } from '../../../../reconciler/plan/show/radius.ts';
import { previewText } from '../../../../reconciler/plan/show/text.ts';
import { type Edit, example, exampleWith } from '../example.ts';

function previewOfEdits(...edits: readonly Edit[]): Preview {
  const { blueprint, site } = exampleWith(...edits);
  return previewBetween(example.blueprint, { blueprint, commit: 'c'.repeat(40) }, originsOf(site));
}

const gpu = 'labels: { gpu: l4 }';
const serviceAccount = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: coredns
  namespace: kube-system
---
`;

const rows: readonly (readonly [name: string, edits: readonly Edit[], disruption: Disruption, touched: string])[] = [
  ['nothing', [], 'none', ''],
  ['a label', [['racks/r3.yaml', 'gpu: l4', 'gpu: l40s']], 'none', 'live 1'],
  ['a lease time', [['site.yaml', 'leaseSeconds: 3600', 'leaseSeconds: 7200']], 'none', 'live 32'],
  ['an argument', [['roles/ss.yaml', '  - pcie_aspm=off\n', '']], 'reboot', 'restarted 8'],
  [
    'an argument and a label',
    [
      ['roles/ss.yaml', '  - pcie_aspm=off\n', ''],
      ['racks/r3.yaml', 'gpu: l4', 'gpu: l40s'],
    ],
    'reboot',
    'restarted 8, live 1',
  ],
  ['a retirement', [['racks/r3.yaml', gpu, `${gpu}\n    retire: { reason: old }`]], 'destructive', 'leaving 1'],
  ['an object', [['kubernetes/resources/10-dns/coredns.yaml', 'cache 30', 'cache 60']], 'live object', ''],
  ['an object that goes', [['kubernetes/resources/10-dns/coredns.yaml', serviceAccount, '']], 'live object', ''],
];

for (const [name, edits, disruption, touched] of rows) {
  test(`${name}: ${disruption}`, () => {
    const { radius } = previewOfEdits(...edits);
    assert.is(radius.disruption, disruption);
    const counts = Object.entries(radius.touched).filter(([, count]) => count > 0);
    assert.is(counts.map(([kind, count]) => `${kind} ${count}`).join(', '), touched);
  });
}

test('an object that takes others with it when it goes', () => {
  const namespaces = { ...example.blueprint.kubernetes };
  const resources = namespaces.resources?.filter(({ object }) => object.kind !== 'Namespace') ?? [];
  const { cluster } = namespaces;
  if (!cluster) throw new Error('the example has no cluster');
  const blueprint = { ...example.blueprint, root: 'f'.repeat(64), kubernetes: { cluster, resources } };
  const preview = previewBetween(example.blueprint, { blueprint, commit: '' }, () => null);
  assert.is(preview.radius.disruption, 'destructive');
});

test('racks, roles and power feeds are those of whoever is disturbed', () => {
  const { radius } = previewOfEdits(['roles/ss.yaml', '  - pcie_aspm=off\n', ''], ['racks/r3.yaml', 'l4', 'l40s']);
  assert.equal([radius.racks, radius.roles, radius.powerFeeds], [['r0', 'r1', 'r2', 'r3'], ['ss'], ['A', 'B']]);
});

test('before the first generation all is new', () => {
  const { blueprint, site } = example;
  const preview = previewBetween(null, { blueprint, commit: 'c'.repeat(40) }, originsOf(site));
  assert.is(preview.radius.disruption, 'live object', 'no machine is disturbed');
  assert.equal(
    preview.groups.map(({ becoming, machines }) => [becoming, machines.length]),
    [['first boot', 32]],
  );
  assert.ok(preview.objects.every(({ change }) => change === 'added'));
});

/** A preview with one part, whose text was written by whoever made the pull request. */
function quoting(text: string): Preview {
  const preview = previewOfEdits(['racks/r3.yaml', 'gpu: l4', 'gpu: l40s']);
  const parts = diffParts(new Map(), new Map([['Ignition file /etc/motd', text]]));
  const groups = preview.groups.map((group) => ({ ...group, example: { ...group.example, parts } }));
  return { ...preview, groups };
}

/** Lines of Markdown that stand in no fence. */
function outside(markdown: string): string {
  let fence = '';
  return markdown
    .split('\n')
    .filter((line) => {
      const [, marks = ''] = /^(`{3,})/.exec(line) ?? [];
      if (fence === '' && marks !== '') fence = marks;
      else if (fence !== '') {
        if (marks.length >= fence.length && line === marks) fence = '';
      } else return true;
      return false;
    })
    .join('\n');
}

const hostile = [
  '```',
  '````',
  '`````text',
  '</details>',
  '@everyone',
  '<img src=x>',
  '~~~',
  '::error::x',
  '\n\n# x',
  'x'.repeat(100_000),
];

for (const text of hostile) {
  test(`what is quoted stays in its block: ${JSON.stringify(text.slice(0, 20))}`, () => {
    const markdown = previewMarkdown(quoting(`${text}\nthe end\n`));
    assert.match(markdown, '+the end');
    assert.is(outside(markdown), outside(previewMarkdown(quoting('harmless\n'))));
  });
}

test('where every machine changes in its own way, the first ones are shown', () => {
  const target = exampleWith(['racks/r3.yaml', 'gpu: l4', 'gpu: l40s']).blueprint;
  const [before, after] = [example.blueprint, target].map((blueprint) => {
    const [rack] = blueprint.racks.values();
    const [machine] = blueprint.machines.values();
    if (!rack || !machine) throw new Error('the example has no machine');
    const many = Array.from({ length: 2000 }, (_, index) => {
      const labels = blueprint === target ? { number: String(index) } : {};
      return { ...machine, labels, serial: `S${index}`, name: `m-${index}` };
    });
    const digests = Object.fromEntries(many.map(({ serial, labels }) => [serial, `${serial}${labels.number}`]));
    return {
      ...blueprint,
      machines: new Map(many.map((one) => [one.serial, one])),
      racks: new Map([[rack.name, { ...rack, machines: digests }]]),
    };
  });
  if (!before || !after) throw new Error('there are two');
  const preview = previewBetween(before, { blueprint: after, commit: 'c'.repeat(40) }, () => null);
  assert.is(preview.groups.length, 2000);
  assert.is(preview.groups.filter(({ example: { parts } }) => parts !== null).length, 50);
  const text = previewText(preview);
  assert.match(text, '… and 1980 more groups of machines, without an example');
  assert.match(text, 'no restart 1900 machines more, which the JSON form of the plan lists');
  assert.match(previewMarkdown(preview, { full: true }), 'And 1950 more groups of machines, without an example.');
  assert.ok(text.length < 60_000, `${text.length} characters`);
});

test('secrets are in neither form', () => {
  const preview = quoting('password=hunter1\n-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n');
  for (const shown of [previewText(preview), previewMarkdown(preview)]) {
    assert.not.match(shown, /hunter1|BEGIN/);
    assert.match(shown, 'password=(redacted, sha256 ');
  }
});

test('values of reasons, too', () => {
  const base = exampleWith(['roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 2G\n  proxy: http://x.example']);
  const next = exampleWith(['roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 3G\n  proxy: http://y.example']);
  const preview = previewBetween(base.blueprint, { blueprint: next.blueprint, commit: '' }, originsOf(next.site));
  const actions = preview.plan.actions.map((action) => {
    if (action.kind !== 'restart') return action;
    return { ...action, reasons: action.reasons.map((reason) => ({ ...reason, to: 'http://ada:hunter1@x.example' })) };
  });
  const shown = previewText({ ...preview, plan: { ...preview.plan, actions } });
  assert.match(shown, 'http://ada:(redacted, sha256 ');
  assert.not.match(shown, 'hunter1');
});

test.run();
