/** The forms in which Meta says that something is wrong, each with the class that the Marketing API's table puts it into. */

export type ErrorClass =
  | 'retry'
  /** As `retry`; said of one account again and again it means that the account cannot be seen. */
  | 'retry_then_access'
  | 'shrink'
  | 'unknown'
  | 'throttle_account'
  | 'throttle_insights'
  | 'throttle_app'
  | 'throttle_token'
  | 'token'
  | 'access'
  | 'request'
  /** Of one account it concerns that account alone; of a whole call, the installation. */
  | 'config'
  /** The whole installation's, wherever it is said. */
  | 'config_installation'
  /** As `config`, asked once more. */
  | 'config_once'
  | 'blocked';

export interface ErrorForm {
  name: string;
  class: ErrorClass;
  status: number;
  /** Text of the answer; null = the line is cut. */
  body: string | null;
  /** Throttles: how long the scope is left alone, and of the account which bucket. */
  minutes?: number;
  bucket?: 'ads_insights' | 'ads_management' | 'score' | 'own';
  /** What stands in the place of a whole batch item; only items have this form. */
  item?: null | object;
}

function error(
  code: number | string,
  subcode: number | null,
  klass: ErrorClass,
  more: Partial<ErrorForm> & { message?: string; fields?: object } = {},
): ErrorForm {
  const { message = 'words', fields = {}, ...rest } = more;
  const body = JSON.stringify({
    error: {
      ...{ message: `(#${code}) ${message}`, type: 'OAuthException', code },
      ...(subcode === null ? {} : { error_subcode: subcode }),
      ...{ fbtrace_id: 'AbCdEf', ...fields },
    },
  });
  const name = `${code}${subcode === null ? '' : `/${subcode}`}${more.message === undefined ? '' : ` "${message}"`}`;
  return { name, class: klass, status: 400, body, ...rest };
}

const raw = (name: string, status: number, body: string | null, klass: ErrorClass): ErrorForm => ({
  ...{ name, status, body, class: klass },
});
const html = '<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry</body></html>';

export const errorForms: readonly ErrorForm[] = [
  error(1, null, 'retry', { status: 500 }),
  error(1, null, 'shrink', { status: 500, message: "Please reduce the amount of data you're asking for" }),
  error(1, 99, 'retry'),
  error(100, 99, 'retry'),
  error(2, null, 'retry_then_access', { status: 500 }),
  { ...error(2, null, 'retry_then_access', { status: 503 }), name: '2 as 503' },
  { ...error(2, null, 'retry_then_access'), name: '2 as 400' },
  error(3, null, 'config'),
  error(4, 1504022, 'throttle_insights', { status: 403, minutes: 5 }),
  error(4, 1504039, 'throttle_insights', { minutes: 5 }),
  error(4, null, 'throttle_app', { status: 403, minutes: 5 }),
  error(10, null, 'access', { status: 403 }),
  error(17, 2446079, 'throttle_account', { minutes: 5, bucket: 'score' }),
  error(17, null, 'throttle_token', { minutes: 5 }),
  error(17, 1885172, 'request'),
  error(32, null, 'throttle_token', { minutes: 5 }),
  error(100, 33, 'access'),
  error(100, null, 'request', { message: 'Tried accessing nonexisting field (x) on node type (AdAccount)' }),
  error(100, null, 'access', { message: 'Missing permissions' }),
  error(100, null, 'config_installation', {
    message: 'API calls from the server require an appsecret_proof argument',
  }),
  error(100, null, 'request', { status: 500, message: 'The ids query parameter is deprecated' }),
  error(100, 1487534, 'shrink'),
  error(100, null, 'request'),
  error(102, null, 'token', { status: 401 }),
  error(102, 463, 'token'),
  error(104, null, 'config_once'),
  error(190, null, 'token', { status: 401 }),
  ...[458, 459, 460, 463, 464, 467, 483, 492].map((subcode) => error(190, subcode, 'token')),
  error(200, null, 'access', { status: 403 }),
  error(210, null, 'access'),
  error(299, null, 'access'),
  error(270, null, 'config'),
  error(272, null, 'access'),
  error(273, null, 'config'),
  error(274, null, 'access'),
  error(275, null, 'request'),
  error(278, null, 'token', { status: 403 }),
  error(294, null, 'config'),
  error(341, null, 'throttle_app', { minutes: 5 }),
  error(368, null, 'blocked'),
  error(613, 1487742, 'throttle_account', { minutes: 5, bucket: 'score' }),
  error(613, 1996, 'throttle_app', { minutes: 60 }),
  error(613, null, 'throttle_account', { minutes: 60, bucket: 'score' }),
  error(613, 5044001, 'throttle_account', { minutes: 5, bucket: 'score' }),
  error(803, null, 'access', { status: 404 }),
  error(960, null, 'shrink'),
  error(2500, null, 'request'),
  error(2635, null, 'config_installation'),
  error(3018, null, 'request'),
  error(80000, 2446079, 'throttle_account', { minutes: 10, bucket: 'ads_insights' }),
  error(80003, 2446079, 'throttle_account', { minutes: 10, bucket: 'ads_management' }),
  error(80004, 2446079, 'throttle_account', { minutes: 10, bucket: 'ads_management' }),
  error(80014, 2446079, 'throttle_account', { minutes: 10, bucket: 'ads_management' }),
  ...[80001, 80002, 80005, 80006, 80008, 80009].map((code) =>
    error(code, null, 'throttle_token', { minutes: 5 }),
  ),
  error(1404163, null, 'access', { message: 'You may no longer advertise' }),
  error(3910001, null, 'retry'),
  error(-3, null, 'retry'),
  error(-1, 1357045, 'retry', { status: 500 }),
  error(424242, null, 'unknown'),
  error(424242, 7, 'unknown', { status: 500 }),
  { ...error(424242, null, 'retry', { fields: { is_transient: true } }), name: 'unknown but transient' },
  { ...error(190, 460, 'retry', { fields: { is_transient: true } }), name: '190/460 but transient' },
  {
    ...error('80004', null, 'throttle_account', { minutes: 10, bucket: 'ads_management' }),
    name: 'code as text',
  },
  { ...error(2, null, 'retry_then_access', { status: 200 }), name: '2 as 200' },
  { ...error(10, null, 'access', { status: 200 }), name: '10 as 200' },
  raw('200 with an empty error', 200, '{"error":{}}', 'retry'),
  raw('200 with a null error', 200, '{"data":[],"error":null}', 'retry'),
  raw('HTML 502', 502, html, 'retry'),
  raw('empty 503', 503, '', 'retry'),
  raw('empty 500', 500, '', 'retry'),
  raw('empty 429', 429, '', 'retry'),
  raw('408', 408, '{}', 'retry'),
  raw('truncated JSON', 200, '{"data":[{"account_id":"11', 'retry'),
  raw('truncated error', 500, '{"error":{"message":"(#190) Err', 'retry'),
  raw('HTML 400', 400, html, 'unknown'),
  raw('empty 404', 404, '', 'unknown'),
  raw('empty 200', 200, '', 'retry'),
  raw('a cut line', 0, null, 'retry'),
  { ...raw('null item', 0, null, 'shrink'), item: null },
  { ...raw('{} item', 0, null, 'shrink'), item: {} },
  { ...raw('item without a body', 0, null, 'shrink'), item: { code: 200, headers: {} } },
  { ...raw('item without a code', 0, null, 'shrink'), item: { body: '{"data":[]}' } },
];
