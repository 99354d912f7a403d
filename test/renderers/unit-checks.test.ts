// What is found of systemd units by their text alone, templates not filled in.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkUnits, programsOf, type Unit } from '../../renderers/unit-checks.ts';
import { readUnit } from '../../renderers/unit-file.ts';

/** `rule offset message`, the offset counting from the start of the text. */
function found(unit: Unit): readonly string[] {
  const places = checkUnits([unit], (pointer, offset) => ({ file: pointer, line: 1, column: offset }));
  return places.map(({ rule, place, message }) => `${rule} ${place.column} ${message}`);
}

const rows: readonly (readonly [name: string, unit: string, text: string, expected: readonly string[]])[] = [
  ['a service', 'a.service', '[Service]\nExecStart=/a', []],
  ['CRLF', 'a.service', '[Service]\r\nExecStart=/a \\\r\n  b\r\n', []],
  ['comments between joined lines', 'a.service', '[Service]\nExecStart=/a \\\n# c\n; d\n  b\n', []],
  [
    'a backslash that is escaped',
    'a.service',
    '[Service]\nExecStart=/a \\\\\nb',
    ['BERTH-509 26 b is not of the form key=value'],
  ],
  ['prefixes and quotes', 'a.service', '[Service]\nExecStart=-@"/opt/a b/c" x\nExecStop=+kill x', []],
  ['a program that a template names', 'a.service', '[Service]\nExecStart={{ variables.p }}/bin/x', []],
  ['specifiers', 'a.service', '[Service]\nExecStart=%h/bin/x', []],
  ['a list taken back', 'a.service', '[Service]\nExecStart=/a\nExecStart=\nExecStart=/b', []],
  ['a one-shot with two programs', 'a.service', '[Service]\nType=oneshot\nExecStart=/a\nExecStart=/b', []],
  ['a service for its end', 'a.service', '[Service]\nRemainAfterExit=yes\nExecStop=/a', []],
  [
    'a service that never ends',
    'a.service',
    '[Service]\nExecStop=/a',
    ['BERTH-509 0 a.service has no ExecStart= in [Service]'],
  ],
  [
    'lines for each',
    'a.service',
    '[Service]\n{{ each site.ntp }}\nExecStart=/a {{ item }}\n{{ end }}\nType=oneshot',
    [],
  ],
  ['a template that can be anything', 'a.service', '{{ variables.unit }}\n', []],
  ['sections of extensions', 'a.service', '[X-Fleet]\na=b\n[Service]\nExecStart=/a', []],
  ['an empty unit, which masks', 'a.service', '\n', []],
  [
    'no header',
    'a.target',
    '[]\n[Unit]x',
    ['BERTH-509 0 [] is no section header', 'BERTH-509 3 [Unit]x is no section header'],
  ],
  ['no key', 'a.target', '[Unit]\n=x', ['BERTH-509 7 =x is not of the form key=value']],
  [
    'a section of another kind',
    'a.target',
    '[Unit]\n[Service]',
    ['BERTH-509 7 a.target cannot have a section [Service]'],
  ],
  [
    'a timer for no time',
    'a.timer',
    '[Timer]\nPersistent=yes',
    ['BERTH-509 0 a.timer has no OnCalendar=, OnBootSec= or the like in [Timer]'],
  ],
  [
    'a socket nowhere',
    'a.socket',
    '[Socket]\nAccept=yes',
    ['BERTH-509 0 a.socket has no ListenStream=, ListenDatagram= or the like in [Socket]'],
  ],
  [
    'a path of nothing',
    'a.path',
    '[Path]\nUnit=b.service',
    ['BERTH-509 0 a.path has no PathExists=, PathChanged= or the like in [Path]'],
  ],
  ['a swap of nothing', 'a.swap', '[Swap]\nPriority=1', ['BERTH-509 0 a.swap has no What= in [Swap]']],
  ['the root mounted', '-.mount', '[Mount]\nWhat=/a\nWhere=/', []],
  ['a mount with dots and a slash too many', 'var-lib-a.b.mount', '[Mount]\nWhat=/a\nWhere=/var/lib//a.b/', []],
  ['a mount where a template says', 'a.mount', '[Mount]\nWhat=/a\nWhere=/{{ variables.d }}', []],
  ['a hidden folder mounted', '\\x2ea.automount', '[Automount]\nWhere=/.a', []],
];

for (const [name, unit, contents, expected] of rows) {
  test(name, () => {
    assert.equal(found({ name: unit, contents }), expected);
  });
}

test('drop-ins count, in the order of their names', () => {
  const install = { name: '20.conf', contents: '[Install]\nWantedBy=x.target' };
  const clear = { name: '10.conf', contents: '[Service]\nExecStart=' };
  const contents = '[Service]\nExecStart=/a';
  assert.equal(found({ name: 'a.service', enabled: true, contents, dropins: [install] }), []);
  assert.equal(found({ name: 'a.service', enabled: true, contents, dropins: [install, clear] }), [
    'BERTH-509 0 a.service has no ExecStart= in [Service]',
  ]);
});

test('of a unit that comes with the system, drop-ins alone are judged', () => {
  assert.equal(found({ name: 'a.service', enabled: true, dropins: [{ name: 'a.conf', contents: '[Unit]\nx' }] }), [
    'BERTH-509 7 x is not of the form key=value',
  ]);
});

test('programs by absolute path', () => {
  const contents = '[Service]\nExecStartPre=-/a/b c\nExecStart="/d e" f\nExecStop=g\nExecReload=/{{ x }}/h\n';
  const programs = [...programsOf([{ name: 'a.service', contents }])];
  assert.equal(
    programs.map(({ path, offset }) => `${path} ${offset}`),
    ['/a/b 10', '/d e 31'],
  );
});

test('settings of several lines', () => {
  const { settings } = readUnit('[Unit]\nAfter = a.service \\\n  b.service \\\n\nWants=c\\');
  assert.equal(
    settings.map(({ key, value, offset }) => [key, value.split(/\s+/), offset]),
    [
      ['After', ['a.service', 'b.service'], 7],
      ['Wants', ['c'], 42],
    ],
  );
});

test('long texts take time in proportion to their length', () => {
  const texts = ['\\\n', '\\', '{{', '\n {{ each', ' ', '{{ end }}'].map((piece) => piece.repeat(200_000));
  for (const text of texts) assert.ok(readUnit(`[Unit]\n${text}`).sections.length >= 1);
});

test.run();
