import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

/** The MAC address of the BMC of the machine whose second card has a given one. */
function bmcMac(rack: string, secondCard: string, mac: string): Change {
  return [
    `racks/${rack}.yaml`,
    `${secondCard}], bmc: { type: redfish }`,
    `${secondCard}], bmc: { type: redfish, mac: "${mac}" }`,
  ];
}

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
    found: ['BERTH-105 racks/r3.yaml:3:7', 'BERTH-111 racks/r3.yaml:3:7', 'BERTH-304 site.yaml:64:27'],
    says: /^the rack number 2 is taken already at racks\/r2\.yaml:3:7$/,
  },
  {
    name: 'a boot server named like a spine',
    change: [['site.yaml', 'name: boot-1', 'name: spine1']],
    found: ['BERTH-106 site.yaml:62:13'],
    says: /^the name spine1 is taken already at site\.yaml:49:12$/,
  },
  {
    name: 'a serial three times',
    change: [
      ['racks/r1.yaml', 'QK5JWG4', 'FQ7K2D3'],
      ['racks/r3.yaml', 'BP1JHJ3', 'FQ7K2D3'],
    ],
    found: ['BERTH-101 racks/r1.yaml:9:15', 'BERTH-101 racks/r3.yaml:9:15'],
    says: /^the serial FQ7K2D3 is taken already at racks\/r0\.yaml:9:15$/,
  },
  {
    name: 'a MAC address of a machine in another rack',
    change: [['racks/r3.yaml', '02:be:00:03:09:01', '02:be:00:00:04:02']],
    found: ['BERTH-102 racks/r3.yaml:17:12'],
    says: /^the MAC address 02:be:00:00:04:02 is taken already at racks\/r0\.yaml:9:69$/,
  },
  {
    name: 'a machine in the slot of the boot server',
    change: [['racks/r2.yaml', 'slot: 11', 'slot: 3']],
    found: ['BERTH-104 racks/r2.yaml:16:30'],
    says: /^slot 3 of QP7RF93 is outside the machine slots 4 to 31$/,
  },
  {
    name: 'a ToR named like one in another rack',
    change: [['racks/r2.yaml', 'name: r2-tor2', 'name: r1-tor2']],
    found: ['BERTH-106 racks/r2.yaml:7:13'],
    says: /^the name r1-tor2 is taken already at racks\/r1\.yaml:7:13$/,
  },
  {
    name: 'a spine twice',
    change: [['site.yaml', 'spines: [spine1, spine2]', 'spines: [spine1, spine2, spine2]']],
    found: ['BERTH-106 site.yaml:49:28'],
    says: /^the name spine2 is taken already at site\.yaml:49:20$/,
  },
  {
    name: 'a serial in small letters, in another rack',
    change: [['racks/r3.yaml', 'BP1JHJ3', 'fq7k2d3']],
    found: ['BERTH-107 racks/r3.yaml:9:15'],
    says: /^the serial fq7k2d3 differs from FQ7K2D3 at racks\/r0\.yaml:9:15 by case alone$/,
  },
  {
    name: 'serials that differ by one letter typed small',
    change: [['racks/r1.yaml', 'C5606Q1', 'qK5JWG4']],
    found: ['BERTH-107 racks/r1.yaml:10:15'],
    says: /^the serial qK5JWG4 differs from QK5JWG4 at racks\/r1\.yaml:9:15 by case alone$/,
  },
  {
    name: 'a multicast address for a card',
    change: [['racks/r0.yaml', '02:be:00:00:0a:01', '01:be:00:00:0a:01']],
    found: ['BERTH-108 racks/r0.yaml:15:51'],
    says: /^01:be:00:00:0a:01 of Y020PR2 is a multicast address$/,
  },
  {
    name: 'a card that was never set',
    change: [['racks/r3.yaml', '02:be:00:03:09:02', '00:00:00:00:00:00']],
    found: ['BERTH-108 racks/r3.yaml:17:31'],
    says: /^00:00:00:00:00:00 of H2RQP02 is no address: it is all zero$/,
  },
  {
    name: 'a BMC with the broadcast address',
    change: [
      [
        'racks/r3.yaml',
        'bmc: { type: redfish }\n    labels',
        'bmc: { type: redfish, mac: "ff:ff:ff:ff:ff:ff" }\n    labels',
      ],
    ],
    found: ['BERTH-108 racks/r3.yaml:18:32'],
    says: /^ff:ff:ff:ff:ff:ff of the BMC of H2RQP02 is the broadcast address$/,
  },
  {
    name: "a BMC with a card's address",
    change: [
      [
        'racks/r3.yaml',
        'bmc: { type: redfish }\n    labels',
        'bmc: { type: redfish, mac: "02:be:00:03:09:01" }\n    labels',
      ],
    ],
    found: ['BERTH-109 racks/r3.yaml:18:32'],
    says: /^the MAC address 02:be:00:03:09:01 is taken already at racks\/r3\.yaml:17:12$/,
  },
  {
    name: 'a BMC with the address of another one',
    change: [
      bmcMac('r0', '02:be:00:00:0b:02', '02:be:00:00:0b:ff'),
      bmcMac('r2', '02:be:00:02:0b:02', '02:be:00:00:0b:ff'),
    ],
    found: ['BERTH-109 racks/r2.yaml:16:117'],
    says: /^the MAC address 02:be:00:00:0b:ff is taken already at racks\/r0\.yaml:16:/,
  },
  {
    name: 'a boot server named like a machine',
    change: [['site.yaml', 'name: boot-3', 'name: r3-04']],
    found: ['BERTH-110 site.yaml:64:13'],
    says: /^r3-04 is the name of the machine in slot 4 at racks\/r3\.yaml:9:30$/,
  },
  {
    name: 'a ToR named like a machine of another rack',
    change: [['racks/r2.yaml', 'name: r2-tor1', 'name: r0-11']],
    found: ['BERTH-110 racks/r2.yaml:6:13'],
    says: /^r0-11 is the name of the machine in slot 11 at racks\/r0\.yaml:16:30$/,
  },
  {
    name: 'a rack with another number than its file',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 4'],
      ['site.yaml', 'rack: 3, joined', 'rack: 4, joined'],
    ],
    found: ['BERTH-111 racks/r3.yaml:3:7'],
    says: /^racks\/r3\.yaml is rack 4; most racks are numbered as they are named$/,
  },
  {
    name: 'a 30th of February',
    change: [['racks/r3.yaml', 'labels: { gpu: l4 }', 'labels: { gpu: l4 }\n    retireDate: "2028-02-30"']],
    found: ['BERTH-112 racks/r3.yaml:20:17'],
    says: /^H2RQP02 is to go on 2028-02-30, but that month is shorter$/,
  },
  {
    name: 'a leap day in a year that has none',
    change: [['racks/r3.yaml', 'labels: { gpu: l4 }', 'labels: { gpu: l4 }\n    retireDate: "2100-02-29"']],
    found: ['BERTH-112 racks/r3.yaml:20:17'],
    says: /^H2RQP02 is to go on 2100-02-29/,
  },
  {
    name: "firmware's text for a serial",
    change: [['racks/r1.yaml', 'QK5JWG4', 'To-Be-Filled-By-O.E.M.']],
    found: ['BERTH-113 racks/r1.yaml:9:15'],
    says: /^the serial To-Be-Filled-By-O\.E\.M\. looks like what firmware says where no serial was set$/,
  },
  {
    name: 'a serial of the same digit, and one that counts',
    change: [
      ['racks/r1.yaml', 'QK5JWG4', '"00000000"'],
      ['racks/r1.yaml', 'C5606Q1', '"0123456789"'],
    ],
    found: ['BERTH-113 racks/r1.yaml:9:15', 'BERTH-113 racks/r1.yaml:10:15'],
    says: /^the serial 00000000 looks like/,
  },
];
