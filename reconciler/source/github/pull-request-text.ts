// What is said about a pull request: in the check run, in the comment, in the summary of the job. Pure.
import { type Diagnostic, formatDiagnostic } from '../../../schema/diagnostic.ts';
import { textReport } from '../../../schema/report/text.ts';
import { capitalised, counted } from '../../../schema/words.ts';
import { fenced, markdownText } from './markdown.ts';

/** What was found out about the head of a pull request. */
export interface Findings {
  readonly headSha: string;
  /** The commit that the plan starts from. */
  readonly baseSha: string;
  /** Files relative to the top of the repository. What the plan refuses is among them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Null where none could be made. */
  readonly plan: PlanReport | null;
  /** Why there is no plan, where the diagnostics do not say it. */
  readonly noPlan?: string;
  readonly signatures: SignatureReport;
}

export interface PlanReport {
  readonly headline: string;
  readonly markdown: string;
  /** It would destroy something that no statement in the site repo asks for. */
  readonly refused: boolean;
}

/** What boot servers will make of the commits: they are not findings, for they are at no line of a file. */
export interface SignatureReport {
  /** `waiting`: for approvals, and for nothing else. */
  readonly verdict: 'accepted' | 'waiting' | 'refused' | 'not-judged';
  /** Part of a line; empty where there is nothing to be done. */
  readonly headline: string;
  /** Lines for the log. */
  readonly text: string;
  readonly markdown: string;
  /** For the page of the run. */
  readonly notes: readonly SignatureNote[];
}

export interface SignatureNote {
  readonly level: 'error' | 'notice';
  readonly title: string;
  readonly text: string;
}

/** A run of a workflow, with its artifact. */
export interface WorkflowRun {
  readonly url: string;
  readonly artifact: string;
}

export type Verdict = 'success' | 'failure' | 'action_required';

/** Warnings let it pass, and so does what waits for approvals; a refused plan wants a statement, or its lines back. */
export function verdictOf({ diagnostics, plan, signatures }: Findings): Verdict {
  if (plan?.refused) return 'action_required';
  const isBroken = signatures.verdict === 'refused' || diagnostics.some(({ severity }) => severity === 'error');
  return isBroken ? 'failure' : 'success';
}

/** The verdict in one line of plain text. */
export function titleOf(findings: Findings): string {
  const { diagnostics, plan, noPlan, signatures } = findings;
  const rest = [count(diagnostics, 'warning'), signatures.headline];
  switch (verdictOf(findings)) {
    case 'failure':
      return listOf([count(diagnostics, 'error'), ...rest]);
    case 'action_required':
      return listOf([`the plan is refused: ${plan?.headline ?? ''}`, ...rest]);
    case 'success':
      return listOf([plan?.headline ?? `no plan: ${noPlan ?? 'none was made'}`, ...rest]);
  }
}

/** How many findings there are, by rule, and what the signatures come to. */
export function summaryText(findings: Findings): string {
  const rules = new Map<string, number>();
  for (const { rule } of findings.diagnostics) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  const rows = [...rules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, found]) => `| ${rule} | ${found} |`);
  const table = rows.length === 0 ? [] : ['', '| rule | findings |', '| --- | ---: |', ...rows];
  const title = `**${markdownText(capitalised(titleOf(findings)))}.**`;
  return [title, ...table, '', findings.signatures.markdown, '', commitsText(findings)].join('\n');
}

/** What would take the reader too long, and a report too large, to go through. */
const maxDetailed = 200;

/** The findings with the lines that they are about, and the plan. */
export function detailText(findings: Findings, sourceOf: (file: string) => string | undefined): string {
  const { diagnostics, plan } = findings;
  const parts: string[] = [];
  if (diagnostics.length > 0) parts.push(fenced(textReport(diagnostics.slice(0, maxDetailed), { sourceOf })));
  if (diagnostics.length > maxDetailed) parts.push(`${diagnostics.length - maxDetailed} findings more.`);
  if (plan) parts.push(plan.markdown);
  return parts.join('\n\n');
}

const maxListed = 20;

/** The comment, and the summary of the job. */
export function commentText(findings: Findings, run: WorkflowRun | null): string {
  const { diagnostics, plan, signatures } = findings;
  const parts = [`### berth: ${markdownText(titleOf(findings))}`];
  if (diagnostics.length > 0) {
    const listed = diagnostics.slice(0, maxListed).map(formatDiagnostic);
    parts.push(fenced(listed.join('\n')));
    if (diagnostics.length > maxListed) parts.push(`${diagnostics.length - maxListed} findings more are in the check.`);
  }
  parts.push(signatures.markdown);
  if (plan) parts.push('#### Plan', plan.markdown);
  parts.push(commitsText(findings) + (run ? ` All of it is in ${artifactText(run)}.` : ''));
  return parts.join('\n\n');
}

/** Ends a comment that had to be cut. */
export function cutNote(run: WorkflowRun | null): string {
  const where = run ? artifactText(run) : 'the artifact of the workflow run';
  return `*Cut here: GitHub takes no more. The whole plan is in ${where}.*`;
}

function artifactText({ url, artifact }: WorkflowRun): string {
  return `the artifact ${markdownText(artifact)} of [the workflow run](${url})`;
}

function commitsText({ headSha, baseSha }: Findings): string {
  return `Commit ${headSha.slice(0, 12)}, compared with ${baseSha.slice(0, 12)}.`;
}

function count(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): string {
  const found = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return found === 0 ? '' : counted(found, severity);
}

function listOf(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
