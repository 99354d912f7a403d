// Windows and freezes on the clocks of the world, in nights in which clocks are set, too.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Calendar, type Span, type WeeklyWindow } from '../../schema/calendar.ts';

function calendar(timeZone: string): Calendar {
  const found = Calendar.of(timeZone);
  if (!found) throw new Error(`no time zone ${timeZone}`);
  return found;
}

const every = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const berlin = 'Europe/Berlin';

interface WindowRow {
  readonly name: string;
  readonly zone: string;
  readonly window: WeeklyWindow;
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

// Moments are written in UTC. 2026-01-01 is a Thursday. In Berlin clocks go from 02:00 to 03:00 on 2026-03-29, and from
// 03:00 to 02:00 on 2026-10-25, both at 01:00 UTC.
const windowTable: readonly WindowRow[] = [
  {
    name: 'UTC, with its first minute and without its last',
    zone: 'UTC',
    window: { days: ['thu'], from: '01:00', to: '05:00' },
    open: ['2026-01-01T01:00:00Z', '2026-01-01T04:59:59Z'],
    closed: ['2026-01-01T00:59:59Z', '2026-01-01T05:00:00Z', '2026-01-02T02:00:00Z', '2025-12-31T02:00:00Z'],
  },
  {
    name: 'Tokyo, where it is Friday already',
    zone: 'Asia/Tokyo',
    window: { days: ['fri'], from: '01:00', to: '05:00' },
    open: ['2026-01-01T16:00:00Z', '2026-01-01T19:59:00Z'],
    closed: ['2026-01-01T15:59:00Z', '2026-01-01T20:00:00Z', '2026-01-02T02:00:00Z'],
  },
  {
    name: 'past midnight: the day is the one on which it opens',
    zone: 'Asia/Tokyo',
    window: { days: ['sat'], from: '22:00', to: '04:00' },
    open: ['2026-01-03T13:00:00Z', '2026-01-03T15:00:00Z', '2026-01-03T18:59:00Z'],
    closed: ['2026-01-03T12:59:00Z', '2026-01-03T19:00:00Z', '2026-01-02T18:00:00Z', '2026-01-04T13:00:00Z'],
  },
  {
    name: 'past midnight on Sunday, into Monday',
    zone: 'UTC',
    window: { days: ['sun'], from: '23:00', to: '01:00' },
    open: ['2026-01-04T23:30:00Z', '2026-01-05T00:30:00Z'],
    closed: ['2026-01-04T00:30:00Z', '2026-01-05T23:30:00Z'],
  },
  {
    name: 'around the clock',
    zone: berlin,
    window: { days: ['mon'], from: '08:00', to: '08:00' },
    open: ['2026-01-05T07:00:00Z', '2026-01-06T06:59:00Z'],
    closed: ['2026-01-05T06:59:00Z', '2026-01-06T07:00:00Z'],
  },
  {
    name: 'a quarter of an hour off',
    zone: 'Asia/Kathmandu',
    window: { days: ['thu'], from: '12:00', to: '12:15' },
    open: ['2026-01-01T06:15:00Z', '2026-01-01T06:29:00Z'],
    closed: ['2026-01-01T06:14:00Z', '2026-01-01T06:30:00Z'],
  },
  {
    name: 'inside the hour that is left out: it does not open',
    zone: berlin,
    window: { days: ['sun'], from: '02:15', to: '02:45' },
    open: ['2026-03-22T01:30:00Z'],
    closed: ['2026-03-29T00:30:00Z', '2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'],
  },
  {
    name: 'from inside the hour that is left out: it opens when the hour would be over',
    zone: berlin,
    window: { days: ['sun'], from: '02:30', to: '04:00' },
    open: ['2026-03-29T01:00:00Z', '2026-03-29T01:59:00Z'],
    closed: ['2026-03-29T00:59:00Z', '2026-03-29T02:00:00Z'],
  },
  {
    name: 'around the hour that comes twice: an hour longer',
    zone: berlin,
    window: { days: ['sun'], from: '01:00', to: '04:00' },
    open: ['2026-10-24T23:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:59:00Z'],
    closed: ['2026-10-24T22:59:00Z', '2026-10-25T03:00:00Z'],
  },
  {
    name: 'inside the hour that comes twice: it opens twice',
    zone: berlin,
    window: { days: ['sun'], from: '02:00', to: '02:30' },
    open: ['2026-10-25T00:00:00Z', '2026-10-25T00:29:00Z', '2026-10-25T01:00:00Z', '2026-10-25T01:29:00Z'],
    closed: ['2026-10-25T00:30:00Z', '2026-10-25T00:59:00Z', '2026-10-25T01:30:00Z'],
  },
];

for (const { name, zone, window, open, closed } of windowTable) {
  test(`window: ${name}`, () => {
    for (const moment of open) assert.ok(calendar(zone).isOpen(window, Date.parse(moment)), `open at ${moment}`);
    for (const moment of closed)
      assert.not.ok(calendar(zone).isOpen(window, Date.parse(moment)), `closed at ${moment}`);
  });
}

interface FreezeRow {
  readonly name: string;
  readonly zone: string;
  readonly span: Span;
  /** Its first moment, and the one at which it is over, in UTC. */
  readonly from: string;
  readonly to: string;
}

const freezeTable: readonly FreezeRow[] = [
  {
    name: 'Tokyo, the days of the new year',
    zone: 'Asia/Tokyo',
    span: { from: '2026-12-29T00:00', to: '2027-01-04T09:00' },
    from: '2026-12-28T15:00:00Z',
    to: '2027-01-04T00:00:00Z',
  },
  {
    name: 'over the night in which clocks are set forward',
    zone: berlin,
    span: { from: '2026-03-28T12:00', to: '2026-03-29T12:00' },
    from: '2026-03-28T11:00:00Z',
    to: '2026-03-29T10:00:00Z',
  },
  {
    name: 'over the night in which they are set back',
    zone: berlin,
    span: { from: '2026-10-24T12:00', to: '2026-10-25T12:00' },
    from: '2026-10-24T10:00:00Z',
    to: '2026-10-25T11:00:00Z',
  },
  {
    name: 'to a time that comes twice: until it is there for the second time',
    zone: berlin,
    span: { from: '2026-10-24T12:00', to: '2026-10-25T02:30' },
    from: '2026-10-24T10:00:00Z',
    to: '2026-10-25T01:30:00Z',
  },
  {
    name: 'from a time that comes twice: from the first on',
    zone: berlin,
    span: { from: '2026-10-25T02:30', to: '2026-10-25T12:00' },
    from: '2026-10-25T00:30:00Z',
    to: '2026-10-25T11:00:00Z',
  },
  {
    name: 'from and to times that are left out: as long as they can mean',
    zone: berlin,
    span: { from: '2026-03-29T02:10', to: '2026-03-29T02:20' },
    from: '2026-03-29T00:10:00Z',
    to: '2026-03-29T01:20:00Z',
  },
  {
    name: 'by clocks that are set by half an hour',
    zone: 'Australia/Lord_Howe',
    span: { from: '2026-04-05T01:45', to: '2026-04-05T03:00' },
    from: '2026-04-04T14:45:00Z',
    to: '2026-04-04T16:30:00Z',
  },
];

for (const { name, zone, span, from, to } of freezeTable) {
  test(`freeze: ${name}`, () => {
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    const endAt = (moment: number) => calendar(zone).endOf(span, moment);
    assert.equal([endAt(begin - 1), endAt(begin), endAt(end - 1), endAt(end)], [null, end, end, null]);
    for (let moment = begin; moment < end; moment += 10 * 60_000) assert.is(endAt(moment), end, 'it has no hole');
  });
}

test('the next opening', () => {
  const nights: WeeklyWindow = { days: ['sat', 'tue'], from: '22:00', to: '04:00' };
  const next = (zone: string, windows: readonly WeeklyWindow[], moment: string): string | null => {
    const found = calendar(zone).nextOpening(windows, Date.parse(moment));
    return found === null ? null : new Date(found).toISOString();
  };
  assert.is(next('Asia/Tokyo', [nights], '2026-01-01T00:00:00Z'), '2026-01-03T13:00:00.000Z');
  assert.is(next('Asia/Tokyo', [nights], '2026-01-03T13:00:00Z'), '2026-01-06T13:00:00.000Z');
  assert.is(
    next('UTC', [nights, { days: ['fri'], from: '01:00', to: '02:00' }], '2026-01-01T00:00:00Z'),
    '2026-01-02T01:00:00.000Z',
  );
  assert.is(next('UTC', [], '2026-01-01T00:00:00Z'), null);
  assert.is(next('UTC', [{ days: [], from: '01:00', to: '02:00' }], '2026-01-01T00:00:00Z'), null);
  // Nothing opens in the night in which there is no such time; a week later it does.
  const left = [{ days: ['sun'], from: '02:15', to: '02:45' }];
  assert.is(next(berlin, left, '2026-03-28T00:00:00Z'), '2026-04-05T00:15:00.000Z');
});

test('what is open at the next opening was closed until then', () => {
  const windows: readonly WeeklyWindow[] = [
    { days: ['sun'], from: '01:30', to: '02:30' },
    { days: ['wed'], from: '23:00', to: '00:15' },
  ];
  const zone = calendar(berlin);
  const isOpen = (moment: number) => windows.some((window) => zone.isOpen(window, moment));
  for (const start of ['2026-10-23T12:00:00Z', '2026-03-27T12:00:00Z', '2026-07-01T12:00:00Z']) {
    const begin = Date.parse(start);
    const next = zone.nextOpening(windows, begin) ?? Number.NaN;
    assert.ok(isOpen(next));
    for (let moment = begin; moment < next; moment += 60_000) assert.not.ok(isOpen(moment));
  }
});

test('a moment as clocks show it', () => {
  assert.is(calendar('Asia/Tokyo').text(Date.parse('2026-12-23T15:00:00Z')), 'thu 2026-12-24 00:00');
  assert.is(calendar('UTC').text(0), 'thu 1970-01-01 00:00');
});

test('a time zone that does not exist', () => {
  assert.is(Calendar.of('Europe/Atlantis'), null);
  assert.is(Calendar.of(''), null);
});

test('every window of every zone is open a whole span of a usual week', () => {
  for (const zone of ['UTC', 'Asia/Tokyo', 'America/St_Johns', 'Pacific/Kiritimati']) {
    const window = { days: every, from: '21:00', to: '03:00' };
    let minutes = 0;
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      if (calendar(zone).isOpen(window, Date.parse('2026-06-10T00:00:00Z') + minute * 60_000)) minutes += 5;
    }
    assert.is(minutes, 6 * 60, zone);
  }
});

test.run();
