// What every rule is called, for reports that carry that along.
import type { RuleTitle } from '../../schema/report/sarif.ts';
import { rules } from '../../schema/rules/rules.ts';
import { transitions } from '../../schema/rules/transitions/transitions.ts';

/** Rules that are checked while files are read, machines rendered and plans made, and so have no file in rules/. */
const elsewhere: Readonly<Record<string, string>> = {
  'BERTH-001': 'the file is YAML 1.2',
  'BERTH-002': 'no key stands twice in a map',
  'BERTH-003':
    'the file means what it shows: one document, text keys, plain decimal numbers, no directives, anchors, aliases, tags, merge keys, bare words that YAML 1.1 reads otherwise, or characters that are not seen',
  'BERTH-004': 'the file is UTF-8 and has at most 1 MiB',
  'BERTH-005': 'every key is known',
  'BERTH-006': 'every required key is there',
  'BERTH-007': 'every value is of its type',
  'BERTH-008': 'every value is allowed: pattern, range, choice',
  'BERTH-009': 'the files that every site needs are there',
  'BERTH-010': 'something reads each file',
  'BERTH-011': 'the site repo holds plain files and folders only, of sizes and names that every system can take',
  'BERTH-012': 'addresses are IPv4',
  'BERTH-013': 'files in secrets/ are sealed with age',
  'BERTH-416': 'nothing that a role needs is hidden by what its disks are mounted over',
  'BERTH-418': 'every variable is read by a template',
  'BERTH-502': 'files that ignition.yaml names lie beside it',
  'BERTH-503': 'every template can be filled in for every machine',
  'BERTH-504': 'a path, unit or user is said once in a role, templates filled in, and nothing lies below a file',
  'BERTH-505': 'a unit has contents or contents_local, not both',
  'BERTH-506': 'every piece of the blueprint fits etcd (1 MiB)',
  'BERTH-507': 'paths on machines are in their shortest form',
  'BERTH-509': 'units are such that systemd loads them',
  'BERTH-510': 'enabling a unit has an effect',
  'BERTH-511': "a machine's rendered Ignition has at most 2 MiB",
  'BERTH-512': 'files that begin with #! are executable, and no others',
  'BERTH-513': 'modes give nobody more than the owner, and not everybody the right to write',
  'BERTH-514': 'programs that units run from folders of the role are put there',
  'BERTH-901': 'a machine that has reported stays declared until it has retired',
};

/** In the order of their ids. */
export function ruleTitles(): readonly RuleTitle[] {
  const all = [
    ...Object.entries(elsewhere).map(([id, title]) => ({ id, title })),
    ...[...rules, ...transitions].map(({ id, title }) => ({ id, title })),
  ];
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}
