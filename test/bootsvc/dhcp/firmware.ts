// Messages as real firmware sends them. The options of OVMF are recorded ones, those of iPXE have a recording's shape.

function message(flags: string, xid: string, mac: string, options: string): Buffer {
  const fixed = `01010600${xid}0000${flags}${'00000000'.repeat(4)}${mac}${'00'.repeat(10 + 64 + 128)}63825363`;
  return Buffer.from(fixed + options.replaceAll(/\s/g, ''), 'hex');
}

function hexText(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

/** DISCOVER of OVMF 2022.11 (x64, UEFI HTTP boot), recorded; broadcast flag set. */
export const ovmfDiscover = message(
  '8000',
  '4c3a9e01',
  '5254000a0000',
  `350101 390205c0 371b0102030405060c0d0f111216171c28292a2b3233363a3b3ceb4361
   61110044454c4c00001020802080c04f202000 5e03010300 5d020010
   3c21${hexText('HTTPClient:Arch:00016:UNDI:003000')} ff`,
);

/** REQUEST of OVMF in SELECTING: the same with server id 10.72.0.3 and requested address 10.69.1.4. */
export const ovmfRequest = message(
  '8000',
  '4c3a9e01',
  '5254000a0000',
  `350103 36040a480003 32040a450104 390205c0 371b0102030405060c0d0f111216171c28292a2b3233363a3b3ceb4361
   61110044454c4c00001020802080c04f202000 5e03010300 5d020010
   3c21${hexText('HTTPClient:Arch:00016:UNDI:003000')} ff`,
);

/** DISCOVER of iPXE on x64 UEFI: user class without a length, client id, encapsulated options 175, wants unicast. */
export const ipxeDiscover = message(
  '0000',
  '0a0000aa',
  '5254000a0000',
  `350101 390205c0 5d020007 5e03010300
   3c20${hexText('PXEClient:Arch:00007:UNDI:003010')} 4d04${hexText('iPXE')}
   3717010306070c0f111a2b3c4243778081828384858687afcb
   af24b105011af41000eb03010000170101220101130101140101110101190101100102210101
   3d07015254000a0000 61110044454c4c00001020802080c04f202000 ff`,
);
