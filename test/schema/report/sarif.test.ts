// SARIF: a golden file, and the structure that GitHub's code scanning asks for.
import { Ajv } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { maxSarifResults, sarifLog } from '../../../schema/report/sarif.ts';

const slot: Diagnostic = {
  rule: 'BERTH-014',
  severity: 'error',
  place: { file: 'racks/r1.yaml', line: 12, column: 15 },
  message: 'slot 4 is given twice',
  hint: 'the next free one is 7',
};
const unused: Diagnostic = {
  rule: 'BERTH-050',
  severity: 'warning',
  place: { file: 'sites/tokyo 0/ä#1.yaml', line: 1, column: 1 },
  message: 'no role boots flatcar',
};
const options = { version: '1.2.3', rules: [{ id: 'BERTH-014', title: 'a slot is one machine’s' }] };

/** What "SARIF support for code scanning" calls required, and the values that it takes. */
const text = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } };
const gitHubSarif = {
  type: 'object',
  required: ['$schema', 'version', 'runs'],
  properties: {
    $schema: { type: 'string', pattern: '^https://' },
    version: { const: '2.1.0' },
    runs: { type: 'array', maxItems: 20, items: { $ref: '#/$defs/run' } },
  },
  $defs: {
    run: {
      type: 'object',
      required: ['tool', 'results'],
      properties: {
        tool: {
          type: 'object',
          required: ['driver'],
          properties: {
            driver: {
              type: 'object',
              required: ['name', 'rules'],
              properties: { name: { type: 'string' }, rules: { type: 'array', items: { $ref: '#/$defs/rule' } } },
            },
          },
        },
        columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
        results: { type: 'array', maxItems: 25_000, items: { $ref: '#/$defs/result' } },
      },
    },
    rule: {
      type: 'object',
      required: ['id', 'shortDescription', 'fullDescription', 'help'],
      properties: { id: { type: 'string' }, shortDescription: text, fullDescription: text, help: text },
    },
    result: {
      type: 'object',
      required: ['ruleId', 'level', 'message', 'locations', 'partialFingerprints'],
      properties: {
        ruleId: { type: 'string', pattern: '^BERTH-\\d{3}$' },
        ruleIndex: { type: 'integer', minimum: 0 },
        level: { enum: ['error', 'warning', 'note'] },
        message: text,
        locations: { type: 'array', minItems: 1, maxItems: 1, items: { $ref: '#/$defs/location' } },
        partialFingerprints: {
          type: 'object',
          required: ['primaryLocationLineHash'],
          properties: { primaryLocationLineHash: { type: 'string', pattern: '^[0-9a-f]+:\\d+$' } },
        },
      },
    },
    location: {
      type: 'object',
      required: ['physicalLocation'],
      properties: {
        physicalLocation: {
          type: 'object',
          required: ['artifactLocation', 'region'],
          properties: {
            artifactLocation: {
              type: 'object',
              required: ['uri'],
              // Relative to the top of the repository, as RFC 3986 §4.2 writes it.
              properties: { uri: { type: 'string', pattern: "^(?!/)([\\w.~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$" } },
            },
            region: {
              type: 'object',
              required: ['startLine', 'startColumn', 'endLine', 'endColumn'],
              additionalProperties: { type: 'integer', minimum: 1 },
            },
          },
        },
      },
    },
  },
};
const validate = new Ajv({ allErrors: true, strict: false }).compile(gitHubSarif);

function checked(diagnostics: readonly Diagnostic[]) {
  const log = sarifLog(diagnostics, options);
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 3)));
  const [run] = log.runs;
  assert.ok(run);
  return run;
}

test('a finding, member by member', () => {
  assert.equal(JSON.parse(JSON.stringify(sarifLog([slot], options))), {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'berth',
            version: '1.2.3',
            rules: [
              {
                id: 'BERTH-014',
                shortDescription: { text: 'a slot is one machine’s' },
                fullDescription: { text: 'a slot is one machine’s' },
                help: {
                  text: 'BERTH-014: a slot is one machine’s. The page docs/rules/BERTH-014.md of berth says why, and how to mend it.',
                },
              },
            ],
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
        results: [
          {
            ruleId: 'BERTH-014',
            ruleIndex: 0,
            level: 'error',
            message: { text: 'slot 4 is given twice\nthe next free one is 7' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'racks/r1.yaml', uriBaseId: '%SRCROOT%' },
                  region: { startLine: 12, startColumn: 15, endLine: 12, endColumn: 16 },
                },
              },
            ],
            partialFingerprints: { primaryLocationLineHash: '7e32e63f025d6f49:1' },
          },
        ],
      },
    ],
  });
});

test('results point to their rules, and files are URIs', () => {
  const { results, tool } = checked([unused, slot, { ...slot, rule: 'BERTH-001' }]);
  assert.equal(
    results.map(({ ruleId, ruleIndex, level }) => [ruleId, tool.driver.rules[ruleIndex]?.id, level]),
    [
      ['BERTH-050', 'BERTH-050', 'warning'],
      ['BERTH-014', 'BERTH-014', 'error'],
      ['BERTH-001', 'BERTH-001', 'error'],
    ],
  );
  assert.is(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, 'sites/tokyo%200/%C3%A4%231.yaml');
});

test('a fingerprint stays when the line moves, and no two are alike', () => {
  const moved = { ...slot, place: { ...slot.place, line: 99, column: 1 } };
  const hashes = (...diagnostics: Diagnostic[]) =>
    checked(diagnostics).results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
  assert.equal(hashes(moved), hashes(slot));
  assert.is(new Set(hashes(slot, moved, unused, { ...slot, rule: 'BERTH-015' })).size, 4);
});

test('no findings', () => assert.equal(checked([]).results, []));

test('more findings than GitHub takes are cut, and it says so', () => {
  const run = checked(Array.from({ length: maxSarifResults + 5 }, () => unused));
  assert.is(run.results.length, maxSarifResults);
  assert.equal(
    run.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text),
    ['5 of 25005 findings are left out: GitHub takes 25000'],
  );
  assert.equal(checked([unused]).invocations[0]?.toolExecutionNotifications, []);
});

test.run();
