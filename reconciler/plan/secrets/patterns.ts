// What secrets look like in texts: by their own shape, or by the name that stands before them.
import { secretWord } from './names.ts';

/** Shapes that are secret whatever they are called. The first group, if there is one, is kept. */
export const shapes: readonly RegExp[] = [
  // RFC 7468, also where lines are joined by an escaped line end; one without its end counts up to where the text ends.
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /AGE-SECRET-KEY-1[0-9A-Z]{20,}/gi,
  // crypt(5), as /etc/shadow has it.
  /\$(?:[1567]|2[abxy]?|y|gy|md5|sha1|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,20})\$[^\s:;,"'`]{8,}/g,
  /\{(?:S?SHA(?:256|384|512)?|CRYPT|PBKDF2[\w-]{0,20})\}[A-Za-z0-9+/=$.]{16,}/g,
  // Tokens that begin with what they are.
  /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|hvs\.[\w-]{20,})/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  // RFC 7519. A header without an end is not looked for over and over in what follows.
  /\beyJ[\w-]{8,500}\.[\w-]{8,}\.[\w-]*/g,
  // kubeadm's.
  /(?<![\w.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])/g,
  /(\b(?:Bearer|Basic)\s+)[\w.~+/-]{12,}=*/gi,
  // RFC 3986 §3.2.1.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}:)[^\s/@"']{1,500}(?=@)/gi,
  // Of iSCSI on a kernel's command line (dracut.cmdline(7)), of netrc(5), of a BGP neighbour, of chpasswd(8) and curl(1).
  /(\biscsi:[^\s:@]{1,100}:)[^\s@]{1,200}(?=@)/gi,
  /(\blogin\s{1,20}\S{1,200}\s{1,20}password\s{1,20})[^\s(]\S*/gi,
  /(\bneighbor\s{1,20}\S{1,100}\s{1,20}password\s{1,20})[^\s(]\S*/gi,
  /(\becho\s{1,20}["']?[\w.-]{1,32}:)[^\s"'|(]{1,200}(?=["']?\s{0,20}\|[^\n|]{0,50}\bchpasswd)/g,
  /(\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]?["']?[\w.@-]{1,64}:)[^\s"'($][^\s"']*/g,
  // User and password for a registry of containers.
  /("auth"\s{0,20}:\s{0,20}")[A-Za-z0-9+/=]{8,}(?=")/g,
];

/** Found where another one ends, so that `Environment=PASSWORD=x` holds one. */
const name = String.raw`(?<![\w.]|[\w.]-)(?=[A-Za-z])(?=[\w.-]{0,100}?(?:${secretWord.source}))(?<name>[\w.-]{1,101})`;
const valueInQuotes = String.raw`"(?:[^"\\\n]|\\.)*"|'[^'\n]*'`;
const valueInFlow = String.raw`${valueInQuotes}|[^\s"',}\]][^"',}\]\n]*`;

/** Values that their names tell to be secret: what stands before the name, the name, the sign and the value. */
export const assignments: readonly RegExp[] = [
  // A block scalar of YAML (1.2.2 §8.1): its text stands in the lines below that are indented more.
  new RegExp(
    String.raw`^(?<head>(?<indent>[ \t]*)(?:- )?["']?${name}["']?[ \t]*:[ \t]*[|>][-+\d]*[ \t]*\n)` +
      String.raw`(?<value>(?:(?:\k<indent>[ \t]+.*|[ \t]*)(?:\n|$))+)`,
    'gim',
  ),
  // A line of YAML, of an INI file or of a shell.
  new RegExp(String.raw`^(?<head>[ \t]*(?:- |export )?["']?${name}["']?[ \t]*[:=][ \t]*)(?<value>[^\s].*)$`, 'gim'),
  // Quoted as a whole, as systemd has it.
  new RegExp(String.raw`(?<head>"${name}=)(?<value>[^"\n]+)(?=")`, 'gi'),
  new RegExp(String.raw`(?<head>'${name}=)(?<value>[^'\n]+)(?=')`, 'gi'),
  // In a flow collection of YAML, or JSON.
  new RegExp(String.raw`(?<head>${name}["']?[ \t]*:[ \t]*)(?<value>${valueInFlow})`, 'gi'),
  // A variable of an environment that has its name beside its value, as Kubernetes has it.
  new RegExp(
    String.raw`(?<head>\bname["']?[ \t]*:[ \t]*["']?${name}["']?[ \t]*(?:,\s{0,200}|\n[ \t]*)["']?value["']?[ \t]*:[ \t]*)` +
      `(?<value>${valueInFlow})`,
    'gi',
  ),
  // A statement of BIRD, and of others that put values after names.
  new RegExp(String.raw`(?<head>${name}[ \t]+)(?<value>${valueInQuotes})`, 'gi'),
  // An argument of a kernel or a program.
  new RegExp(String.raw`(?<head>${name}=)(?<value>${valueInQuotes}|[^\s"']+)`, 'gi'),
  new RegExp(String.raw`(?<head>--${name}[ \t]+)(?<value>${valueInQuotes}|[^\s"'-][^\s"']*)`, 'gi'),
];
