'use server';

import { channelForm } from '../../../../contract/channels.ts';
import { newVendorForm, vendorForm } from '../../../../contract/vendors.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import { pauseChannel, resumeChannel } from '../../../../services/channels/set-channel.ts';
import { addVendor } from '../../../../services/vendors/add-vendor.ts';
import { setVendor } from '../../../../services/vendors/set-vendor.ts';
import { wishOf } from '../wish-of.ts';

export async function add(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: newVendorForm, form }, addVendor);
}

/** Writes down what is said of a vendor, its name too. */
export async function set(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: vendorForm, form }, (deps, actor, { vendor, ...wish }) =>
    setVendor(deps, actor, vendor, wish),
  );
}

/** Lets the vendor's own channel rest. */
export async function pause(form: FormData): Promise<Act> {
  return wishOf({ ...channels, schema: channelForm, form }, (deps, actor, { name }) =>
    pauseChannel(deps, actor, name),
  );
}

export async function resume(form: FormData): Promise<Act> {
  return wishOf({ ...channels, schema: channelForm, form }, (deps, actor, { name }) =>
    resumeChannel(deps, actor, name),
  );
}

const here = { action: 'accounts:change', page: '/admin/vendors' } as const;
const channels = { action: 'channels:change', page: '/admin/vendors' } as const;
