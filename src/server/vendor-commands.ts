import { addVendor } from '../services/vendors/add-vendor.ts';
import { readVendors } from '../services/vendors/read-vendors.ts';
import { type Command, done, Mistake, operator } from './command.ts';

/** The operator's commands about vendors. Contact and promises are entered in the admin pages. */
export const vendorCommands: Record<string, Command> = {
  'vendor add': {
    usage: 'vendor add NAME [--business ID …]',
    does: 'adds a vendor, or Business Managers to one; accounts of its Business Managers that nobody has assigned become its own',
    async run(deps, given) {
      const name = given.words[0];
      if (name === undefined || name.trim() === '')
        throw new Mistake('Name the vendor: vendor add "Agency Alpha"');
      const businesses = [given.options['business'] ?? []].flat().map(String).join(' ');
      return [done(await addVendor(deps, operator, { name, businesses, mayExist: true }))];
    },
  },
  'vendor list': {
    usage: 'vendor list',
    does: 'lists the vendors with their accounts and Business Managers',
    run: async (deps) =>
      (await readVendors(deps, operator)).map(({ name, accounts, businessIds }) => ({
        ...{ name, accounts },
        businesses: businessIds,
      })),
  },
};
