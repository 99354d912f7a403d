// Findings as SARIF 2.1.0, in the subset that GitHub's code scanning reads.
import { sha256 } from '../canonical.ts';
import type { Diagnostic, Place } from '../diagnostic.ts';

/** A SARIF file (OASIS SARIF 2.1.0 §3.13). */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

/** What one program found (§3.14). */
export interface SarifRun {
  readonly tool: { readonly driver: SarifDriver };
  readonly columnKind: 'utf16CodeUnits';
  readonly invocations: readonly SarifInvocation[];
  readonly results: readonly SarifResult[];
}

export interface SarifDriver {
  readonly name: 'berth';
  readonly version: string;
  readonly rules: readonly SarifRule[];
}

/** A rule (§3.49). */
export interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifText;
  readonly fullDescription: SarifText;
  readonly help: SarifText;
}

export interface SarifInvocation {
  readonly executionSuccessful: true;
  readonly toolExecutionNotifications: readonly { readonly level: 'warning'; readonly message: SarifText }[];
}

/** A finding (§3.27). */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: 'error' | 'warning';
  readonly message: SarifText;
  readonly locations: readonly { readonly physicalLocation: SarifLocation }[];
  /** Tells whether a finding was there before: it does not hold line numbers, which move. */
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
}

export interface SarifLocation {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId: '%SRCROOT%' };
  readonly region: {
    readonly startLine: number;
    readonly startColumn: number;
    readonly endLine: number;
    readonly endColumn: number;
  };
}

interface SarifText {
  readonly text: string;
}

export interface RuleTitle {
  readonly id: string;
  readonly title: string;
}

export interface SarifOptions {
  /** Version of berth. */
  readonly version: string;
  /** All that were checked; one that is missing here goes by its id. */
  readonly rules: readonly RuleTitle[];
}

/** GitHub refuses a run with more. */
export const maxSarifResults = 25_000;

/**
 * @param diagnostics with files relative to the top of the Git repository; those after the first 25,000 are left out,
 *   and the file says how many
 */
export function sarifLog(diagnostics: readonly Diagnostic[], options: SarifOptions): SarifLog {
  const shown = diagnostics.slice(0, maxSarifResults);
  const titles = new Map(options.rules.map(({ id, title }) => [id, title]));
  const ids = [...new Set([...titles.keys(), ...shown.map(({ rule }) => rule)])].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const seen = new Map<string, number>();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'berth', version: options.version, rules: ids.map((id) => rule(id, titles.get(id) ?? id)) },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: leftOut(diagnostics.length) }],
        results: shown.map((diagnostic) => result(diagnostic, indexes.get(diagnostic.rule) ?? 0, seen)),
      },
    ],
  };
}

function rule(id: string, title: string): SarifRule {
  const text = { text: title };
  const help = { text: `${id}: ${title}. The page docs/rules/${id}.md of berth says why, and how to mend it.` };
  return { id, shortDescription: text, fullDescription: text, help };
}

function leftOut(found: number): SarifInvocation['toolExecutionNotifications'] {
  if (found <= maxSarifResults) return [];
  const text = `${found - maxSarifResults} of ${found} findings are left out: GitHub takes ${maxSarifResults}`;
  return [{ level: 'warning', message: { text } }];
}

/** @param seen how often a fingerprint was given: two findings that look alike must not be taken for one */
function result(diagnostic: Diagnostic, ruleIndex: number, seen: Map<string, number>): SarifResult {
  const { rule: ruleId, severity, place, message, hint } = diagnostic;
  const hash = sha256([ruleId, place.file, message].join('\0')).slice(0, 16);
  const ordinal = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, ordinal);
  return {
    ruleId,
    ruleIndex,
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations: [{ physicalLocation: location(place) }],
    partialFingerprints: { primaryLocationLineHash: `${hash}:${ordinal}` },
  };
}

function location({ file, line, column }: Place): SarifLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return {
    artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
  };
}
