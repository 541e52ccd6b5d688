import type { Action } from '../domain/permissions.ts';

/**
 * Who may call: anyone, whoever bears the cron secret, Meta by what only it and we know, whoever holds a message's single-use
 * link, or a caller whose role allows the action.
 */
export type Access = 'public' | 'cron' | 'signed' | 'link' | Action;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Every page and route of the product. What is not here is not built: a test walks `src/app` and compares. */
export const routeTable: Record<string, Partial<Record<Method, Access>>> = {
  '/': { GET: 'public' },
  '/login': { GET: 'public' },
  '/setup': { GET: 'public' },
  '/forgot': { GET: 'public' },
  '/invite/[token]': { GET: 'public' },
  '/reset/[token]': { GET: 'public' },
  '/enrol': { GET: 'self:change' },
  '/dashboard': { GET: 'accounts:read' },
  '/alerts': { GET: 'alerts:read' },
  '/alerts/digest/[day]': { GET: 'alerts:read' },
  '/alerts/act/[token]': { GET: 'link' },
  '/accounts/[id]': { GET: 'accounts:read' },
  '/analytics': { GET: 'accounts:read' },
  '/admin': { GET: 'connections:change' },
  '/admin/accounts': { GET: 'accounts:change' },
  '/admin/accounts/import': { GET: 'accounts:change' },
  '/admin/vendors': { GET: 'accounts:change' },
  '/admin/channels': { GET: 'channels:change' },
  '/admin/rules': { GET: 'rules:change' },
  '/admin/members': { GET: 'members:change' },
  '/admin/keys': { GET: 'members:change' },
  '/admin/simulation': { GET: 'simulation:control' },
  '/admin/system': { GET: 'connections:change' },
  '/admin/audit': { GET: 'members:change' },
  '/me': { GET: 'alerts:receive' },
  '/styles/[set]': { GET: 'public' },
  '/api/health': { GET: 'public' },
  '/api/openapi.json': { GET: 'public' },
  '/api/board': { GET: 'accounts:read' },
  '/api/accounts/[id]/history': { GET: 'accounts:read' },
  '/api/alerts/count': { GET: 'alerts:read' },
  '/api/live/ticket': { GET: 'accounts:read' },
  '/api/me/device': { PUT: 'alerts:receive' },
  '/api/v1/accounts': { GET: 'accounts:read' },
  '/api/v1/accounts/[id]': { GET: 'accounts:read' },
  '/api/v1/accounts/[id]/metrics': { GET: 'accounts:read' },
  '/api/v1/collecting': { GET: 'accounts:read' },
  '/api/v1/alerts': { GET: 'alerts:read' },
  '/api/v1/export/metrics.csv': { GET: 'metrics:export' },
  '/api/v1/events': { GET: 'accounts:read' },
  '/api/cron/status': { GET: 'cron', POST: 'cron' },
  '/api/cron/metrics': { GET: 'cron', POST: 'cron' },
  '/api/cron/alerts': { GET: 'cron', POST: 'cron' },
  '/api/cron/daily': { GET: 'cron', POST: 'cron' },
  '/api/webhooks/meta': { GET: 'signed', POST: 'signed' },
};

/** The routes that answer anyone, by the name that they call themselves. */
export const publicRoutes = {
  health: '/api/health',
  openapi: '/api/openapi.json',
  styles: '/styles/[set]',
} as const;
export type PublicRoute = keyof typeof publicRoutes;
