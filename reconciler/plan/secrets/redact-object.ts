// Secrets in plain data, as Kubernetes objects are.
import { redacted, redactValue } from './redact.ts';

/** A Kubernetes object, or any plain data, with secrets replaced wherever they are in it. @param found gets what was replaced */
export function redactObject(value: unknown, found: Set<string> = new Set()): unknown {
  return redactMember('', value, found);
}

function redactMember(name: string, value: unknown, found: Set<string>): unknown {
  if (typeof value === 'string') return copyOfObject(value, found) ?? redactValue(name, value, found);
  if (Array.isArray(value)) return value.map((item) => redactMember(name, item, found));
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(record).map(([key, member]) => {
      if (isSecretData(record, key)) return [key, redactAll(member, found)];
      // A variable of an environment has its name beside its value.
      const meant = key === 'value' && typeof record.name === 'string' ? record.name : key;
      return [key, redactMember(meant, member, found)];
    }),
  );
}

/** Tools keep copies of whole objects in annotations, as JSON. */
function copyOfObject(text: string, found: Set<string>): string | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.stringify(redactMember('', JSON.parse(text) as unknown, found));
  } catch {
    return null;
  }
}

/** Members of a Kubernetes Secret that hold its data. */
function isSecretData({ kind }: Readonly<Record<string, unknown>>, key: string): boolean {
  return kind === 'Secret' && (key === 'data' || key === 'stringData');
}

function redactAll(value: unknown, found: Set<string>): unknown {
  const hidden = (secret: string): string => {
    found.add(secret);
    return redacted(secret);
  };
  if (typeof value !== 'object' || value === null) return hidden(String(value));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hidden(String(member))]));
}
