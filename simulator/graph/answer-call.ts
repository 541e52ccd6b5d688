/** Answers one call: version, token, limits, then the node or edge it names. */
import { readAccount } from './account-node.ts';
import { openAccount, refuseThrottledApp, shownPercent, spendCalls } from './access.ts';
import { activitiesOf } from './activities-edge.ts';
import { adsOf, countAds } from './ads-edge.ts';
import type { Answer, Call } from './call.ts';
import { badParameter, errorBody, GraphError, idsRemoved, noSuchObject } from './errors.ts';
import { parseFields, type Field } from './fields.ts';
import { insightsOf } from './insights-edge.ts';
import { accountsOf, businessesOf, findBusiness, listAccounts, type ListEdge } from './list-edges.ts';
import { pageOf, parsePage, type Page } from './paging.ts';
import { reachedBy } from './reach.ts';
import { checkToken, debugToken, renewToken, USER_ID } from './tokens.ts';
import type { Bucket } from './usage.ts';
import { versionHeaders } from './versions.ts';

interface Found {
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

const ACCOUNT_NODE = /^act_\d{1,20}$/;
const LIST_EDGES: Readonly<Record<string, ListEdge>> = {
  owned_ad_accounts: 'owned',
  client_ad_accounts: 'client',
  pending_owned_ad_accounts: 'pending',
  pending_client_ad_accounts: 'pending',
};

/** Answers one call of the API; errors are answers too. */
export function answerCall(call: Call): Answer {
  let headers: Record<string, string> = {};
  try {
    if (call.params.has('ids')) throw idsRemoved();
    headers = versionHeaders(call.version);
    checkToken(call);
    const isInsights = call.path[1] === 'insights';
    refuseThrottledApp(call, isInsights);
    if (call.method !== 'GET') throw badParameter('Unsupported post request.');
    const found = findNode(call);
    return { status: 200, body: found.body, headers: { ...headers, ...found.headers } };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    call.simulation.log.countError(error.fields.code);
    return {
      status: error.fields.status,
      body: errorBody(error),
      headers: { ...headers, ...error.fields.headers },
    };
  }
}

function findNode(call: Call): Found {
  const [node = '', edge, ...rest] = call.path;
  if (rest.length > 0) throw noSuchObject(call.path.join('/'));
  if (ACCOUNT_NODE.test(node)) return readAccountCall(call, node, edge);
  call.simulation.usage.countPlatform(call.nowMs);
  const headers = call.simulation.usage.platformHeaders(call.nowMs, shownPercent(call, 'app'));
  return { body: platformBody(call, node, edge), headers };
}

function platformBody(call: Call, node: string, edge: string | undefined): object {
  const { simulation } = call;
  const fields = (): Field[] => parseFields(call.params.get('fields') ?? '');
  const reached = (): readonly number[] => reachedBy(simulation, call.token, call.nowMs);
  if (node === 'debug_token' && edge === undefined) return debugToken(call);
  if (node === 'oauth' && edge === 'access_token') return renewToken(call);
  if (node === 'oauth' && edge === 'revoke') return { success: true };
  if (node === 'me' || node === USER_ID) {
    if (edge === undefined) return pickNode({ id: USER_ID, name: 'ArbHub System User' }, fields());
    if (edge === 'adaccounts' || edge === 'assigned_ad_accounts') {
      return listAccounts(simulation, reached(), fields(), pageFor(call), call.nowMs);
    }
    if (edge === 'businesses') {
      const nodes = businessesOf(simulation, reached()).map((one) => pickNode({ ...one }, fields()));
      return pageRows(nodes, pageFor(call));
    }
    throw noSuchObject(`${node}/${edge}`);
  }
  const business = findBusiness(simulation, node);
  if (!business) throw noSuchObject(node);
  if (edge === undefined) return pickNode({ ...business }, fields());
  const list = LIST_EDGES[edge];
  if (!list) throw noSuchObject(`${node}/${edge}`);
  const indices = accountsOf(simulation, node, list, reached());
  return listAccounts(simulation, indices, fields(), pageFor(call), call.nowMs);
}

function readAccountCall(call: Call, node: string, edge: string | undefined): Found {
  const { params } = call;
  countCall(call, node, edge === 'insights' ? 'ads_insights' : 'ads_management');
  const account = openAccount(call, node);
  const spend = (...buckets: Bucket[]): Record<string, string> => spendCalls(call, account, buckets);
  switch (edge) {
    case undefined: {
      const fields = parseFields(params.get('fields') ?? '');
      const hasInsights = fields.some((field) => field.name === 'insights');
      if (hasInsights) countCall(call, node, 'ads_insights');
      const headers = hasInsights ? spend('ads_management', 'ads_insights') : spend('ads_management');
      return { headers, body: readAccount(account, fields) };
    }
    case 'insights': {
      const headers = spend('ads_insights');
      return { headers, body: pageRows(insightsOf(account, params).data, pageFor(call)) };
    }
    case 'ads':
      return { headers: spend('ads_management'), body: adsOf(account, params, pageFor(call)) };
    case 'ads_volume': {
      const running = countAds(account, ['ACTIVE', 'PENDING_REVIEW']);
      return {
        headers: spend('ads_management'),
        body: { data: [{ ads_running_or_in_review_count: running }] },
      };
    }
    case 'activities':
      return { headers: spend('ads_management'), body: activitiesOf(account, params, pageFor(call)) };
    default:
      throw noSuchObject(`${node}/${edge}`);
  }
}

/** Counted before it is known whether the call is refused: a client that asks in vain shows here too. */
function countCall({ simulation }: Call, node: string, bucket: Bucket): void {
  const accountId = node.slice('act_'.length);
  if (simulation.fleet.indexOf(accountId) !== undefined) simulation.log.countAccount(accountId, bucket);
}

function pageRows(rows: readonly object[], page: Page): object {
  const listed = pageOf(rows.length, page);
  const data = rows.slice(listed.from, listed.to);
  return { data, ...(listed.paging ? { paging: listed.paging } : {}) };
}

/** The address of this page with the token in it, as Meta writes `paging.next`; the proof is left out. */
function pageFor(call: Call): Page {
  const url = new URL([call.version, ...call.path].join('/'), `${call.origin}/`);
  for (const [name, value] of call.params) {
    if (name !== 'appsecret_proof' && name !== 'after') url.searchParams.set(name, value);
  }
  url.searchParams.set('access_token', call.token);
  return parsePage(call.params, url);
}

function pickNode(node: Record<string, unknown>, fields: readonly Field[]): object {
  const names = fields.map((field) => field.name);
  for (const name of names)
    if (!(name in node)) throw badParameter(`Tried accessing nonexisting field (${name})`);
  const asked = Object.entries(node).filter(
    ([name]) => names.length === 0 || names.includes(name) || name === 'id',
  );
  return Object.fromEntries(asked);
}
