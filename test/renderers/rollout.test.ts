// The roll-out policy: what is said is carried over, and what is not said is not there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderRollout } from '../../renderers/rollout.ts';
import type { SiteDocument } from '../../schema/types/site.ts';
import { changed, example, siteOf } from '../schema/example-site.ts';

const { value } = siteOf(example).site;
const least = { racksAtOnce: 1, maxUnavailablePerRack: 4, canaries: 1, deadlineSeconds: 600 };

function rendered(rollout: Partial<SiteDocument['rollout']>) {
  return renderRollout({ ...value, rollout: { maxUnavailablePerRack: 4, deadlineSeconds: 600, ...rollout } });
}

test('a site that says nothing of waves, times and budgets has the digest that it always had', () => {
  assert.equal(renderRollout(value), least);
  assert.equal(rendered({ soakSeconds: 0, waves: [], windows: [], freezes: [], budgets: {} }), least);
});

test('all that is said is carried over', () => {
  const rollout: Partial<SiteDocument['rollout']> = {
    soakSeconds: 900,
    waves: [{ name: 'storage', roles: ['ss'], racks: ['r0'], machines: ['FQ7K2D3'] }],
    windows: [{ roles: ['cs'], days: ['sat', 'sun'], from: '22:00', to: '04:00' }],
    freezes: [{ from: '2026-12-24T00:00', to: '2027-01-04T09:00', reason: 'year-end sales', roles: ['cs'] }],
    budgets: { site: 8, powerFeed: 4, roles: { ss: 1 } },
  };
  assert.equal(rendered(rollout), { ...least, ...rollout, timeZone: 'Asia/Tokyo' });
});

test('the time zone is there where something is written in it', () => {
  const freezes = [{ from: '2026-12-24T00:00', to: '2027-01-04T09:00', reason: 'year-end sales' }];
  const windows: SiteDocument['rollout']['windows'] = [{ days: ['sat'], from: '22:00', to: '04:00' }];
  assert.is(rendered({ freezes }).timeZone, 'Asia/Tokyo');
  assert.is(rendered({ windows }).timeZone, 'Asia/Tokyo');
  assert.is(rendered({ soakSeconds: 60 }).timeZone, undefined);
  const { timeZone: _, ...site } = value;
  assert.is(renderRollout({ ...site, rollout: { ...value.rollout, freezes } }).timeZone, 'UTC');
});

test('a site.yaml says it in these words', () => {
  const files = changed(example, [
    'site.yaml',
    '  deadlineSeconds: 600\n',
    '  deadlineSeconds: 600\n  soakSeconds: 60\n',
  ]);
  assert.equal(renderRollout(siteOf(files).site.value), { ...least, soakSeconds: 60 });
});

test.run();
