import type { Rule } from '../rule.ts';

/** Windows and freezes are written in it. */
export const timeZone: Rule = {
  id: 'BERTH-704',
  title: 'the time zone is known',
  *check({ site }) {
    const { timeZone: name } = site.value;
    if (name === undefined || isTimeZone(name)) return;
    yield {
      place: site.placeOf('timeZone'),
      message: `there is no time zone ${name}`,
      hint: 'write a name of the IANA time zone database, such as Asia/Tokyo or UTC',
    };
  },
};

/** Names that are aliases, and UTC itself, are not in the list; to make a format for them takes much longer. */
function isTimeZone(name: string): boolean {
  if (name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name)) return true;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
