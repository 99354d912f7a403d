// Text that was quoted from a site repo, made safe to show: it must not reach a terminal or a log as commands to it.

/** Control characters and those that turn the direction of writing, as `\uXXXX`; all others as they are. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
