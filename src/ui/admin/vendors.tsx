import type { VendorView } from '../../contract/vendors.ts';
import { count } from '../kit/figures.ts';
import { ActForm } from './act-button.tsx';
import { Vendor, type VendorActions } from './vendor.tsx';

/** Who rents the accounts out: whom to write to, and what was promised. */
export function Vendors({ vendors, actions }: { vendors: readonly VendorView[]; actions: VendorActions }) {
  return (
    <>
      <p className="admin__sum">
        <b>{vendors.length === 1 ? '1 vendor' : `${count(vendors.length)} vendors`}</b>
      </p>
      <ActForm open="Add vendor" words="Add vendor" done="Added." given={{}} act={actions.add}>
        <label>
          Name
          <input className="field" name="name" required maxLength={100} autoComplete="off" />
        </label>
        <label>
          Business Manager ids, with commas between them
          <input className="field" name="businesses" maxLength={2000} autoComplete="off" />
          <span className="muted">Accounts found there become this vendor’s by themselves.</span>
        </label>
      </ActForm>
      {vendors.length === 0 ? (
        <div className="empty">
          <h2>No vendor yet</h2>
          <p>
            A vendor rents accounts out to you. Add one, and give accounts to it under Accounts, or name its
            Business Managers and they are its own as soon as they are found.
          </p>
        </div>
      ) : (
        <ul className="conns">
          {vendors.map((vendor) => (
            <li key={vendor.name}>
              <Vendor vendor={vendor} actions={actions} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
