// The program `berth`: the table of its commands. Each command's code is loaded when it is called.
import { Command, CommanderError, Option } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };

/** What a command's file exports: does the work, and says how the program exits. */
type Run<Args extends unknown[]> = (...args: Args) => Promise<number>;

const program = new Command('berth')
  .description('A signed Git repository is the data center: plan, boot and roll bare metal from it.')
  .version(packageFile.version)
  .option('--color', 'colour the output, even where it is no terminal (FORCE_COLOR)')
  .option('--no-color', 'never colour the output (NO_COLOR)')
  .option('--no-cache', 'take over nothing from earlier runs, and keep nothing for later ones (BERTH_CACHE=off)')
  .configureHelp({ showGlobalOptions: true })
  // exitCodeOf prints them, like all others.
  .configureOutput({ outputError: () => {} })
  .exitOverride();

/** Adds a command whose last two arguments from commander (its options, and itself) end in `run`'s options. */
function command<Args extends unknown[]>(
  name: string,
  description: string,
  load: () => Promise<Run<Args>>,
  above: Command = program,
): Command {
  return above
    .command(name)
    .description(description)
    .action(async (...args: unknown[]) => {
      const { color, cache } = program.opts<{ readonly color?: boolean; readonly cache: boolean }>();
      if (color !== undefined) (await import('./terminal.ts')).chooseColour(color);
      if (!cache) process.env.BERTH_CACHE = 'off';
      const run = await load();
      process.exitCode = await run(...(args.slice(0, -1) as Args));
    });
}

command('up', 'bring up the example site on this machine, end to end', async () => (await import('./up.ts')).up)
  .option('--once', 'stop by itself when everything has happened, exit 0 if it was as it should be')
  .option('--json', 'print one line of JSON per event')
  .option('--etcd <endpoints>', 'use this etcd instead of starting one (BERTH_ETCD)')
  .option('--work <folder>', 'where everything is kept', '.berth');

command(
  'init',
  'make a site repo that validates, from a few answers or options',
  async () => (await import('./init.ts')).init,
)
  .argument('[dir]', 'where the site repo will be: a folder that is empty, or not there yet', '.')
  .option('--yes', 'ask nothing: take defaults for what no option says')
  .option('--site <id>', 'site id')
  .option('--domain <domain>', 'DNS domain of its machines')
  .option('--racks <number>', 'how many racks it has')
  .option('--machines-per-rack <number>', 'how many machines a rack has room for')
  .option('--node-pool <network>', 'addresses of machines, such as 10.69.0.0/20')
  .option('--bmc-pool <network>', 'addresses of their BMCs')
  .option('--dns <addresses>', 'DNS servers, separated by commas')
  .option('--ntp <addresses>', 'NTP servers, separated by commas')
  .option('--machines <file>', 'machines as CSV: serial,rack,slot,role,mac1,mac2')
  .option('--signer <key>', 'SSH public key that signs changes, or its file; none for a stand-in')
  .option('--os <name>', 'what the operating system is called')
  .option('--kernel <file>', 'kernel to pin; it goes with --initrd')
  .option('--initrd <file>', 'initrd to pin')
  .option('--boot-program <file>', 'iPXE for x64 UEFI to pin')
  .option('--assets <url>', 'where boot servers will find the files that are pinned')
  .option('--no-git', 'make no Git repository');

command(
  'validate',
  'check a site repo: exit 0 when every rule holds, 1 when not',
  async () => (await import('./validate.ts')).validate,
)
  .argument('[dir]', 'the site repo', '.')
  .option('--base <ref>', 'check what changes since this Git ref as well')
  .option('--strict', 'take no warnings: exit 1 when there are any')
  .addOption(
    new Option('--format <format>', 'how findings are told')
      .choices(['text', 'json', 'sarif', 'github'])
      .default('text'),
  )
  .addOption(new Option('--json', 'short for --format json').implies({ format: 'json' }));

command(
  'plan',
  'show what a site repo would change: exit 0 nothing, 2 changes, 1 error',
  async () => (await import('./plan.ts')).planCommand,
)
  .argument('[dir]', 'the site repo', '.')
  .option('--base <ref>', 'compare with this Git ref instead of with etcd')
  .option('--head <ref>', 'with --base: plan this Git ref instead of the files on disk')
  .option('--etcd <endpoints>', 'etcd of the site (BERTH_ETCD)')
  .option('--format <format>', 'text, json or markdown (default: text)')
  .option('--json', 'short for --format json')
  .option('--full', 'show diffs to their end');

command(
  'schema',
  'print the JSON Schema of a kind of document, or list the kinds',
  async () => (await import('./schema.ts')).schema,
)
  .argument('[kind]', 'site, rack, role, …')
  .option('--write [dir]', 'write all schemas into a site repo, with settings that VS Code finds them by')
  .option('--modelines', 'with --write: put a line at the top of each document that other editors find them by');

command(
  'fmt',
  'format the documents of a site repo: exit 1 when one cannot be read',
  async () => (await import('./fmt.ts')).fmt,
)
  .argument('[dir-or-paths...]', 'the site repo, then paths in it (default: all of the one that is here)')
  .option('--check', 'write nothing, list what would change: exit 1 when anything would')
  .option('--diff', 'write nothing, show what would change: exit 1 when anything would');

command(
  'diff',
  'show what differs between two Git refs of a site repo: exit 0 nothing, 2 something, 1 error',
  async () => (await import('./diff.ts')).diff,
)
  .argument('<ref>', 'the older one')
  .argument('[other]', 'the newer one (default: the files on disk)')
  .argument('[dir]', 'the site repo (default: this folder)')
  .option('--format <format>', 'text, json or markdown (default: text)')
  .option('--json', 'short for --format json')
  .option('--full', 'show diffs to their end');

command('explain', 'say where every value of a machine comes from', async () => (await import('./explain.ts')).explain)
  .argument('<machine>', 'serial or name of the machine')
  .argument('[field]', 'the field, or what the names of several begin with: labels, boot.os, links.0')
  .argument('[dir]', 'the site repo (default: this folder)')
  .option('--json', 'print it as JSON');

command('render', 'print what one machine gets', async () => (await import('./render.ts')).render)
  .argument('<what>', 'ignition, ipxe, dhcp or machine')
  .argument('<machine>', 'serial or name of the machine')
  .argument('[dir]', 'the site repo', '.');

command(
  'github',
  'judge a pull request to a site repo and tell GitHub; action.yml runs it',
  async () => (await import('./github.ts')).github,
)
  .argument('<what>', 'pull-request')
  .argument('[dir]', 'the site repo, with the head of the pull request checked out', '.')
  .option('--base <ref>', 'what the head is compared with (default: of the event)')
  .option('--head <ref>', 'the head (default: of the event)')
  .option('--repository <owner/name>', 'where the pull request is (default: of the event)')
  .option('--number <number>', 'of the pull request (default: of the event)')
  .option('--name <name>', 'of the check run and the comment', 'berth')
  .option('--out <folder>', 'where the report is written', 'berth-report')
  .option('--artifact <name>', 'what the artifact with the report is called')
  .option('--deadline <seconds>', 'how long GitHub may take to be told', '120');

const secret = program
  .command('secret')
  .description('edit what is sealed in secrets/, and seal it again when the recipients change');

const identityOption = new Option(
  '--identity <file>',
  'private key that opens it, repeatable (BERTH_IDENTITY; default: ~/.ssh/id_ed25519)',
).argParser((file: string, files: readonly string[] = []) => [...files, file]);

command(
  'edit',
  'edit a secret with VISUAL or EDITOR, or make one: exit 0 when it is sealed or did not change, 1 when not',
  async () => (await import('./secret/edit.ts')).secretEdit,
  secret,
)
  .argument('<file>', 'the secret: secrets/bmc.age, or bmc')
  .argument('[dir]', 'the site repo (default: the one that the secret is in)')
  .addOption(identityOption)
  .option('--from <file>', 'seal this file as it is, - for standard input, without an editor')
  .option('--generate <bytes>', 'seal so many random bytes, in base64url')
  .option('--allow-empty', 'seal nothing, if there is nothing');

command(
  'rekey',
  'seal secrets to the recipients of trust/recipients.yaml again: exit 1 when one could not be',
  async () => (await import('./secret/rekey.ts')).secretRekey,
  secret,
)
  .argument('[files...]', 'secrets, folders of them, or the site repo (default: all of the one that is here)')
  .addOption(identityOption)
  .option('--all', 'those too whose headers fit, as after an age key was replaced by another')
  .option('--json', 'print what was done as JSON');

const trust = program
  .command('trust')
  .description('see whom the site repo trusts, judge its history, introduce boot servers, and overrule them by hand');

const jsonOption = new Option('--json', 'print it as JSON');
const introductionOption = new Option(
  '--introduction <commit:key>',
  'where trust begins (default: git config berth.introduction)',
);

command(
  'introduce',
  'print the introduction of a site; with --data, introduce a boot server to it',
  async () => (await import('./trust/introduce.ts')).trustIntroduce,
  trust,
)
  .argument('[dir]', 'the site repo', '.')
  .option('--commit <ref>', 'the commit that trust is to begin with', 'HEAD')
  .option('--data <folder>', 'on a boot server: introduce it; the folder that its berth agent has as --data')
  .option('--introduction <commit:key>', 'with --data: what the server is told')
  .option('--site <id>', 'with --data: the site that the server belongs to')
  .addOption(siteRepoOption())
  .option('--branch <name>', 'with --data: branch of the site repo', 'main')
  .option('--repo-token-file <file>', 'with --data: file with a token for the Git host of the first --repo')
  .option('--repo-ca <file>', 'with --data: certificates to trust beside the usual ones, PEM')
  .option('--repo-proxy <url>', 'with --data: HTTP proxy (default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY)')
  .option('--replace', 'with --data: put it in the place of another introduction')
  .addOption(jsonOption);

command(
  'show',
  'show whom a commit trusts and for what; with --data, what a boot server remembers',
  async () => (await import('./trust/show.ts')).trustShow,
  trust,
)
  .argument('[dir]', 'the site repo', '.')
  .option('--ref <ref>', 'branch, tag or commit', 'HEAD')
  .option('--allowed-signers', 'print the SSH keys as OpenSSH and Git take them')
  .option('--data <folder>', 'on a boot server: show what it remembers; the folder that its berth agent has as --data')
  .addOption(jsonOption);

command(
  'check',
  'judge a commit as a boot server would: exit 0 accepted, 1 refused',
  async () => (await import('./trust/check.ts')).trustCheck,
  trust,
)
  .argument('<ref>', 'branch, tag or commit')
  .argument('[dir]', 'the site repo', '.')
  .option('--from <ref>', 'take this one for good, and judge what has come since')
  .addOption(introductionOption)
  .option('--site <id>', 'site that it has to be of (default: that of where trust begins)')
  .addOption(jsonOption);

command(
  'log',
  'list commits, newest first, each with its verdict and who signed it',
  async () => (await import('./trust/log.ts')).trustLog,
  trust,
)
  .argument('[dir]', 'the site repo', '.')
  .option('--ref <ref>', 'branch, tag or commit to begin with', 'HEAD')
  .option('-n, --number <number>', 'how many, 0 for all', '20')
  .addOption(introductionOption)
  .addOption(jsonOption);

command(
  'explain',
  'say who may change what a commit changes, who stands for it, and what is missing: exit 1 when it is refused',
  async () => (await import('./trust/explain.ts')).trustExplain,
  trust,
)
  .argument('<commit>', 'branch, tag or commit')
  .argument('[dir]', 'the site repo', '.')
  .addOption(introductionOption)
  .addOption(jsonOption);

command(
  'accept',
  'on a boot server: vouch for a commit that it refuses',
  async () => (await import('./trust/accept.ts')).trustAccept,
  trust,
)
  .argument('<commit>', 'its id, in full')
  .requiredOption('--reason <text>', 'why: it stays in the history of the site')
  .requiredOption('--data <folder>', 'the folder that its berth agent has as --data')
  .addOption(
    new Option(
      '--supersede <commit>',
      'what else than what the server has accepted is given up for it, repeatable',
    ).argParser((commit: string, commits: readonly string[] = []) => [...commits, commit]),
  )
  .option('--yes', 'ask nothing')
  .addOption(jsonOption);

command(
  'revoke',
  'on a boot server: do not believe a key from now on, before trust/signers.yaml says so',
  async () => (await import('./trust/revoke.ts')).trustRevoke,
  trust,
)
  .argument('<fingerprint>', 'of the key: SHA256:…, or the digits of an OpenPGP key')
  .requiredOption('--reason <text>', 'why: it stays in the history of the site')
  .requiredOption('--data <folder>', 'the folder that its berth agent has as --data')
  .option(
    '--from <instant>',
    'what it signed before 2026-01-31T12:30:00Z stays good; without --from nothing does, and the server stands still',
  )
  .addOption(jsonOption);

command('status', 'show what is in force and how every machine is', async () => (await import('./status.ts')).status)
  .option('--etcd <endpoints>', 'etcd of the site (BERTH_ETCD)')
  .option('--site <id>', 'site id (BERTH_SITE)')
  .option('--json', 'print it as JSON');

command(
  'agent',
  'run the agent of a boot server: pull, authenticate, plan, execute',
  async () => (await import('./agent.ts')).agent,
)
  .requiredOption('--name <server>', 'name of this boot server in site.yaml')
  .requiredOption('--site <id>', 'site id')
  .addOption(siteRepoOption().makeOptionMandatory())
  .option('--branch <name>', 'branch of the site repo', 'main')
  .option('--repo-token-file <file>', 'file with a token for the Git host of the first --repo, sent to no other')
  .option('--repo-ca <file>', 'certificates to trust beside the usual ones, PEM')
  .option('--repo-proxy <url>', 'HTTP proxy (default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY)')
  .option('--introduction <commit:key>', 'where trust begins: a commit, and the fingerprint of the key that signed it')
  .option('--secrets-key <file>', 'private key of this server: heads whose secrets it does not open are refused')
  .option('--stale-after <seconds>', 'how long a commit may take that another server has accepted', '900')
  .option('--etcd <endpoints>', 'etcd of the site (BERTH_ETCD)')
  .requiredOption('--data <folder>', 'folder of what this server remembers by itself')
  .option('--poll <seconds>', 'how often the site repo is pulled', '30')
  .option('--lease <seconds>', 'how long after the leader is lost another one leads', '10')
  .option('--http <address:port>', 'where metrics are served and POST /pull is taken', '127.0.0.1:9110')
  .option('--bmc-url <template>', 'URL of a BMC, {address} standing for its address', 'https://{address}')
  .option('--bmc-credentials <file>', 'JSON file with user and password of the BMCs')
  .option('--github-token-file <file>', 'tell GitHub how commits fare, with this token (BERTH_GITHUB_TOKEN)')
  .option('--github-api <url>', 'its REST API (default: that of github.com or <name>.ghe.com in --repo)')
  .option('--github-repository <owner/name>', 'the site repo on GitHub (default: that of --repo)')
  .option('--github-target-url <url>', 'a page about the site that GitHub links to');

command('boot', 'run the boot service of a boot server: DHCP and HTTP', async () => (await import('./boot.ts')).boot)
  .requiredOption('--name <server>', 'name of this boot server in site.yaml')
  .requiredOption('--site <id>', 'site id')
  .option('--etcd <endpoints>', 'etcd of the site (BERTH_ETCD)')
  .requiredOption('--data <folder>', 'folder of assets and of the last generation')
  .option('--dhcp <address:port>', 'where DHCP is served', '0.0.0.0:67')
  .option('--dhcp-link <address>', 'own address on a link that has no relay')
  .option('--dhcp-reply <to>', 'where relays are answered: giaddr, or source for relays behind NAT', 'giaddr')
  .option('--http <address:port>', 'where HTTP is served', '0.0.0.0:80')
  .option('--url <base>', 'base of the URLs that machines are given (default: the node address of this server)')
  .option('--mirror <urls>', 'bases of mirrors that have assets as <base>/<sha256>, separated by commas');

command(
  'stand-ins',
  'run stand-in machines and their BMCs for a site repo',
  async () => (await import('./stand-ins.ts')).standIns,
)
  .argument('[dir]', 'the site repo', '.')
  .requiredOption('--dhcp <address:port>', 'DHCP server that their relay agents send to')
  .option('--bmc-port <port>', 'port of the BMCs on 127.0.0.1, 0 for any', '0')
  .option('--time-scale <factor>', '1 waits like real machines, 0.01 a hundred times less', '0.02');

/** The site repo, several times where there are mirrors. */
function siteRepoOption(): Option {
  const about = 'site repo: http or https URL, or a bundle; repeatable, mirrors in the order in which they are asked';
  return new Option('--repo <url>', about).argParser((url: string, urls: readonly string[] = []) => [...urls, url]);
}

// A reader that has seen enough (`berth plan | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  complain(`the output cannot be written: ${error.message}`);
  process.exit(1);
});

/** As {@link GitObjectError} has it, which is loaded with Git only. */
const missing = 'missing-object';

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    const isHelp = error.exitCode === 0 || error.code === 'commander.help';
    if (!isHelp) complain(`${usageFault(error)}; --help shows what there is`);
    return error.exitCode;
  }
  complain(isExpected(error) ? `${error.message}${adviceOn(error)}` : String((error as Error)?.stack ?? error));
  return 1;
}

/** Commander's message on one line, without its own `error:`. */
function usageFault({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}

/** Whether the message says it all. Codes of Node's that begin with ERR_ are faults of the program. */
function isExpected(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && !String(error.code).startsWith('ERR_');
}

/** Whichever command looks back further than history was cloned meets an object that is missing. */
function adviceOn(error: Error): string {
  const isMissing = [error, error.cause].some((one) => one instanceof Error && 'code' in one && one.code === missing);
  return isMissing ? '; if the clone is shallow, git fetch --unshallow brings the rest of it' : '';
}

function complain(message: string): void {
  process.stderr.write(`berth: ${message}\n`);
}
