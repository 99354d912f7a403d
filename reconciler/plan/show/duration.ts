/** A length of time for people, in its two largest units: `56 min`, `2 h 40 min`, `3 d 4 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return withRest(`${hours} h`, minutes % 60, 'min');
  const wholeHours = Math.round(minutes / 60);
  return withRest(`${Math.floor(wholeHours / 24)} d`, wholeHours % 24, 'h');
}

function withRest(text: string, rest: number, unit: string): string {
  return rest === 0 ? text : `${text} ${rest} ${unit}`;
}
