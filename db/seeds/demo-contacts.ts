import type { Channel } from '../../domain/instruction.ts';
import type { ContactKind } from '../schema.ts';
import { ORGANISATIONS, type SeedOrganisation } from './organisations.ts';

export interface DemoContact {
  readonly organisation: string;
  readonly kind: ContactKind;
  readonly channel: Channel;
  readonly address: string;
  readonly name: string;
}

/** Contacts of the embedded desk: `.example` addresses only (RFC 2606), numbers that ARCEP reserves for fiction (06 39 98 …). */
export const DEMO_CONTACTS: readonly DemoContact[] = [
  ...ORGANISATIONS.filter(({ kind }) => kind === 'ars').flatMap(arsContacts),
  national('corrussHead', 'chef', 'Chef du CORRUSS'),
  national('desk', 'permanence', 'Permanence du CORRUSS'),
];

function arsContacts({ id, name, regionCode }: SeedOrganisation): DemoContact[] {
  const code = regionCode ?? '';
  const mail = (kind: ContactKind, box: string, title: string): DemoContact => ({
    organisation: id,
    kind,
    channel: 'mail',
    address: `ars${code}-${box}@ars-${code}.example`,
    name: `${title} – ${name}`,
  });
  return [
    mail('alertBox', 'alerte', 'Boîte d’alerte'),
    mail('secondary', 'secours', 'Seconde adresse'),
    mail('onCall', 'astreinte', 'Astreinte'),
    { ...mail('onCall', 'astreinte', 'Astreinte'), channel: 'sms', address: `+336399800${code}` },
    mail('director', 'direction', 'Direction générale'),
  ];
}

function national(kind: ContactKind, box: string, name: string): DemoContact {
  return { organisation: 'CORRUSS', kind, channel: 'mail', address: `${box}@corruss.example`, name };
}
