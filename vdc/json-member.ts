// Looking into JSON that somebody else has written.

/** A member of a JSON object; undefined when there is none, or no object. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
