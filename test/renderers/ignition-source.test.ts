import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeIgnition, originAt } from '../../renderers/ignition-source.ts';
import { type Diagnostic, formatPlace } from '../../schema/diagnostic.ts';
import { parseDocument, type SiteDocumentFile } from '../../schema/document.ts';
import type { DocumentKinds } from '../../schema/document-kinds.ts';
import type { IgnitionFolder } from '../../schema/load.ts';
import { validateDocument } from '../../schema/validate.ts';
import { fileOf } from '../schema/example-site.ts';
import { marked, placeText } from '../schema/marked-source.ts';

function documentOf<K extends keyof DocumentKinds>(
  kind: K,
  file: string,
  source: string,
): SiteDocumentFile<DocumentKinds[K]> {
  const parsed = parseDocument(file, Buffer.from(source));
  const { document, diagnostics } = parsed.document ? validateDocument(kind, parsed.document) : parsed;
  if (!document) throw new Error(diagnostics[0]?.message);
  return document as SiteDocumentFile<DocumentKinds[K]>;
}

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Files whose names begin with `bin/` are executable. */
function folderOf(name: string, source: string, files: Files = {}): readonly [string, IgnitionFolder] {
  const document = documentOf('ignition', `ignition/${name}/ignition.yaml`, source);
  const entries = Object.entries(files).map(
    ([path, content]) => [path, fileOf(content, /(^|\/)bin\//.test(path))] as const,
  );
  return [name, { document, files: new Map(entries) }];
}

function merge(...folders: readonly (readonly [string, IgnitionFolder])[]) {
  const names = folders.map(([name]) => name).join(', ');
  const role = documentOf('role', 'roles/x.yaml', `os: flatcar\nignition: [${names}]\nvariables: { a: 1 }\n`);
  return mergeIgnition('x', role, { a: 1 }, new Map(folders));
}

function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ rule, place, message }) => `${rule} ${formatPlace(place)} ${message}`);
}

test('every kind of entry becomes what Ignition 3.3 has for it', () => {
  const folder = folderOf(
    'one',
    `storage:
  directories:
    - { path: /d, mode: "0750", user: { name: core } }
  files:
    - { path: /inline, mode: "644", overwrite: true, contents: { inline: "text {{ x }}" } }
    - { path: /local, contents: { local: here/file } }
  links:
    - { path: /l, target: /t, hard: true }
  trees:
    - { local: tree, path: /opt/ }
systemd:
  units:
    - { name: a.service, enabled: true, contents: "[Unit]" }
    - { name: b.service, contents_local: units/b }
    - { name: c.service, mask: true, dropins: [{ name: x.conf, contents: z }] }
passwd:
  users:
    - { name: u, groups: [g], shell: /bin/sh, ssh_authorized_keys: [k] }
  groups:
    - { name: g }
`,
    { 'here/file': 'local\n', 'units/b': '[Unit]\n', 'tree/z': 'Z', 'tree/bin/run': '#!/bin/sh\n', 'treetop/no': '' },
  );
  const { source, diagnostics } = merge(folder);
  assert.equal(diagnostics, []);
  assert.equal(source, {
    kind: 'ignition',
    role: 'x',
    version: '3.3.0',
    variables: { a: 1 },
    config: {
      storage: {
        directories: [{ path: '/d', user: { name: 'core' }, mode: 0o750 }],
        files: [
          { path: '/inline', overwrite: true, mode: 0o644, contents: { inline: 'text {{ x }}' } },
          { path: '/local', contents: { inline: 'local\n' } },
          { path: '/opt/bin/run', mode: 0o755, contents: { inline: '#!/bin/sh\n' } },
          { path: '/opt/z', mode: 0o644, contents: { inline: 'Z' } },
        ],
        links: [{ path: '/l', target: '/t', hard: true }],
      },
      systemd: {
        units: [
          { name: 'a.service', enabled: true, contents: '[Unit]' },
          { name: 'b.service', contents: '[Unit]\n' },
          { name: 'c.service', mask: true, dropins: [{ name: 'x.conf', contents: 'z' }] },
        ],
      },
      passwd: {
        users: [{ name: 'u', groups: ['g'], shell: '/bin/sh', sshAuthorizedKeys: ['k'] }],
        groups: [{ name: 'g' }],
      },
    },
  });
});

test('folders are merged in the order of the role, entries in the order of their document', () => {
  const file = (path: string): string => `    - { path: ${path}, contents: { inline: x } }\n`;
  const a = folderOf('a', `storage:\n  files:\n${file('/2')}${file('/1')}  trees:\n    - { local: t, path: / }\n`, {
    't/0': '',
  });
  const b = folderOf('b', `storage:\n  files:\n${file('/b')}`);
  const order = (...folders: readonly (readonly [string, IgnitionFolder])[]): unknown => {
    const { storage } = merge(...folders).source.config as { storage: { files: { path: string }[] } };
    return storage.files.map(({ path }) => path);
  };
  assert.equal(order(a, b), ['/2', '/1', '/0', '/b']);
  assert.equal(order(b, a), ['/b', '/2', '/1', '/0']);
});

test('lists that are empty are left out, and so is a role with nothing', () => {
  assert.equal(merge(folderOf('a', 'storage: { files: [], trees: [] }\nsystemd: {}\n')).source.config, {});
});

test('a tree of a folder whose name is the beginning of another one', () => {
  const { source } = merge(
    folderOf('a', 'storage: { trees: [{ local: etc/, path: /etc }] }\n', { 'etc/x': '1', 'etcetera/y': '2' }),
  );
  assert.equal(source.config, { storage: { files: [{ path: '/etc/x', mode: 0o644, contents: { inline: '1' } }] } });
});

test('local files keep their bytes: line ends, a byte order mark, no line end at the end', () => {
  const text = '\ufeffa\r\nb\t\u{1f600}\n\nc';
  const { source } = merge(folderOf('a', 'storage: { files: [{ path: /x, contents: { local: f } }] }\n', { f: text }));
  assert.equal(source.config, { storage: { files: [{ path: '/x', contents: { inline: text } }] } });
});

test('what is not there, or is no text', () => {
  const { source, places } = marked(`storage:
  files:
    - { path: /1, contents: { local: ▸gone } }
    - { path: /2, contents: { local: ▸ignition.yaml } }
    - { path: /3, contents: { local: binary } }
  trees:
    - { local: ▸nowhere, path: / }
    - { local: files, path: / }
systemd:
  units:
    - { name: a.service, contents_local: ▸x/../unit }
`);
  const binary = Buffer.from([0xff]);
  const { diagnostics } = merge(folderOf('a', source, { binary, 'files/blob': binary, unit: '' }));
  assert.equal(lines(diagnostics), [
    `BERTH-502 ignition/a/ignition.yaml:${places[0]} there is no ignition/a/gone`,
    `BERTH-502 ignition/a/ignition.yaml:${places[1]} there is no ignition/a/ignition.yaml`,
    'BERTH-004 ignition/a/binary:1:1 the file is not UTF-8 text',
    `BERTH-502 ignition/a/ignition.yaml:${places[2]} there is no ignition/a/nowhere/`,
    'BERTH-004 ignition/a/files/blob:1:1 the file is not UTF-8 text',
    `BERTH-502 ignition/a/ignition.yaml:${places[3]} there is no ignition/a/x/../unit`,
  ]);
});

test('a unit with both contents and contents_local', () => {
  const { diagnostics } = merge(
    folderOf('a', 'systemd:\n  units:\n    - { name: a.service, contents: x, contents_local: z }\n', { z: '' }),
  );
  assert.equal(lines(diagnostics), [
    'BERTH-505 ignition/a/ignition.yaml:3:55 a.service has both contents and contents_local',
  ]);
});

test('what two folders claim stands where the second one says it, and names the first', () => {
  const one = marked('storage: { files: [{ path: ▸/x, contents: { inline: a } }] }\n');
  const two = marked('storage:\n  trees:\n    - { local: t, path: ▸/ }\n');
  const a = folderOf('a', one.source);
  const b = folderOf('b', two.source, { 't/x': '', 't/y': '' });
  const inA = `ignition/a/ignition.yaml:${one.places[0]}`;
  const inB = `ignition/b/ignition.yaml:${two.places[0]}`;
  assert.equal(lines(merge(a, b).diagnostics), [`BERTH-504 ${inB} /x stands already at ${inA}`]);
  assert.equal(lines(merge(b, a).diagnostics), [`BERTH-504 ${inA} /x stands already at ${inB}`]);
});

test('every text of a source has its origin, to the character', () => {
  const files = { file: 'a\r\nb @7\r\n', 'tree/x': '@8', unit: '[Unit]\n' };
  const text = `storage:
  files:
    - path: /etc/@1
      user: { name: '@2' }
      contents:
        inline: |
          first
            @3
    - { path: /@4, contents: { local: file } }
  links:
    - { path: /l, target: "/\\tx@5" }
  trees:
    - { local: tree, path: "/@6" }
systemd:
  units:
    - name: a.service
      contents_local: unit
      dropins:
        - name: x.conf
          contents: >
            folded
            @9
passwd:
  users:
    - name: u
      ssh_authorized_keys: [none, k @0]
`;
  const { source, origins } = merge(folderOf('a', text, files));
  const found = new Map<string, string>();
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value === 'string' && value.includes('@')) {
      const at = value.indexOf('@');
      const place = originAt(origins, pointer, at);
      found.set(value.slice(at, at + 2), place ? formatPlace(place) : 'nowhere');
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) walk(member, `${pointer}/${key}`);
    }
  };
  walk(source.config, '');
  assert.is(found.size, 10);
  for (const [name, content] of Object.entries({ 'ignition.yaml': text, ...files })) {
    const { source: unmarked, places } = marked(content.replaceAll('@', '▸@'));
    const names = [...unmarked.matchAll(/@./g)].map(([match]) => match);
    for (const [index, match] of names.entries()) {
      assert.is(found.get(match), `ignition/a/${name}:${places[index]}`, match);
    }
  }
});

test('the path of a file in a tree is that of the tree; what has no origin has that of what is above it', () => {
  const { source, places } = marked('storage:\n  trees:\n    - ▸{ local: t, path: ▸/▸p▸ }\n');
  const { origins } = merge(folderOf('a', source, { 't/{{ x }}': '' }));
  const at = (pointer: string, offset: number): string => {
    const place = originAt(origins, pointer, offset);
    return place ? placeText(place) : 'nowhere';
  };
  assert.equal(
    [0, 1, 3].map((offset) => at('/storage/files/0/path', offset)),
    places.slice(1),
  );
  assert.is(at('/storage/files/0/no/such', 7), places[0]);
  assert.is(at('/systemd/units/0', 0), 'nowhere');
});

test.run();
