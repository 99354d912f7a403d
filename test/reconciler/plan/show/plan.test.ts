// How plans are said. Whole plans, as they are shown, are in the transcripts.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Gate, Reason, RestartAction } from '../../../../reconciler/plan/action.ts';
import type { Plan } from '../../../../reconciler/plan/plan.ts';
import { nameList } from '../../../../reconciler/plan/show/name-list.ts';
import { planHeadline, planText } from '../../../../reconciler/plan/show/plan.ts';

const nothing: Plan = {
  generation: 2,
  baseGeneration: 2,
  root: 'a'.repeat(64),
  commit: '0123456789abcdef0123456789abcdef01234567',
  actions: [],
  refusals: [],
  underWay: [],
  away: [],
  halted: null,
  live: [],
  untouched: [],
};

const open: Gate = { open: true };
const later = (waitsFor: string): Gate => ({ open: false, code: 'rack', waitsFor });

function restartOf(name: string, reasons: readonly Partial<Reason>[], gate: Gate = open): RestartAction {
  return {
    kind: 'restart',
    generation: 2,
    disruption: 'reboot',
    gate,
    doneWhen: '',
    serial: name.toUpperCase(),
    name,
    domains: { rack: name.slice(0, 2), tors: [], powerFeed: 'A', role: 'cs' },
    reasons: reasons.map((reason) => ({ field: 'boot.os', from: 'a', to: 'b', place: null, ...reason })),
    bmcAddress: '',
    bootDigest: 'b'.repeat(64),
    bootIdBefore: null,
  };
}

/** The lines between heading and headline. */
function body(plan: Partial<Plan>): string[] {
  return planText({ ...nothing, ...plan })
    .split('\n')
    .slice(1, -1);
}

const place = (line: number, file = 'roles/cs.yaml') => ({ file, line, column: 5 });

// --- Names.

const numbered = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `r0-${String(first + index).padStart(2, '0')}`);

const nameRows: readonly (readonly [readonly string[], string])[] = [
  [[], ''],
  [['r0-04'], 'r0-04'],
  [numbered(4, 5), 'r0-04, r0-05'],
  [numbered(4, 6), 'r0-04 to r0-06'],
  [numbered(8, 12), 'r0-08 to r0-12'],
  [['r0-04', 'r0-05', 'r0-06', 'r0-08', 'r1-09'], 'r0-04 to r0-06, r0-08, r1-09'],
  [['r0-04', 'r1-05', 'r2-06'], 'r0-04, r1-05, r2-06'],
  [['b', 'a'], 'b, a'],
  [
    [4, 6, 8, 10, 12, 14, 16, 18].flatMap((n) => numbered(n, n)),
    'r0-04, r0-06, r0-08, r0-10, r0-12, r0-14, r0-16, r0-18',
  ],
  [
    [4, 6, 8, 10, 12, 14, 16, 18, 20].flatMap((n) => numbered(n, n)),
    'r0-04, r0-06, r0-08, r0-10, r0-12, r0-14, r0-16 and 2 more',
  ],
];

for (const [names, expected] of nameRows) {
  test(`names: ${expected === '' ? 'none' : expected}`, () => assert.is(nameList(names), expected));
}

// --- The headline.

const underWay = { serial: 'A', name: 'r0-04', kind: 'restart', since: '', failed: null } as const;
const reasons: readonly Reason[] = [];

const headlineRows: readonly (readonly [Partial<Plan>, string])[] = [
  [{}, 'nothing to do'],
  [{ untouched: [{ reason: '', machines: ['A', 'B'] }] }, 'nothing to do, 2 untouched'],
  [{ actions: [restartOf('r0-04', [])] }, 'restart 1 machine'],
  [{ actions: [restartOf('r0-04', []), restartOf('r0-05', [])] }, 'restart 2 machines'],
  [{ underWay: [underWay] }, '1 machine under way'],
  [
    { underWay: [underWay, { ...underWay, failed: 'is lost' }], halted: 'x' },
    '1 machine under way, 1 machine failed, halted',
  ],
  [{ away: [{ serial: 'A', name: 'r0-04' }] }, '1 machine away'],
  [
    { live: [{ serial: 'A', name: 'r0-04', reasons }], untouched: [{ reason: '', machines: ['A', 'B'] }] },
    'change 1 machine without a restart, 1 untouched',
  ],
];

for (const [plan, expected] of headlineRows) {
  test(`headline: ${expected}`, () => {
    assert.is(planHeadline({ ...nothing, ...plan }), expected);
    const last = planText({ ...nothing, ...plan })
      .split('\n')
      .at(-1);
    assert.is(last?.toLowerCase(), `${expected.toLowerCase()}.`);
  });
}

test('the heading says what is planned', () => {
  const heading = (plan: Partial<Plan>, text?: string): string | undefined =>
    planText({ ...nothing, ...plan }, text).split('\n')[0];
  assert.is(heading({}), 'Plan for commit 0123456789ab: generation 2 is in force');
  assert.is(heading({ generation: 3 }), 'Plan for commit 0123456789ab: generation 2 → generation 3');
  assert.is(heading({ generation: 1, baseGeneration: null }), 'Plan for commit 0123456789ab: nothing → generation 1');
  assert.is(heading({}, 'Plan for main'), 'Plan for main: generation 2 is in force');
});

// --- Groups.

test('machines with the same reasons are one group, across racks', () => {
  const same = [{ place: place(2) }];
  assert.equal(body({ actions: [restartOf('r0-04', same), restartOf('r0-05', same), restartOf('r1-04', same)] }), [
    '  restart    3 machines (r0-04, r0-05, r1-04)',
    '               because boot.os a → b  roles/cs.yaml:2:5',
  ]);
});

test('machines with other reasons are another group', () => {
  const actions = [restartOf('r0-04', [{}]), restartOf('r0-05', [{ to: 'c' }]), restartOf('r0-06', [{}])];
  assert.equal(body({ actions }), [
    '  restart    2 machines (r0-04, r0-06)',
    '               because boot.os a → b',
    '  restart    1 machine (r0-05)',
    '               because boot.os a → c',
  ]);
});

test('reasons that stand in several places name the first', () => {
  const actions = [3, 4, 5].map((line) => restartOf(`r0-0${line}`, [{ field: 'role', place: place(line) }]));
  assert.is(body({ actions })[1], '               because role a → b  roles/cs.yaml:3:5 and 2 more places');
  assert.is(
    body({ actions: actions.slice(1) })[1],
    '               because role a → b  roles/cs.yaml:4:5 and 1 more place',
  );
});

test('values that each machine has of its own do not part a group', () => {
  const node = (from: string, to: string) => [{ field: 'node', from, to }];
  const actions = [restartOf('r0-04', node('10.0.0.4', '10.1.0.4')), restartOf('r0-05', node('10.0.0.5', '10.1.0.5'))];
  assert.equal(body({ actions }), [
    '  restart    2 machines (r0-04, r0-05)',
    '               because node 10.0.0.4 → 10.1.0.4, the others alike',
  ]);
});

test('what may go now, and what waits for what', () => {
  const actions = [
    restartOf('r0-04', [{}]),
    restartOf('r0-05', [{}], later('1 canary must come back first')),
    restartOf('r0-06', [{}], later('1 canary must come back first')),
    restartOf('r1-04', [{}], later('rack r0 comes first')),
  ];
  assert.equal(body({ actions }).slice(2), [
    '               now: r0-04',
    '               later: r0-05, r0-06, because 1 canary must come back first',
    '               later: r1-04, because rack r0 comes first',
  ]);
  assert.equal(body({ actions: actions.slice(3) }).slice(2), ['               later, because rack r0 comes first']);
});

test('of many reasons the first are shown', () => {
  const many = Array.from({ length: 9 }, (_, index) => ({ field: `variables.v${index}` }));
  const lines = body({ actions: [restartOf('r0-04', many)] });
  assert.is(lines.length, 8);
  assert.is(lines.at(-1), '               and 3 more changes, which the JSON form of the plan lists');
});

const saidRows: readonly (readonly [Partial<Reason>, string])[] = [
  [{ field: 'boot.arguments', from: null, to: 'quiet' }, 'boot.arguments has quiet now'],
  [{ field: 'labels.zone', from: null, to: 'west' }, 'labels.zone is west now'],
  [{ field: 'boot.arguments', from: 'quiet', to: null }, 'boot.arguments quiet is gone'],
  [{ field: 'ignition:/etc/motd', from: null, to: 'added' }, 'Ignition /etc/motd is added'],
  [{ field: 'ignition:/etc/motd', from: 'there', to: 'changed' }, 'Ignition /etc/motd is changed'],
  [{ field: 'releases.os.x', from: null, to: 'declared' }, 'releases.os.x is new'],
  [{ field: 'releases.os.x', from: 'declared', to: null }, 'releases.os.x is gone'],
  [{ field: 'machine', from: null, to: 'declared' }, 'it is declared'],
  [{ field: 'bootDigest', from: 'abc', to: 'def' }, 'it runs abc, which no generation at hand asks for'],
];

for (const [reason, expected] of saidRows) {
  test(`reason: ${expected}`, () => {
    assert.is(body({ actions: [restartOf('r0-04', [reason])] })[1], `               because ${expected}`);
  });
}

const newsRows: readonly (readonly [readonly string[], string])[] = [
  [['boot.os', 'boot.kernel', 'boot.initrd'], ' gets a new kernel'],
  [['boot.arguments'], ' gets new kernel arguments'],
  [['ignition:/etc/motd'], ' gets new Ignition'],
  [['site.ntp'], ' gets new Ignition'],
  [['boot.kernel', 'variables.x'], ' gets a new kernel and new Ignition'],
  [['boot.kernel', 'boot.arguments', 'rack.asn'], ' gets a new kernel, new kernel arguments and new Ignition'],
  [['bootDigest'], ''],
];

for (const [fields, expected] of newsRows) {
  test(`a change of ${fields.join(', ')} says what is new`, () => {
    const [line] = body({
      actions: [
        restartOf(
          'r0-04',
          fields.map((field) => ({ field })),
        ),
      ],
    });
    assert.is(line, `  restart    1 machine (r0-04)${expected}`);
  });
}

test('what waits for machines is said last', () => {
  const failed = { ...underWay, serial: 'B', name: 'r0-05', failed: 'has not come back since noon' };
  assert.equal(body({ underWay: [underWay, failed], away: [{ serial: 'C', name: 'r0-06' }] }), [
    '  under way  1 machine (r0-04)',
    '  failed     r0-05 (B) has not come back since noon',
    '  away       1 machine (r0-06), without having been asked to',
  ]);
});

test('machines that failed alike are one line, but for the one that halts', () => {
  const failed = ['r0-05', 'r0-06', 'r0-07'].map((name) => ({
    ...underWay,
    serial: name.toUpperCase(),
    name,
    failed: 'is lost',
  }));
  assert.equal(body({ underWay: failed }), ['  failed     3 machines (r0-05 to r0-07), each of which is lost']);
  assert.equal(body({ underWay: failed, halted: 'r0-05 (R0-05) is lost' }), [
    '  halted     r0-05 (R0-05) is lost',
    '  failed     2 machines (r0-06, r0-07), each of which is lost',
  ]);
});

test('what changes without a restart is said with its reasons', () => {
  const reason: Reason = { field: 'labels.gpu', from: 'l4', to: 'l40', place: place(18, 'racks/r3.yaml') };
  const plan = {
    live: [{ serial: 'A', name: 'r0-04', reasons: [reason] }],
    untouched: [
      { reason: 'nothing that they boot from changed', machines: ['B', 'C'] },
      { reason: 'what changed takes no restart', machines: ['A'] },
    ],
  };
  assert.equal(body(plan), [
    '  no restart 1 machine (r0-04)',
    '               because labels.gpu l4 → l40  racks/r3.yaml:18:5',
    '  untouched  2 machines, because nothing that they boot from changed',
  ]);
});

test.run();
