// A preview of a plan as Markdown, for pull requests. What it quotes from the site repo stands in fences and escaped: it
// cannot become part of the page, nor call anyone.
import { fenced, htmlText, markdownText } from '../../source/github/markdown.ts';
import {
  type Cut,
  countLines,
  cutExample,
  cutObjects,
  diffHeading,
  groupsLeftText,
  leftOutText,
  shownGroups,
} from './cut.ts';
import { reasonTexts } from './groups.ts';
import { nameList } from './name-list.ts';
import { planText } from './plan.ts';
import type { ChangeGroup, Preview } from './preview.ts';
import { radiusText } from './radius.ts';
import { groupTitle } from './text.ts';

export interface MarkdownOptions {
  /** What is planned, and against what. */
  readonly heading?: string;
  /** Whether diffs are shown to their end. */
  readonly full?: boolean;
  /** Where what is left out is found: `--full shows them`. */
  readonly whereAll?: string;
}

export function previewMarkdown(preview: Preview, options: MarkdownOptions = {}): string {
  const { plan, radius, groups, objects } = preview;
  const { heading, full = false, whereAll = '`--full` shows them' } = options;
  const detailed = shownGroups(groups, full);
  const more = groupsLeftText(groups.length, detailed.length);
  const refusals = plan.refusals.map(({ rule, message }) => `- **${rule}**: ${markdownText(message)}`);
  return [
    `**Disruption: ${radius.disruption}.** ${markdownText(radiusText(radius, objects))}`,
    ...(refusals.length > 0 ? [refusals.join('\n')] : []),
    ...(groups.length > 0 ? [groupTable(detailed)] : []),
    ...(more === '' ? [] : [`And ${more}.`]),
    details('The plan', fenced(planText(plan, heading))),
    ...detailed.map((group) =>
      details(
        groupTitle(group).replace(/:$/, ''),
        cutMarkdown(cutExample(group.example.parts, group.becoming, full), whereAll),
      ),
    ),
    ...(objects.length > 0
      ? [details(`Kubernetes objects (${objects.length})`, cutMarkdown(cutObjects(objects, full), whereAll))]
      : []),
  ].join('\n\n');
}

function groupTable(groups: readonly Omit<ChangeGroup, 'example'>[]): string {
  const rows = groups.map(({ becoming, machines, reasons }) => {
    const names = nameList(machines.map(({ name }) => name));
    const why = reasons.length === 0 ? ['what boot servers answer'] : reasonTexts(reasons);
    return `| ${becoming} | ${machines.length} | ${markdownText(names)} | ${why.map(markdownText).join('<br>')} |`;
  });
  return ['| | machines | | because |', '| --- | ---: | --- | --- |', ...rows].join('\n');
}

/** Folded, so that a long one hides no other. */
function details(summary: string, markdown: string): string {
  return `<details><summary>${htmlText(summary)}</summary>\n\n${markdown}\n\n</details>`;
}

function cutMarkdown({ shown, left }: Cut, whereAll: string): string {
  if (shown.length === 0) return 'Nothing that is rendered for it changes.';
  const parts = shown.map((diff) => {
    const body = fenced([...diffHeading(diff), ...diff.lines].join('\n'), 'diff');
    return diff.leftOut > 0 ? `${body}\n\n*${leftOutText(diff.leftOut)}: ${whereAll}.*` : body;
  });
  if (left.length > 0) {
    parts.push(`*And ${left.length} more, ${leftOutText(countLines(left))}: ${whereAll}.*`);
    parts.push(fenced(left.map(({ name, change }) => `${change} ${name}`).join('\n')));
  }
  return parts.join('\n\n');
}
