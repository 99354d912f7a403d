import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkClaims, claimsByTemplate } from '../../renderers/ignition-claims.ts';

/** A finding as `rule pointer: message`; places in messages are pointers, too. */
function clashes(config: object): readonly string[] {
  const pointers = new Map<object, string>();
  const findings = checkClaims(config, (pointer) => {
    const place = { file: pointer, line: 1, column: 1 };
    pointers.set(place, pointer);
    return place;
  });
  return findings.map(({ rule, place, message }) => `${rule} ${pointers.get(place)}: ${message.replace(/:1:1$/, '')}`);
}

const paths = (list: string, ...names: readonly string[]): object => ({ [list]: names.map((path) => ({ path })) });
const storage = (...lists: readonly object[]): object => ({ storage: Object.assign({}, ...lists) });

const rows: readonly (readonly [name: string, config: object, found: readonly string[]])[] = [
  ['nothing', {}, []],
  [
    'entries of all kinds, side by side',
    {
      ...storage(paths('files', '/a', '/d/b'), paths('directories', '/d'), paths('links', '/l')),
      systemd: {
        units: [
          { name: 'a.service', contents: 'x', dropins: [{ name: 'x.conf' }, { name: 'y.conf' }] },
          { name: 'b.service' },
        ],
      },
      passwd: {
        users: [
          { name: 'a', groups: ['x', 'y'], sshAuthorizedKeys: ['k'] },
          { name: 'b', groups: ['x'] },
        ],
        groups: [{ name: 'a' }],
      },
    },
    [],
  ],
  [
    'a file twice',
    storage(paths('files', '/a', '/b', '/a')),
    ['BERTH-504 /storage/files/2/path: /a stands already at /storage/files/0/path'],
  ],
  [
    'a path of three kinds',
    storage(paths('files', '/a'), paths('links', '/a'), paths('directories', '/a')),
    ['files', 'links'].map(
      (list) => `BERTH-504 /storage/${list}/0/path: /a stands already at /storage/directories/0/path`,
    ),
  ],
  [
    'a file below a file, though not below one of which its name is only the beginning',
    storage(paths('files', '/etc/a', '/etc/a/b/c', '/etc/ab')),
    ['BERTH-504 /storage/files/1/path: /etc/a/b/c lies below /etc/a, which is a file at /storage/files/0/path'],
  ],
  [
    'a folder below a link',
    storage(paths('directories', '/var/x/y'), paths('links', '/var/x')),
    ['BERTH-504 /storage/directories/0/path: /var/x/y lies below /var/x, which is a link at /storage/links/0/path'],
  ],
  ['folders in folders', storage(paths('directories', '/a', '/a/b'), paths('files', '/a/b/c', '/a/d')), []],
  ...['/a//b', '/a/', '/a/./b', '/a/../b', '/..'].map((path): readonly [string, object, readonly string[]] => [
    `${path} is not the shortest form`,
    storage(paths('files', path)),
    [
      `BERTH-507 /storage/files/0/path: the shortest form of the path ${path} is ${{ '/a//b': '/a/b', '/a/': '/a', '/a/./b': '/a/b', '/a/../b': '/b', '/..': '/' }[path]}`,
    ],
  ]),
  ['the root, dots in names', storage(paths('directories', '/', '/.a/b..c/...')), []],
  [
    'a unit twice is one finding',
    {
      systemd: {
        units: [
          { name: 'a.service', contents: 'x' },
          { name: 'a.service', contents: 'y' },
        ],
      },
    },
    ['BERTH-504 /systemd/units/1/name: a.service stands already at /systemd/units/0/name'],
  ],
  [
    'a unit and its file',
    {
      ...storage(paths('files', '/etc/systemd/system/a.service')),
      systemd: { units: [{ name: 'a.service', contents: 'x' }] },
    },
    ['BERTH-504 /systemd/units/0/name: /etc/systemd/system/a.service stands already at /storage/files/0/path'],
  ],
  [
    'a masked unit and its file',
    {
      ...storage(paths('links', '/etc/systemd/system/a.service')),
      systemd: { units: [{ name: 'a.service', mask: true }] },
    },
    ['BERTH-504 /systemd/units/0/name: /etc/systemd/system/a.service stands already at /storage/links/0/path'],
  ],
  [
    'a unit that is only enabled, and its file',
    {
      ...storage(paths('files', '/etc/systemd/system/a.service')),
      systemd: { units: [{ name: 'a.service', enabled: true, mask: false }] },
    },
    [],
  ],
  [
    'a drop-in twice, and one that is a file as well',
    {
      ...storage(paths('files', '/etc/systemd/system/a.service.d/z.conf')),
      systemd: {
        units: [{ name: 'a.service', dropins: [{ name: 'x.conf' }, { name: 'x.conf' }, { name: 'z.conf' }] }],
      },
    },
    [
      'BERTH-504 /systemd/units/0/dropins/1/name: /etc/systemd/system/a.service.d/x.conf stands already at /systemd/units/0/dropins/0/name',
      'BERTH-504 /systemd/units/0/dropins/2/name: /etc/systemd/system/a.service.d/z.conf stands already at /storage/files/0/path',
    ],
  ],
  [
    'users, groups and what a user has',
    {
      passwd: {
        users: [{ name: 'a', groups: ['x', 'x'] }, { name: 'a' }, { name: 'b', sshAuthorizedKeys: ['k', 'l', 'k'] }],
        groups: [{ name: 'g' }, { name: 'g' }],
      },
    },
    [
      'BERTH-504 /passwd/users/0/groups/1: x stands already at /passwd/users/0/groups/0',
      'BERTH-504 /passwd/users/1/name: a stands already at /passwd/users/0/name',
      'BERTH-504 /passwd/users/2/sshAuthorizedKeys/2: k stands already at /passwd/users/2/sshAuthorizedKeys/0',
      'BERTH-504 /passwd/groups/1/name: g stands already at /passwd/groups/0/name',
    ],
  ],
  ['names that hold templates', storage(paths('files', '/{{ a }}', '/{{ a }}', '/{{ b }}//')), []],
];

for (const [name, config, found] of rows) test(name, () => assert.equal(clashes(config), found));

test('templates in names, which have to be looked at on each machine', () => {
  assert.is(claimsByTemplate(storage(paths('files', '/a', '/b'))), false);
  assert.is(claimsByTemplate({ storage: { files: [{ path: '/a', contents: { inline: '{{ b }}' } }] } }), false);
  assert.is(claimsByTemplate(storage(paths('files', '/a', '/{{ b }}'))), true);
  assert.is(
    claimsByTemplate({ systemd: { units: [{ name: 'a.service', dropins: [{ name: '{{ b }}.conf' }] }] } }),
    true,
  );
});

test.run();
