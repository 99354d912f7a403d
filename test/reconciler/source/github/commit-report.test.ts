// What is said about a commit, by the plan as it stands.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assumeSettled } from '../../../../reconciler/plan/observed.ts';
import { originsOf } from '../../../../reconciler/plan/origin.ts';
import { type Plan, plan } from '../../../../reconciler/plan/plan.ts';
import { planHeadline } from '../../../../reconciler/plan/show/plan.ts';
import { compileSite } from '../../../../reconciler/source/accept.ts';
import { readFolder } from '../../../../reconciler/source/folder.ts';
import { reportOfPlan, reportOfRefusal } from '../../../../reconciler/source/github/commit-report.ts';
import type { SiteFiles } from '../../../../schema/load.ts';

const example = await readFolder('examples/site-repo');
const commit = 'c'.repeat(40);

function compiled(files: SiteFiles) {
  const result = compileSite(files);
  assert.ok(result.compiled, JSON.stringify(result.diagnostics));
  return result.compiled;
}

/** The example with one file changed. */
function changed(file: string, from: string | RegExp, to: string): SiteFiles {
  const before = example.get(file);
  assert.ok(before);
  const text = new TextDecoder().decode(before.bytes);
  assert.match(text, from);
  return new Map([...example, [file, { ...before, bytes: new TextEncoder().encode(text.replace(from, to)) }]]);
}

/** From the example, which runs everywhere, to other files. */
function planTo(files: SiteFiles): Plan {
  const base = compiled(example);
  const target = compiled(files);
  return plan({
    base: { generation: 1, blueprint: base.blueprint },
    target: { blueprint: target.blueprint, commit },
    observed: assumeSettled(base.blueprint, 1),
    history: [],
    origin: originsOf(target.site),
    now: 0,
  });
}

const settled = planTo(example);
const restarts = planTo(changed('roles/cs.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1'));
const removal = planTo(changed('racks/r1.yaml', /\n {2}- \{ serial: [^\n]*/, ''));
const waiting = { ...settled, underWay: [{ serial: 'S1' }] } as unknown as Plan;

for (const [name, made, state] of [
  ['everything runs', settled, 'success'],
  ['machines are to restart', restarts, 'pending'],
  ['a machine has not come back yet', waiting, 'pending'],
  ['the roll-out has halted', { ...restarts, halted: 'r0-04 has not come back' }, 'failure'],
  ['something would be destroyed', removal, 'refused'],
] as const) {
  test(name, () => assert.equal(reportOfPlan(made), { commit, state, headline: planHeadline(made) }));
}

test('a head that is refused', () => {
  const refused = { commit, code: 'unsigned', message: 'the commit is not signed' } as const;
  assert.equal(reportOfRefusal(commit, refused), {
    commit,
    state: 'refused',
    headline: 'unsigned: the commit is not signed',
  });
});

test('a head that is refused for one of its ancestors', () => {
  const head = 'd'.repeat(40);
  const refused = { commit, code: 'unsigned', message: 'the commit is not signed' } as const;
  assert.equal(reportOfRefusal(head, refused), {
    commit: head,
    state: 'refused',
    headline: 'unsigned (commit cccccccccccc): the commit is not signed',
  });
});

test.run();
