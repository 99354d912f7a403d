// The documentation says what the program has: every rule, every command, and no link that leads nowhere.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rules } from '../schema/rules/rules.ts';
import { transitions } from '../schema/rules/transitions/transitions.ts';

const pages = ['README.md', 'examples/site-repo/README.md', ...markdownIn('docs')];

function markdownIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return names.map((name) => `${folder}/${name}`);
}

const rows = new Map(
  [...readFileSync('docs/rules.md', 'utf8').matchAll(/^\| \[(BERTH-\d{3})\]\(rules\/\1\.md\) \| ([^|]+) \|/gm)].map(
    ([, id = '', title = '']) => [id, title.trim()] as const,
  ),
);

test('docs/rules.md has every id that the source uses, once and in order, and no other', () => {
  const sources = execFileSync('git', ['ls-files', 'schema', 'renderers', 'reconciler'], { encoding: 'utf8' }).split(
    '\n',
  );
  const used = new Set<string>();
  for (const file of sources.filter((name) => name.endsWith('.ts'))) {
    for (const [id] of readFileSync(file, 'utf8').matchAll(/BERTH-\d{3}/g)) used.add(id);
  }
  const listed = [...readFileSync('docs/rules.md', 'utf8').matchAll(/^\| \[?(BERTH-\d{3})/gm)].map(([, id]) => id);
  assert.equal(listed, [...used].sort());
  assert.equal([...rows.keys()], listed);
});

test('docs/rules.md says of every rule what must hold, and whether it is an error', () => {
  for (const { id, title } of [...rules, ...transitions]) {
    assert.is(rows.get(id)?.replaceAll('`', ''), title.replaceAll('`', ''), id);
  }
});

test('every rule has a page, under its title and with its severity', () => {
  const severities = new Map([...rules, ...transitions].map(({ id, severity }) => [id, severity ?? 'error']));
  for (const [id, title] of rows) {
    const [heading, , severity] = readFileSync(`docs/rules/${id}.md`, 'utf8').split('\n');
    assert.is(heading?.replaceAll('`', ''), `# ${id}: ${title.replaceAll('`', '')}`);
    const said = /^Severity: (error|warning)\b/.exec(severity ?? '')?.[1];
    assert.ok(said, `${id} has a line Severity: error. or Severity: warning.`);
    if (severities.has(id)) assert.is(said, severities.get(id), id);
    const text = readFileSync(`docs/rules/${id}.md`, 'utf8');
    const shown = [...text.matchAll(/^(?:\S+:\d+:\d+: )?(error|warning) (BERTH-\d{3}): \S/gm)];
    assert.ok(
      id === 'BERTH-901' || shown.some(([, severity, rule]) => severity === said && rule === id),
      `${id} shows a finding`,
    );
  }
  const pages = readdirSync('docs/rules').map((name) => name.replace(/\.md$/, ''));
  assert.equal(pages.sort(), [...rows.keys()].sort());
});

test('links between pages lead to files that are there', () => {
  for (const page of pages) {
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue;
      assert.ok(existsSync(path.join(path.dirname(page), target)), `${page} links to ${target}`);
    }
  }
});

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text.replace(/[^\p{L}\p{N}\- _]/gu, '').replaceAll(' ', '-');
}

test('links to a heading lead to one that is there', () => {
  for (const page of pages) {
    for (const [, file = '', anchor = ''] of readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)) {
      if (/^https?:/.test(file)) continue;
      const target = file === '' ? page : path.join(path.dirname(page), file);
      const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
      assert.ok(headings.map(anchorOf).includes(anchor), `${page} links to ${file}#${anchor}`);
    }
  }
});

test('every npm script that the pages name exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  for (const page of pages) {
    for (const [, name = ''] of readFileSync(page, 'utf8').matchAll(/\bnpm run ([a-z:]+)/g)) {
      assert.ok(scripts[name], `${page} names npm run ${name}`);
    }
  }
});

test.run();
