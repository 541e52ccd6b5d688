import type { ReactNode } from 'react';

const tabs = [
  { place: 'accounts', href: '/admin/accounts', words: 'Accounts' },
  { place: 'vendors', href: '/admin/vendors', words: 'Vendors' },
  { place: 'channels', href: '/admin/channels', words: 'Channels' },
  { place: 'rules', href: '/admin/rules', words: 'Rules' },
  { place: 'connections', href: '/admin', words: 'Connections' },
  { place: 'members', href: '/admin/members', words: 'Members' },
  { place: 'keys', href: '/admin/keys', words: 'API keys' },
  { place: 'simulation', href: '/admin/simulation', words: 'Simulation' },
  { place: 'system', href: '/admin/system', words: 'System' },
  { place: 'audit', href: '/admin/audit', words: 'Audit log' },
] as const;

/** What only an admin sees: a row of pages below one head. */
export function AdminScreen(props: { here: (typeof tabs)[number]['place']; children: ReactNode }) {
  return (
    <article className="admin">
      <div className="page-head">
        <h1>Admin</h1>
      </div>
      <nav className="tabs" aria-label="Admin">
        {tabs.map(({ place, href, words }) => (
          <a key={place} href={href} aria-current={place === props.here ? 'page' : undefined}>
            {words}
          </a>
        ))}
      </nav>
      {props.children}
    </article>
  );
}
