import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
  {
    name: 'a serial twice, in two racks',
    change: [['racks/r3.yaml', 'BP1JHJ3', 'FQ7K2D3']],
    found: ['BERTH-101 racks/r3.yaml:9:15'],
    says: /^the serial FQ7K2D3 is taken already at racks\/r0\.yaml:9:15$/,
  },
  {
    name: 'a MAC address twice, on one machine',
    change: [['racks/r0.yaml', '02:be:00:00:0b:02', '02:be:00:00:0b:01']],
    found: ['BERTH-102 racks/r0.yaml:16:70'],
    says: /^the MAC address 02:be:00:00:0b:01 is taken already at racks\/r0\.yaml:16:51$/,
  },
  {
    name: 'a slot twice',
    change: [['racks/r0.yaml', 'slot: 11', 'slot: 4']],
    found: ['BERTH-103 racks/r0.yaml:16:30'],
    says: /^the slot 4 is taken already at racks\/r0\.yaml:9:30$/,
  },
  {
    name: 'a machine in a slot for leases',
    change: [['racks/r0.yaml', 'slot: 11', 'slot: 32']],
    found: ['BERTH-104 racks/r0.yaml:16:30'],
    says: /^slot 32 of C92XLP3 is outside the machine slots 4 to 31$/,
  },
  {
    name: 'a rack number twice',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 2'],
      ['site.yaml', 'rack: 3, joined', 'rack: 0, joined'],
    ],
    found: ['BERTH-105 racks/r3.yaml:3:7', 'BERTH-304 site.yaml:64:27'],
    says: /^the rack number 2 is taken already at racks\/r2\.yaml:3:7$/,
  },
  {
    name: 'a boot server named like a spine',
    change: [['site.yaml', 'name: boot-1', 'name: spine1']],
    found: ['BERTH-106 site.yaml:62:13'],
    says: /^the name spine1 is taken already at site\.yaml:49:12$/,
  },
];
