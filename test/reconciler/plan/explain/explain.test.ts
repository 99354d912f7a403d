// Where the values of a machine come from: transcripts, and that no word of them is untrue.
//
// The files in explanations/ are what is printed; write them anew with
//
//   BERTH_GOLDEN=write npx tsx test/reconciler/plan/explain.test.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Explanation, explain } from '../../../../reconciler/plan/explain/explain.ts';
import { explainAll, explainSome } from '../../../../reconciler/plan/explain/text.ts';
import type { CompiledSite } from '../../../../reconciler/source/accept.ts';
import { formatIpv4, ipv4 } from '../../../../schema/ipv4.ts';
import type { SiteFiles } from '../../../../schema/load.ts';
import type { MachineObject } from '../../../../schema/types/machine-object.ts';
import { compiled, type Edit, edited, example, exampleFiles, textAt } from '../example.ts';

/** A machine that says for itself whatever a machine can say. */
const ownWords: readonly Edit[] = [
  [
    'racks/r3.yaml',
    '    labels: { gpu: l4 }\n',
    `    product: R6525
    os: flatcar-4081.3.1
    arguments: [console=tty0, nosmt]
    labels: { gpu: l4, berth.dev/role: accelerated }
    taints: [berth.dev/gpu=l4:NoSchedule, berth.dev/role=gpu:NoSchedule]
    variables: { journalMaxUse: 4G }
    retireDate: 2029-03-31
`,
  ],
  ['roles/cs.yaml', 'labels:\n', 'taints:\n  - berth.dev/role=compute:NoSchedule\nlabels:\n'],
  ['site.yaml', '  variables:\n    journal', '  labels: { berth.dev/role: any, row: a }\n  variables:\n    journal'],
];
const ownFiles = edited(exampleFiles, ...ownWords);
const own = compiled(ownFiles);

const transcripts: readonly (readonly [file: string, site: CompiledSite, serial: string])[] = [
  ['r0-04.txt', example, 'FQ7K2D3'],
  ['r3-09-in-its-own-words.txt', own, 'H2RQP02'],
];

for (const [file, { site, blueprint }, serial] of transcripts) {
  test(`transcript: ${file}`, () => {
    const path = fileURLToPath(new URL(`explanations/${file}`, import.meta.url));
    const printed = explainAll(explain(site, blueprint, serial));
    if (process.env.BERTH_GOLDEN === 'write') writeFileSync(path, printed);
    else assert.fixture(printed, readFileSync(path, 'utf8'));
  });
}

function valueIn(machine: MachineObject, field: string): unknown {
  let value: unknown = machine;
  for (const step of field.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return value;
}

/** What a formula comes to, by its text. */
function amount(text: string): number {
  const terms = text.replace(/ \([^)]*\)/g, '').split(' + ');
  return terms.reduce((sum, term) => {
    const factors = term.split(' · ').map((factor) => {
      const [base = '', power] = factor.split('^');
      return base.includes('.') ? ipv4(base) : Number(base) ** Number(power ?? 1);
    });
    return sum + factors.reduce((product, factor) => product * factor, 1);
  }, 0);
}

function checkExplanation(explanation: Explanation, machine: MachineObject, files: SiteFiles): void {
  const { field, value, place, formula, overrides, repeats } = explanation;
  const label = `${field} of ${machine.name}`;
  const compiledValue = valueIn(machine, field);
  if (compiledValue !== undefined && typeof compiledValue !== 'object') assert.is(compiledValue, value, label);
  for (const one of [...overrides, ...repeats.map((at) => ({ value, place: at }))]) {
    assert.ok(textAt(files, one.place).startsWith(String(one.value)), label);
  }
  for (const term of formula?.terms ?? []) {
    if (term.place) assert.ok(textAt(files, term.place).startsWith(String(term.value)), `${term.name} for ${label}`);
  }
  if (!formula) {
    if (field !== 'rack.name') assert.ok(place && textAt(files, place).startsWith(String(value)), label);
  } else if (/^(node|links|bmc)/.test(field)) assert.is(formatIpv4(amount(formula.text)), value, label);
  else if (field === 'rack.asn') assert.is(amount(formula.text), value, label);
}

test('every value is the one that is compiled, and stands where it is said to stand', () => {
  for (const [files, { site, blueprint }] of [
    [exampleFiles, example],
    [ownFiles, own],
  ] as const) {
    for (const machine of blueprint.machines.values()) {
      const explanations = explain(site, blueprint, machine.serial);
      for (const explanation of explanations) checkExplanation(explanation, machine, files);
      const named = (start: string) => explanations.filter(({ field }) => field.startsWith(start)).length;
      assert.is(named('boot.arguments.'), machine.boot.arguments.length);
      assert.is(named('labels.'), Object.keys(machine.labels).length);
      assert.is(named('taints.'), machine.taints?.length ?? 0);
      assert.is(named('macs.'), machine.macs.length);
      assert.is(named('links.'), 3 * machine.links.length);
      assert.is(new Set(explanations.map(({ field }) => field)).size, explanations.length);
    }
  }
});

test('a plan names the places that an explanation names', () => {
  const at = (field: string) => explain(own.site, own.blueprint, 'H2RQP02').find((one) => one.field === field)?.place;
  assert.is(at('boot.os')?.file, 'racks/r3.yaml');
  assert.is(at('variables.journalMaxUse')?.file, 'racks/r3.yaml');
  assert.is(at('labels.row')?.file, 'site.yaml');
});

test('what nobody says holds by default', () => {
  const files = edited(
    exampleFiles,
    ['site.yaml', '    leaseSeconds: 3600\n', ''],
    ['site.yaml', '    gatewaySlot: 1\n', ''],
  );
  const { site, blueprint } = compiled(files);
  const explanations = explain(site, blueprint, 'FQ7K2D3');
  const some = (field: string) => explainSome(explanations.filter((one) => one.field === field));
  assert.is(some('dhcp.leaseSeconds'), 'dhcp.leaseSeconds  3600  by default\n');
  assert.match(some('links.0.gateway'), /^ {2}network\.node\.gatewaySlot +1 +by default$/m);
});

test('one field comes with all that its formula is made from', () => {
  const node = explain(example.site, example.blueprint, 'FQ7K2D3').filter(({ field }) => field === 'node');
  assert.match(
    explainSome(node),
    /^node +10\.69\.0\.4 += 10\.69\.0\.0 \(network\.node\.pool\) \+ 0\.0\.0\.0 \+ 2\^6 · 3 · 0/,
  );
  assert.match(explainSome(node), /^ {2}slot +4 +racks\/r0\.yaml:\d+:\d+$/m);
  assert.is(node[0]?.formula?.terms.length, 6);
});

test('a machine that is not there', () => {
  assert.throws(() => explain(example.site, example.blueprint, 'NOBODY'), /no machine has the serial NOBODY/);
});

test.run();
